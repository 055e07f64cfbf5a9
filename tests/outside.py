"""What Python tells before it connects to, or looks up, anything outside this machine.

It uses the standard library alone: a process that is watched runs it before anything else.
"""

import os
import socket
import sys

WRITTEN_TO = "SEEN_OUTSIDE"  # the variable that names the file to write to
# The event, and which of its arguments says where to.
_EVENTS = {
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
    "socket.gethostbyaddr": 0,
    "socket.getnameinfo": 0,
}
_HERE = {None, "", "localhost", "127.0.0.1", "::1", "0.0.0.0", "::", socket.gethostname()}  # noqa: S104


def outside(event: str, arguments: tuple[object, ...]) -> str | None:
    """Where an event would lead outside this machine; None if it doesn't."""
    if event not in _EVENTS:
        return None
    to = arguments[_EVENTS[event]]
    host = to[0] if isinstance(to, tuple) else to
    name = host.decode("latin-1") if isinstance(host, bytes) else host
    if name in _HERE or not isinstance(name, str) or name.startswith(("/", "\0")):
        return None  # a path is a socket of this machine
    return name


def write_down() -> None:
    """Have this process write down, and refuse, whatever would lead outside."""

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if host := outside(event, arguments):
            with open(os.environ[WRITTEN_TO], "a", encoding="utf-8") as seen:
                seen.write(f"{event} {host}\n")
            raise OSError("nothing outside may be reached")

    sys.addaudithook(watch)
