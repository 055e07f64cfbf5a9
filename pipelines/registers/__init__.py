"""Which trusts and wards there are, since when, and what became of them."""
