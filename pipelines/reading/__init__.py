"""Bytes to sheets of text cells that know where they stand."""
