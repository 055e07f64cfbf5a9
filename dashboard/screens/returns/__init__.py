"""What became of every return, and what the programme team does about it."""
