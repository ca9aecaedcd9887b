"""Facts of a schema: proposed, proved in their document, or refused."""
