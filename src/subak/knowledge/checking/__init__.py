"""Whether a sentence says no more than its source."""
