"""Keeps track of which trusts and wards there are, since when, and what they became."""
