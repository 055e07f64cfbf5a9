"""How much a table for sharing shows, and whether a reader can narrow anything that it hides.

    uv run python -m benchmarks.disclosure HOME

HOME is a programme whose release has been built, such as the demo's. Prints, for each level, how
many figures and how many of what they count are shown, what each rule hides, and how many hidden
figures a reader (`tests/promises/reader.py`) can narrow to less than the rule says. Takes some
minutes for the demo.
"""

import sys
import time
from pathlib import Path

import duckdb
import polars as pl

from pipelines.keeping.home import Home, open_home
from pipelines.measures import load
from pipelines.releasing import release_file
from schemas.disclosure import KEY, mask, why_hidden, with_years
from schemas.measures import Measure
from schemas.parts import wholes_of
from schemas.programme import DisclosurePolicy
from schemas.sums import LEVELS
from tests.promises.reader import Reader

HAS_VALUE = pl.col("exact_state").is_in(["value", "nil"])


def tables(home: Home) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The exact figures of the release in use, and the keys that earlier ones hid."""
    path = release_file.current(home.releases)
    with duckdb.connect() as connection:
        connection.execute("ATTACH ? AS release (READ_ONLY)", [str(path)])
        observed = connection.sql("FROM release.observations").pl()
        before = connection.sql("FROM release.suppressed").pl()
    return observed.filter(pl.col("level").is_in(LEVELS)), before


def shown(shared: pl.DataFrame, exact: pl.DataFrame) -> pl.DataFrame:
    """For each level and length, the figures and the counts that are shown, of all there are."""
    true = exact.select(*KEY, count="numerator", exact_state="state")
    is_shown = pl.col("state") == "value"
    return (
        shared.join(true, on=KEY)
        .filter(HAS_VALUE)
        .group_by("level", "months")
        .agg(
            figures=pl.len(),
            shown=is_shown.sum(),
            counts_shown=pl.col("count").filter(is_shown).sum() / pl.col("count").sum(),
        )
        .sort("level", "months")
    )


def price_list(exact: pl.DataFrame, why: pl.DataFrame) -> pl.DataFrame:
    """For each level and length, the figures and the counts that each rule hides (`why_hidden`)."""
    return (
        exact.filter(pl.col("state").is_in(["value", "nil"]))
        .join(why, on=KEY)
        .group_by("level", "months", rule="why")
        .agg(figures=pl.len(), counts=pl.col("numerator").sum().cast(pl.Int64))
        .sort("level", "months", "figures", descending=[False, False, True])
    )


def families(measures: list[Measure]) -> list[list[Measure]]:
    """Measures that have a field in common, or count some of what others count, together."""

    def fields_of(measure: Measure) -> set[str]:
        counted = {*measure.numerator, *measure.denominator}
        wholes = {name for field in counted for whole in wholes_of(field) for name in whole}
        return (counted | wholes) - {"occupied_bed_days", "staff_in_post"}

    found: list[list[Measure]] = []
    for measure in measures:
        near = [f for f in found if any(fields_of(measure) & fields_of(m) for m in f)]
        found = [f for f in found if f not in near] + [[m for f in near for m in f] + [measure]]
    return found


def attack(exact: pl.DataFrame, shared: pl.DataFrame, policy: DisclosurePolicy) -> None:
    targets = narrowed = one = 0
    for family in families(load()):
        names = pl.col("measure").is_in([measure.id for measure in family])
        reader = Reader(exact.filter(names), family, policy)
        aims = reader.read(shared.filter(names))
        found = reader.narrowed(aims)
        targets, narrowed = targets + len(aims), narrowed + len(found)
        one += sum(least == most for least, most in found.values())
    print(f"Hidden as small: {targets:,} figures; narrowed: {narrowed:,}; to one number: {one:,}.")


def main(folder: str) -> None:
    home = open_home(Path(folder))
    policy = home.programme.disclosure
    observed, before = tables(home)
    exact = with_years(observed, load())
    begin = time.perf_counter()
    shared = mask(exact, load(), policy, "public", before)
    print(f"Masked {exact.height:,} figures in {time.perf_counter() - begin:.1f} s.")
    kinds = pl.col("measure").is_in([m.id for m in load() if m.unit == "per_1000_bed_days"])
    for name, rows in (("Counts of incidents and the like", kinds), ("Percentages", ~kinds)):
        print(name)
        for level, months, figures, some, part in shown(shared.filter(rows), exact).iter_rows():
            length = "years" if months == 12 else "months"
            print(f"  {level} {length}: {some:,} of {figures:,} figures, {part:.0%} of the counts")
    print("Hidden by each rule")
    prices = price_list(exact, why_hidden(exact, load(), policy, before))
    for level, months, rule, figures, counts in prices.iter_rows():
        length = "years" if months == 12 else "months"
        print(f"  {level} {length}: {rule}, {figures:,} figures, {counts:,} counted in them")
    attack(exact, shared, policy)


if __name__ == "__main__":
    main(sys.argv[1])
