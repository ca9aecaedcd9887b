"""Measures subak against its own figures, the old scripts and its peers."""
