"""The steps that build the tables of a release, one in each file."""
