"""Everything ever sent or decided, kept for ever."""
