"""How well facts, articles and retrieval are: measured on labelled sets."""
