"""Charts and tables: each takes a frame and returns an Altair spec, rows or HTML."""
