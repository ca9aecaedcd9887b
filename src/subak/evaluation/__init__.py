"""Evaluation: how right extraction is, on documents of which the answers are known."""
