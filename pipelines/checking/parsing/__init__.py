"""The readings of a cell that take some work: counts, days and months."""
