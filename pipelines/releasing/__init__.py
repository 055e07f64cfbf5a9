"""From what is kept to the tables that the dashboard reads."""
