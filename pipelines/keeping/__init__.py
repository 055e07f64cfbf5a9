"""Stores everything ever sent or decided, for ever."""
