"""What builds the tables of a release: one step to a file."""
