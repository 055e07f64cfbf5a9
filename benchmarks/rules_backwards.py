"""What a reader learns who works through the rules for sharing backwards.

    uv run python -m benchmarks.rules_backwards

Masks every table that one trust could have in one month, of one measure, and puts together those
that look the same when they are shared. A hidden count can only be what it is in one of those.
Prints how many hidden counts of 0 to 4 are narrowed by that. Takes a few seconds.
"""

from collections import Counter, defaultdict
from datetime import date
from itertools import product

import polars as pl

from pipelines.measures import load
from schemas.disclosure import MARKER, mask
from schemas.programme import DisclosurePolicy

POLICY = DisclosurePolicy()
MEASURE = "SS-I2"
BED_DAYS = 450.0
Counts = tuple[int, ...]
Look = tuple[str, ...]


def tables(wards: int, most: int) -> tuple[list[Counts], pl.DataFrame]:
    """Every way to have counts up to `most`, and their observations, each in a month of its own."""
    worlds = list(product(range(most + 1), repeat=wards))
    rows = []
    for number, counts in enumerate(worlds):
        month = date(1000 + number // 12, number % 12 + 1, 1)
        units = [("ward", f"Z01-W{place}", count, 1) for place, count in enumerate(counts)]
        for level, unit, count, of in [("trust", "Z01", sum(counts), wards), *units]:
            rows.append((level, unit, "Z01", MEASURE, month, float(count), BED_DAYS * of, "value"))
    names = ["level", "unit_id", "trust_code", "measure", "month", "numerator", "denominator"]
    frame = pl.DataFrame(rows, [*names, "state"], orient="row")
    return worlds, frame.with_columns(value=pl.col("numerator") / pl.col("denominator"))


def looks(worlds: list[Counts], shared: pl.DataFrame) -> dict[Look, list[Counts]]:
    """The tables that look the same when they are shared: the trust first, then its wards."""
    found: dict[Look, list[Counts]] = defaultdict(list)
    months = shared.sort("month", "level", "unit_id").group_by("month", maintain_order=True)
    for counts, look in zip(worlds, months.agg("numerator_shown")["numerator_shown"], strict=True):
        found[tuple(look)].append(counts)
    return found


def ranges(alike: dict[Look, list[Counts]], most: int) -> Counter[tuple[int, int]]:
    """How many hidden counts of 0 to 4 could be from the one to the other, and no more.

    Tables with a count near `most` are left out: larger ones, not made here, could look the same.
    """
    small, found = POLICY.smallest_count - 1, Counter[tuple[int, int]]()
    for look, worlds in alike.items():
        if max(max(counts) for counts in worlds) > most - POLICY.round_to:
            continue
        for place, shown in enumerate(look[1:]):
            values = [counts[place] for counts in worlds]
            if shown == MARKER:
                found[min(values), max(values)] += sum(value <= small for value in values)
    return found


def main() -> None:
    small = POLICY.smallest_count - 1
    measures = [measure for measure in load() if measure.id == MEASURE]
    for wards, most in ((2, 30), (3, 20)):
        worlds, frame = tables(wards, most)
        found = ranges(looks(worlds, mask(frame, measures, POLICY, "public")), most)
        narrowed = {r: n for r, n in found.items() if n and (r[0] > 0 or r[1] < small)}
        one = sum(n for (low, high), n in narrowed.items() if low == high)
        print(
            f"{wards} wards, counts up to {most}: {found.total():,} hidden counts of 0 to {small}; "
            f"narrowed: {sum(narrowed.values()):,}; to one number: {one:,}."
        )
        for (low, high), n in sorted(narrowed.items()):
            print(f"  {low} to {high}: {n:,}")


if __name__ == "__main__":
    main()
