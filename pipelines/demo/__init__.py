"""A fictional programme with a story, whose returns are sent like any others."""
