"""Where documents come from: one file a kind, fetched politely and safely."""
