"""The farm of small sites."""
