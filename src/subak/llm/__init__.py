"""Models: prompts in, checked answers out; one file a provider."""
