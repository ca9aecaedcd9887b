"""Questions over a workspace's documents: retrieve, ask once, check by code."""
