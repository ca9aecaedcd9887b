"""The same job through the old scripts' design and through peers, one file each.

These run in .venv-bench, without subak."""
