"""Builds the tables that the dashboard reads from what is in the archive."""
