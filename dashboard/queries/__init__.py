"""The SQL that reads a release: one module per subject.

Each function takes a connection that already contains only what its scope may see, and parameters,
and returns a frame. Nothing here depends on the time, a person or a screen.
"""
