"""Propositions, and articles of which every sentence is proved."""
