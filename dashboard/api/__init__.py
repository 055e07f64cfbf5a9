"""Sending returns by program: the same checks, archive and receipts as the screen."""
