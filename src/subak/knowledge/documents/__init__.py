"""Documents, where they are kept, and how often their pages are asked for."""
