"""Ctrl-C ends a campaign after what it is at, so that its counts up to there are printed."""

import signal
from collections.abc import Iterable, Iterator
from types import FrameType
from typing import TypeVar

Thing = TypeVar("Thing")


def until_interrupted(things: Iterable[Thing]) -> Iterator[Thing]:
    """Each of some things, and no further one once SIGINT came; a second one ends it at once.

    An exception raised wherever the program happens to be would not do: what is being tried may
    turn it into a finding, as it does with whatever a file makes go wrong. Nor is SIGINT left
    ignored, as it is in what a script starts in the background.
    """
    came = False

    def note(number: int, frame: FrameType | None) -> None:
        nonlocal came
        if came:
            raise KeyboardInterrupt
        came = True

    before = signal.signal(signal.SIGINT, note)
    try:
        for thing in things:
            yield thing
            if came:
                return
    finally:
        signal.signal(signal.SIGINT, before)
