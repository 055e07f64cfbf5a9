"""Measures what one piece of work costs: memory at this process's peak, and processor time.

Processor time is also that of the processes it started and waited for, such as the one that opens a
file first. Memory that earlier work has freed is given back before, so that none of it is hidden.
"""

import ctypes
import gc
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

Done = TypeVar("Done")
_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
MEASURES_MEMORY = _RESET.exists()  # only Linux forgets an earlier peak when asked


@dataclass(frozen=True)
class Cost:
    """What a piece of work took; memory is in MB more than before it."""

    name: str
    memory: float
    seconds: float


@dataclass
class Costs:
    """What every piece of work took."""

    all: list[Cost] = field(default_factory=list)

    def lowest(self, name: str, work: Callable[[], Done], most: float) -> Done:
        """Do a piece of work; if it took more memory than `most`, do it again and take the lower.

        A process has one peak: what another thread takes at the same time counts towards it.
        """
        done, cost = _measured(name, work)
        if cost.memory > most:
            done, again = _measured(name, work)
            cost = min(cost, again, key=lambda each: each.memory)
        self.all.append(cost)
        return done

    @property
    def memory(self) -> str:
        """The most memory that any took, and which."""
        most = max(self.all, key=lambda cost: cost.memory)
        return f"{most.memory:.0f} MB ({most.name})"

    @property
    def processor(self) -> str:
        """The most processor time that any took, and which."""
        most = max(self.all, key=lambda cost: cost.seconds)
        return f"{most.seconds:.1f} s ({most.name})"

    def over(self, memory: float, seconds: float) -> list[str]:
        """A line for each that took more than it may."""
        return [
            f"{cost.name} took {cost.memory:.0f} MB and {cost.seconds:.1f} s."
            for cost in self.all
            if cost.memory > memory or cost.seconds > seconds
        ]


def _measured(name: str, work: Callable[[], Done]) -> tuple[Done, Cost]:
    before, began = _begin(), _processor()
    return work(), Cost(name, _peak() - before, _processor() - began)


def _begin() -> float:
    """Forget the peak so far, and say how much memory is in use, in MB."""
    if not MEASURES_MEMORY:
        return 0.0
    gc.collect()
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):  # of the GNU C library
        trim(0)
    _RESET.write_text("5", encoding="ascii")
    return _of("VmRSS")


def _peak() -> float:
    return _of("VmHWM") if MEASURES_MEMORY else 0.0


def _processor() -> float:
    """Seconds of processor, of this process and of those it has waited for."""
    return sum(os.times()[:4])


def _of(name: str) -> float:
    lines = dict(line.split(":", 1) for line in _STATUS.read_text().splitlines())
    return int(lines[name].split()[0]) / 1024
