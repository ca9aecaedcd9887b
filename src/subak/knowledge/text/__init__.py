"""Text as units, words, numbers and dates, each with its place."""
