"""The command line: one file a command, imported on use."""
