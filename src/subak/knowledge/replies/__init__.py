"""Replies to a question: which lines answer it, each sentence checked and cited."""
