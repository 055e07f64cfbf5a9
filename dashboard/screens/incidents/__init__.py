"""Incidents: what is reported, and where little is reported."""
