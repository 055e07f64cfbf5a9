"""Returns: who has sent what, and what the programme team does about it."""
