"""Charters and foundations."""
