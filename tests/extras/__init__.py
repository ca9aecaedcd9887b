"""Tests of subak.extras."""
