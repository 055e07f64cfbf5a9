"""Defines what the data must look like, without files, databases or screens."""
