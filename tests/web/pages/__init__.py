"""Tests of the dashboard's pages, on a workspace that two small runs made."""
