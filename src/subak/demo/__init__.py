"""The demo: a small web on this machine, and the main job run on it."""
