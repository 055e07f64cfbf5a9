"""Charters and foundations: how far they have spread, and what has been different since."""
