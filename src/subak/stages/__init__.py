"""The stages, one file each: fetch, extract, index, facts, draft, verify, publish."""
