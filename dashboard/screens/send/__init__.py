"""Sending a return, step by step."""
