"""Charters and foundations: how far they have spread, and what differed before and after."""
