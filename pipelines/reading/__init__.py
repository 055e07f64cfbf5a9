"""Reads bytes into sheets of text cells, each with its place."""
