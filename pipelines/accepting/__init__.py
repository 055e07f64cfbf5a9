"""Accepts a checked file as a return, or says why it can't."""
