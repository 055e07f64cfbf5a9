"""What the data must be: no files, no database, no screen."""
