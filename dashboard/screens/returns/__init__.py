"""Returns: who has sent what, and what the programme team can do about it."""
