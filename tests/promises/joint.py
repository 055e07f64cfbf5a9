"""A reader of two tables for sharing that were given out one after the other.

What was sent for a ward and month, and is the same in both, is one unknown count, in whatever trust
the ward stands; so the reader is taken to know exactly which counts were sent again otherwise. The
reader knows both registers, and finds the least and the most that each hidden count of either table
can be.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from tests.promises.reader import Reader
from tests.promises.solving import Form, Found, System, Target, narrowed


def narrowed_together(
    releases: Sequence[tuple[Reader, pl.DataFrame]], moved: Mapping[str, str]
) -> Found:
    """The hidden counts that are narrowed, by the number of their release and their key.

    Each release is a reader of it, and its table. `moved` says in which unit of the last release
    the wards of the others are, where that is another one; several can be in one. What the others
    say of a figure of the last by themselves is left out: nothing that is hidden now can change it.
    """
    true = np.concatenate([reader.true for reader, _ in releases])
    known = np.concatenate([reader.fixed for reader, _ in releases])
    starts = np.cumsum([0, *(len(reader.true) for reader, _ in releases)]).tolist()
    rows: list[tuple[Form, float, float]] = []
    targets: list[Target] = []
    for number, (reader, masked) in enumerate(releases):
        aims = reader.read(masked)
        rows += [(_from(starts[number], form), *ends) for form, *ends in reader.constraints]
        targets += [
            replace(t, key=(number, *t.key), form=_from(starts[number], t.form)) for t in aims
        ]
    none = {
        i + start for (reader, _), start in zip(releases, starts, strict=False) for i in reader.none
    }
    last, from_last = releases[-1][0], starts[len(releases) - 1]
    for (reader, _), start in zip(releases[:-1], starts, strict=False):
        for then, now in _same(reader, last, moved):
            rows.append((_from(start, then) | _from(from_last, now), 0, 0))
            if reader.is_none(then) or last.is_none(now):
                none |= {i + start for i in then} | {i + from_last for i in now}
    targets = [t for t in targets if not {i for i in t.form if not known[i]} <= none]
    found = narrowed(System(true, known, rows), targets)
    before = narrowed(
        System(true, known, [row for row in rows if min(row[0]) < from_last]),
        [t for t in targets if t.key in found and t.key[0] == len(releases) - 1],
    )
    ranges = {t.key: (t.low, t.high) for t in targets}

    def told(some: Found, key: tuple[object, ...]) -> tuple[float, float]:
        low, high = ranges[key]
        least, most = some.get(key, (low, high))
        return max(least, low), min(most, high)

    return {key: ends for key, ends in found.items() if told(found, key) != told(before, key)}


def _from(start: int, form: Form) -> Form:
    return {i + start: times for i, times in form.items()}


def _same(earlier: Reader, last: Reader, moved: Mapping[str, str]) -> list[tuple[Form, Form]]:
    """The counts that are the same in both, as a sum of each that together come to nothing."""
    now: dict[tuple[object, ...], Form] = defaultdict(dict)
    for (unit, month, atom), i in earlier.variables.items():
        now[moved.get(unit, unit), month, atom][i] = 1.0
    found = []
    for place, form in now.items():
        if place in last.variables:
            here = {last.variables[place]: -1.0}
            if earlier.of(form) + last.of(here) == 0:
                found.append((form, here))
    return found
