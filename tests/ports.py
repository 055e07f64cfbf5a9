"""Ports on this machine that nothing listens at, so that a dashboard may run beside the tests."""

import os
import socket
from itertools import count

# Below those that systems give to connections that go out: one of a thousand such connections of
# the tests could have the port before a server that is slow to start takes it.
FIRST, MANY = 15_000, 15_000
_NEXT = count(os.getpid() * 101)  # the processes of a run begin in different places


def free_port() -> int:
    """A port of 127.0.0.1 that is free now; each call of a process gives another one."""
    return next(port for number in _NEXT if _is_free(port := FIRST + number % MANY))


def _is_free(port: int) -> bool:
    with socket.socket() as trial:
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
