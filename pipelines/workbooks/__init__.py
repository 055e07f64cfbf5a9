"""Writes the workbooks people get: the template to fill in and the problem report."""
