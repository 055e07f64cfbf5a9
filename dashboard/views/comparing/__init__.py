"""Wards beside each other, fairly."""
