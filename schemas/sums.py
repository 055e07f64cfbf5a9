"""Every sum in a table of wards, trusts, months and kinds, for `schemas.recovery` to settle.

Besides the figures, there are rows for what figures say of a count of another measure, for some of
the kinds of a total together, and for the months sent of a year in which some are missing.
"""

from collections.abc import Collection, Sequence
from itertools import combinations

import polars as pl

from schemas.ranges import FAR
from schemas.same_counts import AtLeast, Totals

LEVELS = ("ward", "trust", "programme")
YEAR_ENDS_IN = 3
NEVER = "never shown"
WARDS, TRUSTS, MONTHS, SAME, KINDS = range(5)  # what is added up; ways to add kinds follow
_SOME = " + "  # between the names of some kinds together
CELL = [
    *("row", "level", "unit_id", "trust_code", "measure", "month", "months"),
    *("is_value", "x", "lo", "hi", "why", "needs"),
]


def year_end(month: pl.Expr) -> pl.Expr:
    """The last month of the year for sharing that a month is in."""
    return pl.date(month.dt.offset_by(f"{12 - YEAR_ENDS_IN}mo").dt.year(), YEAR_ENDS_IN, 1)


def counted_again(
    cells: pl.DataFrame,
    elsewhere: Sequence[tuple[str, str]],
    at_least: Sequence[AtLeast],
    wholes: pl.DataFrame,
) -> pl.DataFrame:
    """What figures say of a count of another measure, as rows of their own below `cells`.

    Each has the `row` of its figure in `figure`, and in `measure` both names. If the figure is
    shown, the reader is taken to know the count exactly: few counts give the same percentage. Rows
    of `at_least` are a `bound`, and have what the count is no less than: `exact`, or the figure's
    range, or what is left of `rest`. `wholes` are from `some_kinds`.
    """
    where = ["level", "unit_id", "month", "months"]
    is_percent, uses = pl.col("percent") if "percent" in cells.columns else pl.lit(False), []
    for one, other in elsewhere:
        mine = pl.col("measure") == one, pl.col("is_value") | (pl.col("state") == "not_applicable")
        uses.append((cells.filter(*mine), other))
    for bound in at_least:
        mine = pl.col("measure") == bound.measure, pl.col("is_value")
        exact = is_percent | pl.lit(bound.role == "denominator")
        said = cells.filter(*mine).with_columns(
            bound=True,
            exact=pl.when(exact).then(pl.col(bound.role)).cast(pl.Float64),
            rest=pl.lit(_SOME.join(bound.rest_of) or None, pl.String),
        )
        uses.append((said, _SOME.join(bound.of)))
    have = [*where, "measure", pl.col("x").alias("count")]
    counts = pl.concat([cells.filter("is_value").select(have), wholes.select(have)])
    found = [_nothing(cells).with_columns(bound=True, exact=0.0, rest=pl.lit(""))]
    for rows, other in uses:
        here = counts.filter(pl.col("measure") == other).drop("measure")
        rows = rows.join(here, on=where, how="left", maintain_order="left")
        found.append(
            rows.join(_added(rows), on=where, maintain_order="left").with_columns(
                figure="row",
                of=pl.lit(other),
                measure=pl.format("{} of {}", "measure", pl.lit(other)),
                x="added",
                lo=pl.lit(0.0),
                hi=pl.lit(FAR),
                is_value=pl.lit(True),
                needs=pl.lit(False),
            )
        )
    columns = [*CELL, "figure", "of", "bound", "exact", "rest"]
    whole = [rows.select(pl.col(c) for c in columns if c in rows.columns) for rows in found]
    return pl.concat(whole, how="diagonal")


def some_kinds(
    cells: pl.DataFrame, totals: Totals, at_least: Sequence[AtLeast] = ()
) -> pl.DataFrame:
    """Some of the kinds of each total together, as rows of their own that nobody is shown.

    In a table of wards by kinds of incident, what a total of all wards and one of all kinds say
    together is only seen by way of these. The same goes for the counts of which a figure says how
    many they are together at least.
    """
    where = ["level", "unit_id", "trust_code", "month", "months"]
    found = [_nothing(cells)]
    for kinds in {some for parts in totals.values() for some in _subsets(parts)} | _wholes(
        at_least
    ):
        rows = cells.filter("is_value", pl.col("measure").is_in(kinds))
        added = rows.group_by(where, maintain_order=True).agg(pl.col("x", "row").sum(), pl.len())
        found.append(
            added.filter(pl.col("len") == len(kinds)).with_columns(
                measure=pl.lit(_SOME.join(kinds)), **_never_shown(cells)
            )
        )
    return pl.concat([rows.select(*CELL, "figure", "of") for rows in found])


def left_over(
    counts: pl.DataFrame, at_least: Sequence[AtLeast], without: Collection[str]
) -> tuple[pl.DataFrame, list[tuple[str, ...]]]:
    """What is left of a count without the figure that counts some of it, as rows nobody is shown.

    A count is then the sum of that figure and what is left, which also adds up over wards and
    months: what is left of one ward is no more than what is left of its trust. The second result
    has these sums (as in `ways`). `counts` has the rows of `some_kinds` too. Left out are measures
    of which nothing is known, and percentages: they count who did not answer yes, which is no part.
    """
    where = ["level", "unit_id", "month", "months"]
    ways: list[tuple[str, ...]] = []
    found = [counts.clear()]
    for bound in at_least:
        if bound.role != "numerator" or bound.rest_of or bound.measure in without:
            continue
        way = (whole := _SOME.join(bound.of), bound.measure, f"{whole} without {bound.measure}")
        some = counts.filter("is_value", pl.col("measure") == bound.measure)
        rows = counts.filter("is_value", pl.col("measure") == whole)
        rows = rows.join(some.select(*where, some="x"), on=where, maintain_order="left")
        rows = rows.with_columns(pl.col("x") - pl.col("some"), measure=pl.lit(way[-1]))
        found.append(rows.filter(pl.col("x") >= 0).with_columns(**_never_shown(counts)))
        ways.append(way)
    return pl.concat([rows.select(*CELL, "figure", "of") for rows in found]), ways


def _nothing(cells: pl.DataFrame) -> pl.DataFrame:
    nothing = cells.clear().with_columns(figure="row", of=pl.lit(None, pl.String))
    return nothing.select(*CELL, "figure", "of")


def _wholes(at_least: Sequence[AtLeast]) -> set[tuple[str, ...]]:
    """The measures whose counts are needed together, of which no measure is the sum."""
    return {some for each in at_least for some in (each.of, each.rest_of) if len(some) > 1}


def part_years(cells: pl.DataFrame) -> pl.DataFrame:
    """The months sent of each year that has none of its own, as rows that nobody is shown.

    A year of a total adds up all who sent; its parts are the years of some wards or trusts and the
    months of the others.
    """
    year = ["level", "unit_id", "measure"]
    below = cells.filter("is_value", pl.col("level") != LEVELS[-1])
    whole = below.filter(pl.col("months") == 12).select(*year, month="month")
    months = below.filter(pl.col("months") == 1).with_columns(month=year_end(pl.col("month")))
    added = (
        months.join(whole, on=[*year, "month"], how="anti")
        .group_by(*year, "trust_code", "month", maintain_order=True)
        .agg(pl.col("x", "row").sum())
    )
    return added.with_columns(months=pl.lit(12, pl.Int64), **_never_shown(cells)).select(
        *CELL, "figure", "of"
    )


def _never_shown(cells: pl.DataFrame) -> dict[str, pl.Expr]:
    return {
        "figure": pl.lit(None, cells.schema["row"]),
        "of": pl.lit(None, pl.String),
        "is_value": pl.lit(True),
        "lo": pl.lit(0.0),
        "hi": pl.lit(FAR),
        "why": pl.lit(NEVER),
        "needs": pl.lit(False),
    }


def _subsets(parts: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Two or more of the parts, but not all; of more than four, two or all but one."""
    sizes = range(2, len(parts)) if len(parts) <= 4 else {2, len(parts) - 1}
    return [some for size in sizes for some in combinations(parts, size)]


def ways(totals: Totals, at_least: Sequence[AtLeast] = ()) -> list[tuple[str, ...]]:
    """Every way to write a total, or some of its kinds, as a sum: the sum, and then its parts."""
    ways = [(total, *parts) for total, parts in totals.items()]
    for total, parts in totals.items():
        for some in _subsets(parts):
            others = tuple(part for part in parts if part not in some)
            ways.append((_SOME.join(some), *some))
            ways.append((total, _SOME.join(some), *others))
            if len(others) > 1:
                ways.append((total, _SOME.join(some), _SOME.join(others)))
    ways += [(_SOME.join(some), *some) for some in sorted(_wholes(at_least))]
    return list(dict.fromkeys(ways))


def _added(uses: pl.DataFrame) -> pl.DataFrame:
    """The sums over wards and months of `count`, for every level and year."""
    when = ["month", "months"]
    wards = uses.filter(pl.col("level") == "ward", pl.col("months") == 1)
    added = pl.col("count").sum().alias("added")
    units = {"ward": pl.col("unit_id"), "trust": pl.col("trust_code")}
    units["programme"] = pl.lit("programme")
    months = pl.concat(
        wards.group_by(*when, level=pl.lit(level), unit_id=unit).agg(added)
        for level, unit in units.items()
    )
    end = year_end(pl.col("month"))
    years = months.group_by("level", "unit_id", month=end).agg(pl.col("added").sum())
    return pl.concat(
        [months, years.with_columns(months=pl.lit(12, pl.Int64)).select(months.columns)]
    )


def sums_of(cells: pl.DataFrame, kinds: list[tuple[str, ...]]) -> pl.DataFrame:
    """Every sum in the table, as rows of `total`, `part` and the `kind` of sum."""
    have = cells.filter("is_value").select(
        pl.col("row").cast(pl.Int64),
        *["level", "unit_id", "trust_code", "measure", "month", "months", "of", "x"],
        year_end=year_end(pl.col("month")),
        year=pl.lit(12, dtype=pl.Int64),
    )
    ward, trust, programme = (have.filter(pl.col("level") == level) for level in LEVELS)
    monthly = have.filter(pl.col("months") == 1)
    again = have.filter(pl.col("of").is_not_null())
    when, unit = ["month", "months"], ["level", "unit_id"]
    every = [
        (trust, ["unit_id", "measure", *when], ward, ["trust_code", "measure", *when]),
        (programme, ["measure", *when], trust, ["measure", *when]),
        (have, [*unit, "measure", *when], monthly, [*unit, "measure", "year_end", "year"]),
        (again, [*unit, "of", *when, "x"], have, [*unit, "measure", *when, "x"]),
    ]
    found = [_joined(*way).with_columns(kind=pl.lit(i)) for i, way in enumerate(every)]
    return pl.concat([*found, sums_over_measures(cells, kinds)])


def sums_over_measures(cells: pl.DataFrame, kinds: list[tuple[str, ...]]) -> pl.DataFrame:
    """The sums of a unit's own counts in one period, as rows of `total`, `part` and `kind`."""
    on = ["level", "unit_id", "month", "months"]
    found = [pl.DataFrame(schema={"total": pl.Int64, "part": pl.Int64, "kind": pl.Int32})]
    have = cells.filter("is_value").with_columns(pl.col("row").cast(pl.Int64))
    for kind, (total, *parts) in enumerate(kinds, KINDS):
        whole, some = (have.filter(pl.col("measure").is_in(names)) for names in ([total], parts))
        found.append(_joined(whole, on, some, on).with_columns(kind=pl.lit(kind)))
    return pl.concat(found)


def _joined(
    wholes: pl.DataFrame, whole_on: list[str], parts: pl.DataFrame, part_on: list[str]
) -> pl.DataFrame:
    keys = [f"key{i}" for i in range(len(whole_on))]
    left = wholes.select(pl.col("row").alias("total"), *_named(whole_on, keys))
    right = parts.select(pl.col("row").alias("part"), *_named(part_on, keys))
    return left.join(right, on=keys).select("total", "part")


def _named(columns: list[str], names: list[str]) -> list[pl.Expr]:
    return [pl.col(column).alias(name) for column, name in zip(columns, names, strict=True)]


def must_be_sums(cells: pl.DataFrame, totals: Totals) -> pl.DataFrame:
    """The kinds of sum that each row must be, so that it can be checked."""
    level, year = pl.col("level"), pl.col("months") == 12
    needed = {WARDS: level == "trust", TRUSTS: level == "programme", MONTHS: year}
    needed |= {kind: pl.col("measure") == total for kind, total in enumerate(totals, KINDS)}
    return pl.concat(
        cells.filter("is_value", rows).select(total=pl.col("row").cast(pl.Int64), kind=pl.lit(kind))
        for kind, rows in needed.items()
    )
