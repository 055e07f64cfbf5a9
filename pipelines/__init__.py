"""Handles a return from file to release; the only package that writes."""
