"""Recipes: TOML in, typed plan out; the shipped ones lie in ``shipped/``."""
