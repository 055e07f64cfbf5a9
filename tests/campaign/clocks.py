"""Sets the clock back and forward while returns are sent, and compares the figures.

    uv run python -m tests.campaign.clocks --seed 1 --clocks 50

The same returns, withdrawals and undone withdrawals are kept twice in the same order: by a clock
that only goes forward, and by one that jumps between moments around the hours that summer time
skips and repeats, a 29 February and midnights. Every figure must be the same, and the release in
use must be whole after each build. Prints counts; exits with 1 if a figure differs.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import polars as pl

from pipelines.keeping import decide
from pipelines.keeping.decisions import Decided
from pipelines.keeping.home import Home
from pipelines.releasing import release_file
from pipelines.releasing.build import build
from pipelines.verify_home import verify
from schemas.periods import Month
from tests import worlds
from tests.released import tables_of

_ABOUT_TIME = {
    "release",
    "chain",
    "returns",
    "decisions",
    "completeness",
    "queries",
    "register_versions",
}
_TIMES = {"received_at", "decided_at", "as_at"}
BUILT = datetime(2028, 3, 20, 10, tzinfo=UTC)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


MOMENTS: dict[Month, tuple[datetime, ...]] = {
    # Summer time begins in London: 01:00 is skipped.
    Month(2025, 2): (
        *map(_at, ("2025-03-30T00:59:59", "2025-03-30T01:00", "2025-03-30T23:30")),
        *map(_at, ("2025-03-04T00:00", "2025-04-01T22:59:59")),
    ),
    # It ends: 01:30 comes twice.
    Month(2025, 9): (
        *map(_at, ("2025-10-26T00:30", "2025-10-26T01:30", "2025-10-26T01:00")),
        *map(_at, ("2025-10-01T00:00", "2025-11-10T09:00")),
    ),
    # A leap year.
    Month(2028, 1): (
        *map(_at, ("2028-02-28T23:59:59", "2028-02-29T00:00", "2028-02-29T12:00")),
        *map(_at, ("2028-03-01T00:00", "2028-02-02T00:00")),
    ),
}


@dataclass
class Counts:
    """How many clocks were tried, how often they jumped and were set back, and what differed."""

    clocks: int = 0
    jumps: int = 0
    back: int = 0
    differs: list[str] = field(default_factory=list)


Act = tuple[str, str, Month, int]  # what is done, by which trust, for which month, and its number


def campaign(scratch: Path, seed: int, clocks: int, counts: Counts) -> Counts:
    """Try so many clocks, each with a programme of its own."""
    for number in range(clocks):
        chance = Random(f"{seed} {number}")  # noqa: S311 - chance that repeats is wanted
        acts = list(_acts(chance))
        times = [chance.choice(MOMENTS[month]) for _, _, month, _ in acts]
        straight = [max(MOMENTS[act[2]]) + timedelta(minutes=at) for at, act in enumerate(acts)]
        jumping = _figures(scratch / f"{number}-jumping", acts, times, counts)
        steady = _figures(scratch / f"{number}-steady", acts, straight, counts)
        counts.clocks += 1
        counts.jumps += len(times)
        counts.back += sum(now < before for before, now in pairwise(times))
        counts.differs += [
            f"clock {number}: {name} differs"
            for name in steady
            if not steady[name].equals(jumping[name])
        ]
    return counts


def _acts(chance: Random) -> Iterator[Act]:
    for month in MOMENTS:
        for trust in worlds.WARDS:
            done = ["send", "send", *chance.choices(("send", "withdraw", "undo", "build"), k=2)]
            yield from ((what, trust, month, chance.randrange(60)) for what in done)


def _figures(
    root: Path, acts: list[Act], times: list[datetime], counts: Counts
) -> dict[str, pl.DataFrame]:
    """Every table of the release after some acts at some times, without what is about time."""
    home = worlds.empty_world(root)
    taken: list[str] = []
    for (what, trust, month, number), at in zip(acts, times, strict=True):
        ACTS[what](home, trust, month, (number, at, taken))
        current = release_file.current(home.releases)
        if current is not None and not release_file.is_whole(current):
            counts.differs.append(f"{root.name}: the release in use is gone after {what} at {at}")
    path = build(home, BUILT)
    counts.differs += [f"{root.name}: {said}" for said in verify(home)]
    made = sorted(tables_of(path).items())
    return {name: _without_times(rows) for name, rows in made if name not in _ABOUT_TIME}


def _without_times(rows: pl.DataFrame) -> pl.DataFrame:
    kept = rows.drop(_TIMES & {*rows.columns})
    nested = {n for n, kind in kept.schema.items() if kind.is_nested() or kind == pl.Object}
    return kept.sort([n for n in kept.columns if n not in nested])


About = tuple[int, datetime, list[str]]


def _send(home: Home, trust: str, month: Month, about: About) -> None:
    number, at, _ = about
    wards = worlds.WARDS[trust]
    rows = [worlds.monthly_row(ward, month, occupied_bed_days=400 + number) for ward in wards]
    charters = [worlds.charter_row(ward, month, stage="drafting", agreed_on=None) for ward in wards]
    worlds.send(home, trust, month, at, monthly=rows, charter=charters)


def _withdraw(home: Home, trust: str, month: Month, about: About) -> None:
    _, at, taken = about
    newest = [
        r for r in home.archive.entries().active if (r.trust_code, r.month) == (trust, str(month))
    ]
    if newest:
        taken.append(decide.withdraw(home, newest[0].return_id, _by(at)).id)


def _undo(home: Home, trust: str, month: Month, about: About) -> None:
    _, at, taken = about
    if taken:
        decide.undo(home, taken.pop(), _by(at))


def _build(home: Home, trust: str, month: Month, about: About) -> None:
    build(home, about[1])


ACTS: dict[str, Callable[[Home, str, Month, About], None]] = {
    "send": _send,
    "withdraw": _withdraw,
    "undo": _undo,
    "build": _build,
}


def _by(at: datetime) -> Decided:
    return Decided(worlds.TEAM, at, "So")


def main() -> int:
    """Run a campaign, and print its counts."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--clocks", type=int, default=50)
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args()
    counts = Counts()
    with tempfile.TemporaryDirectory() as folder, suppress(KeyboardInterrupt):
        campaign(Path(folder), options.seed, options.clocks, counts)
    print(
        f"Clocks: {counts.clocks:,} programmes, {counts.jumps:,} jumps, {counts.back:,} of them "
        f"back; {len(counts.differs)} figures differ."
    )
    print(*counts.differs, sep="\n")
    return 1 if counts.differs else 0


if __name__ == "__main__":
    sys.exit(main())
