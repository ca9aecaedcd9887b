"""Tests of the measuring gear itself."""
