"""Tests of subak.answering."""
