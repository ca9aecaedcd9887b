"""Tools for agents over the Model Context Protocol: read-only, cited, never a run."""
