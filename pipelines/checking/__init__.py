"""Checks whether a return is right, and lists every finding at once for the sender."""
