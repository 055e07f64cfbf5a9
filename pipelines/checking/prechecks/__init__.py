"""The checks of a whole file that come before its rows."""
