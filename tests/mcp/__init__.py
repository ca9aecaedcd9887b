"""Tests of subak.mcp."""
