"""Readers of the journal: status, trace, why, costs, report. They never write."""
