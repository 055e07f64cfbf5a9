"""How far charters and standards are."""
