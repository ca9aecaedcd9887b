"""Writers: results to files; one file a format, atomic and deterministic."""
