"""The stand-in model server: how it takes its time, refuses, fails and counts."""
