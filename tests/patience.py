"""How long a test waits for something on this machine that must come: not whether it is quick."""

PATIENCE = 300  # seconds, on a machine with much to do; all that hangs takes as long to fail
