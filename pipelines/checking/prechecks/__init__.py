"""The questions asked of a whole file before any of its rows: each says what is wrong, if so."""
