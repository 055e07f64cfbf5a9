"""How much our tables for sharing show of what an outside judge would show under equal rules.

    uv run python -m benchmarks.disclosure_judge HOME [MEASURE ...]

HOME is a programme whose release has been built, such as the demo's. The judge is the optimal
suppression of Tau-Argus (pytauargus). It is given the same
figures, the same rule for which of them are too small, and a reader who knows the same: that such a
figure is 0 to 4, and what rounding leaves of the others. It is free to hide any other figure, and
hides as few figures as it can or, asked again, as small counts as it can. Then it is asked both
again with every figure of a ward shown or hidden as ours is, as our rules settle wards before the
totals of trusts. Two kinds of table:

- each month: wards, trusts and the programme, with the kinds of incident;
- each trust: its wards, twelve months and their year, with the kinds of incident.

The demo has no year that ends in March, so its last twelve months stand in for one.

Each measure is judged by itself, and the kinds of incident together. What only our rules know of is
left out on both sides: counts that stand in two measures, and earlier releases. Left in on ours:
a trust that subtracts its own figures from a programme total. Then a reader (`tests/promises`)
works out by integer programming what each hidden figure can be, for both. Takes some minutes for
each measure; without names it judges all of them.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from benchmarks.disclosure import tables
from benchmarks.tau_argus import FAR, Table, optimal
from pipelines.keeping.home import open_home
from pipelines.measures import load
from schemas.disclosure import mask, may_be_shared, with_years
from schemas.measures import Measure
from schemas.programme import DisclosurePolicy
from schemas.same_counts import totals_over_measures, unchecked
from schemas.small_numbers import as_cells, nearest, whole_percent
from schemas.sums import sums_of
from tests.promises.reader import Reader

Range = tuple[float, float]
ASKED = (
    "fewest",
    "least",
    "fewest, wards as ours",
    "least, wards as ours",
)  # figures, or counts, hidden
YEAR = [date(2000, month, 1) for month in range(4, 13)] + [date(2001, m, 1) for m in (1, 2, 3)]


@dataclass
class Count:
    """A count and what the rule for single figures says of it, in the words of `as_cells`."""

    x: float
    known: Range
    small: bool
    shown: bool
    price: float
    whole: bool = False


def rules(
    frame: pl.DataFrame,
    measures: list[Measure],
    policy: DisclosurePolicy,
    wards: pl.DataFrame | None = None,
) -> Table:
    """A table for the judge, priced at the counts themselves; each figure's key is its row.

    With the figures of `wards` that are shown, it chooses among those of trusts and the programme.
    """
    settled, stay = set[int](), set[int]()
    if wards is not None:
        settled = set(frame.with_row_index("row").filter(level="ward")["row"])
        stay = set(wards["row"])
    cells = as_cells(frame.with_row_index("row"), measures, policy).filter("is_value")
    counts = {
        row: Count(x, (low, min(high, FAR)), needs, why is None, price or 0.0)
        for row, x, low, high, needs, why, price in cells.select(
            "row", "x", "lo", "hi", "needs", "why", "numerator"
        ).iter_rows()
    }
    kinds = [(total, *parts) for total, parts in totals_over_measures(measures).items()]
    sums = sums_of(cells.with_columns(of=pl.lit(None, pl.String)), kinds)
    lines = [
        (total, parts)
        for total, _, parts in sums.group_by("total", "kind").agg("part").sort("total").iter_rows()
        if abs(sum(counts[part].x for part in parts) - counts[total].x) < 1e-9
    ]
    for total, _ in lines:
        counts[total].whole = True
    _zeros_of_small_totals(counts, lines, policy)
    open_to = _told_by_parts(counts, lines)
    table, at = Table(), dict[int, int]()
    for row, count in counts.items():
        if count.shown:
            if row in settled and row not in stay:
                at[row] = table.hidden(count.x, (0, FAR), (count.x, count.x))
            else:
                may = row not in settled
                at[row] = table.shown(row, count.x, count.price, count.known, may)
        elif count.small:
            # That a total is hidden doesn't say that it is small.
            known = (0.0, FAR) if count.whole else count.known
            at[row] = table.hidden(count.x, known, open_to[row])
        else:
            at[row] = table.hidden(count.x, (0, FAR), (count.x, count.x))
    table.sums += [[(at[total], -1), *((at[part], 1) for part in parts)] for total, parts in lines]
    return table


def _zeros_of_small_totals(
    counts: dict[int, Count], lines: list[tuple[int, list[int]]], policy: DisclosurePolicy
) -> None:
    """If a total is small, its zeros are hidden too, so that hiding doesn't say “not zero”."""
    changed = True
    while changed:
        changed = False
        for total, parts in lines:
            for part in (counts[part] for part in parts if counts[total].small):
                if part.x == 0 and part.shown:
                    part.shown, part.small = False, True
                    part.known, changed = (0.0, policy.smallest_count - 1.0), True
                elif part.small and part.known[0] == 1:
                    part.known, changed = (0.0, part.known[1]), True


def _told_by_parts(
    counts: dict[int, Count], lines: list[tuple[int, list[int]]]
) -> dict[int, Range]:
    """The range that must stay open: a small total is no less than its parts are known to be."""
    found = {row: count.known for row, count in counts.items()}
    for _ in range(4):  # wards, trusts, months, kinds
        for total, parts in lines:
            known = [found[p] if counts[p].shown or counts[p].small else (0.0, FAR) for p in parts]
            low, high = found[total]
            found[total] = (
                max(low, sum(least for least, _ in known)),
                min(high, sum(most for _, most in known)),
            )
    return found


def as_shared(frame: pl.DataFrame, shown: set[int], measures: list[Measure]) -> pl.DataFrame:
    """The judge's table as a reader has it: the figures that it shows, rounded as ours are."""
    percent = pl.col("measure").is_in([m.id for m in measures if m.unit == "percent"])
    policy, n, d = DisclosurePolicy(), pl.col("numerator"), pl.col("denominator")
    there = pl.col("row").is_in(list(shown))
    sent = pl.col("state").is_in(["value", "nil"])
    return frame.with_row_index("row").with_columns(
        numerator=pl.when(there).then(nearest(n, policy)),
        denominator=pl.when(there).then(nearest(d, policy)),
        value=pl.when(there & percent).then(whole_percent(n, d) / 100),
        state=pl.when(there)
        .then(pl.lit("value"))
        .when(sent)
        .then(pl.lit("suppressed"))
        .otherwise("state"),
    )


def last_year(observed: pl.DataFrame, measures: list[Measure]) -> pl.DataFrame:
    """The last twelve months that were sent, as if they ended in March, with their year."""
    sent = observed.filter(pl.col("state") == "value")
    months = sent["month"].unique().sort().tail(12).to_list()
    dates = dict(zip(months, YEAR[: len(months)], strict=True))
    moved = observed.filter(pl.col("month").is_in(months))
    return with_years(moved.with_columns(pl.col("month").replace(dates)), measures)


def problems(exact: pl.DataFrame, year: pl.DataFrame) -> Iterator[tuple[str, list[pl.DataFrame]]]:
    """The tables of each kind."""
    yield "each month", exact.filter(pl.col("months") == 1).partition_by("month")
    yield "each trust", year.filter(pl.col("level") != "programme").partition_by("trust_code")


Tally = dict[tuple[str, str, str], Counter[str]]


def judge(kind: str, frames: list[pl.DataFrame], family: list[Measure], tally: Tally) -> None:
    """Adds what ours and the judge's two answers show to the tally, and what a reader narrows."""
    names = [measure.id for measure in family]
    frames = [f.filter(pl.col("measure").is_in(names)) for f in frames]
    frames = [f for f in frames if f["numerator"].is_not_null().any()]
    policy = DisclosurePolicy()
    ours = [mask(frame, family, policy, "public").with_row_index("row") for frame in frames]
    free = [rules(frame, family, policy) for frame in frames]
    settled = [
        rules(frame, family, policy, shared.filter(level="ward", state="value"))
        for frame, shared in zip(frames, ours, strict=True)
    ]
    answers = [*_shown(free), *_shown(settled)]
    for frame, mine, *theirs in zip(frames, ours, *answers, strict=True):
        if None in theirs:
            tally[kind, "", "failed"]["tables"] += 1
            continue
        shares = [as_shared(frame, rows, family) for rows in theirs if rows is not None]
        for who, shared in zip(("ours", *ASKED), (mine, *shares), strict=True):
            _add(tally, kind, who, frame, shared)
            reader = Reader(frame, family, policy)
            targets = reader.read(shared.drop("row"))
            about = tally[kind, "", who]
            about["hidden as small"] += len(targets)
            about["narrowed"] += len(reader.narrowed(targets)) if targets else 0


def _shown(tables: list[Table]) -> Iterator[list[set[int] | None]]:
    """What the judge shows of each table: as many figures as it can, then as large counts."""
    for asked in ([table.by_figure() for table in tables], tables):
        yield [
            None if hidden is None else set(table.figures.values()) - hidden
            for table, hidden in zip(tables, optimal(asked), strict=True)
        ]


def _add(tally: Tally, kind: str, who: str, frame: pl.DataFrame, shared: pl.DataFrame) -> None:
    rows = shared.filter(pl.col("state") == "value").select("row")
    true = frame.with_row_index("row").join(rows, on="row", how="semi")
    for level, months, figures, counts in (
        true.group_by("level", "months").agg(pl.len(), pl.col("numerator").sum()).iter_rows()
    ):
        name = f"{level} {'years' if months == 12 else 'months'}"
        tally[kind, name, who] += Counter({"figures": figures, "counts": int(counts)})


def alone_or_kinds(measures: Iterable[Measure]) -> list[list[Measure]]:
    """Each measure for sharing by itself, but the kinds of a total with it."""
    shared = [measure for measure in measures if may_be_shared(measure)]
    shared = [measure for measure in shared if measure.id not in unchecked(shared)]
    totals = totals_over_measures(shared)
    inside = {part for parts in totals.values() for part in parts}
    return [
        [other for other in shared if other.id in (measure.id, *totals.get(measure.id, ()))]
        for measure in shared
        if measure.id not in inside
    ]


def main(folder: str, *only: str) -> None:
    observed, _ = tables(open_home(Path(folder)))
    measures = load()
    exact, year = with_years(observed, measures), last_year(observed, measures)
    tally: Tally = defaultdict(Counter)
    for family in alone_or_kinds(measures):
        if not only or family[0].id in only:
            for kind, frames in problems(exact, year):
                judge(kind, frames, family, tally)
            print(".", end="", flush=True)
    print()
    for wards in ("", ", wards as ours"):
        who = f"judge{wards}"
        print(f"\n| table | level | figures: ours | {who} | ratio | counts: ours | {who} | ratio |")
        print("|---|---|---:|---:|---:|---:|---:|---:|")
        for kind in dict.fromkeys(kind for kind, *_ in tally):
            levels = sorted({level for of, level, _ in tally if of == kind and level})
            for level in (*levels, "all"):
                cells = _compared(tally, kind, level, wards)
                print(f"| {kind} | {level} | " + " | ".join(cells) + " |")
    for (kind, _, who), about in tally.items():
        if about["tables"]:
            print(f"{kind}: the judge failed on {about['tables']} tables, left out on both sides.")
        elif about["hidden as small"]:
            of = f"{about['narrowed']:,} of {about['hidden as small']:,}"
            print(f"{kind}, {who}: a reader narrows {of} figures hidden as small.")


def _compared(tally: Tally, kind: str, level: str, wards: str) -> Iterator[str]:
    for name, best in (("figures", f"fewest{wards}"), ("counts", f"least{wards}")):
        ours, judge = (
            sum(
                some[name]
                for (of, at, by), some in tally.items()
                if (of, by) == (kind, who) and at and level in (at, "all")
            )
            for who in ("ours", best)
        )
        yield from (f"{ours:,}", f"{judge:,}", f"{ours / judge:.2f}" if judge else "-")


if __name__ == "__main__":
    main(*sys.argv[1:])
