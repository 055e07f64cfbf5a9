"""Every sum in a table of wards, trusts, months and kinds, for `schemas.recovery` to settle.

Besides the figures, there are rows for what figures say of a count of another measure, for some of
the kinds of a total together, and for the months sent of a year in which some are missing.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations

import polars as pl

from schemas.ranges import FAR
from schemas.same_counts import AtLeast, Some, Totals, affected_together
from schemas.tables.keys import OBSERVATION, SERIES

LEVELS = ("ward", "trust", "programme")
WARD, TRUST, PROGRAMME = range(len(LEVELS))
YEAR_ENDS_IN = 3
NEVER = "never shown"
WARDS, TRUSTS, MONTHS, SAME, KINDS = range(5)  # what is added up; ways to add kinds follow
_SOME = " + "  # between the names of some kinds together
CELL = [
    *("row", "level", "unit_id", "trust_code", "measure", "month", "months"),
    *("is_value", "x", "lo", "hi", "why", "needs"),
]
_OF_USES = {
    "lo": pl.lit(0.0),
    "hi": pl.lit(FAR),
    "is_value": pl.lit(True),
    "needs": pl.lit(False),
}


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
    if not elsewhere and not at_least:
        return _nothing(cells).with_columns(bound=True, exact=0.0, rest=pl.lit(""))
    where = ["level", "unit_id", "month", "months"]
    have = [*where, pl.col("measure").alias("other"), pl.col("x").alias("count")]
    counts = pl.concat([cells.filter("is_value").select(have), wholes.select(have)])
    rows = _uses(cells, elsewhere, at_least).join(
        counts, on=[*where, "other"], how="left", maintain_order="left"
    )
    return (
        rows.join(_added(rows), on=["use", *where], maintain_order="left")
        .select(
            *(pl.col(name) for name in CELL if name not in (*_OF_USES, "measure", "x")),
            measure=pl.format("{} of {}", "measure", "other"),
            x="added",
            **_OF_USES,
            figure="row",
            of="other",
            bound="bound",
            exact="exact",
            rest="rest",
        )
        .select(*CELL, "figure", "of", "bound", "exact", "rest")
    )


def _uses(
    cells: pl.DataFrame, elsewhere: Sequence[tuple[str, str]], at_least: Sequence[AtLeast]
) -> pl.DataFrame:
    """The cells that use a count of an `other` measure, once for each `use` of it."""
    is_percent = pl.col("percent") if "percent" in cells.columns else pl.lit(False)
    state = pl.col("state") if elsewhere else pl.lit(None, pl.String)
    uses = [(one, other, None, None, None) for one, other in elsewhere] + [
        (each.measure, _SOME.join(each.of), True, each.role, _SOME.join(each.rest_of) or None)
        for each in at_least
    ]
    columns = dict.fromkeys(("measure", "other", "bound", "role", "rest"), pl.String)
    named = pl.DataFrame(uses, columns | {"bound": pl.Boolean}, orient="row").with_row_index("use")
    role = pl.col("role")
    roles = [pl.when(role == of).then(of) for of in sorted({each.role for each in at_least})]
    exact = pl.when(is_percent | (role == "denominator")).then(pl.coalesce(*roles, pl.lit(None)))
    rows = cells.join(named, on="measure", suffix="_of_use", maintain_order="right_left")
    is_none = pl.col("bound").is_null() & (state == "not_applicable")
    rows = rows.filter(pl.col("is_value") | is_none)
    return rows.select(*CELL, "use", "other", "bound", "rest", exact=exact.cast(pl.Float64))


def some_kinds(
    cells: pl.DataFrame, totals: Totals, at_least: Sequence[AtLeast] = ()
) -> pl.DataFrame:
    """Some of the kinds of each total together, as rows of their own that nobody is shown.

    In a table of wards by kinds of incident, what a total of all wards and one of all kinds say
    together is only seen by way of these. The same goes for the counts of which a figure says how
    many they are together at least.
    """
    where = ["level", "unit_id", "trust_code", "month", "months"]
    every = {some for parts in totals.values() for some in _subsets(parts)} | _wholes(at_least)
    names = [(_SOME.join(kinds), kind, len(kinds)) for kinds in every for kind in kinds]
    columns = {"together": pl.String, "measure": pl.String, "kinds": pl.UInt32}
    named = pl.DataFrame(names, columns, orient="row")
    rows = cells.filter("is_value").select(*where, "measure", "x", "row").join(named, on="measure")
    added = rows.group_by(*where, "together", "kinds").agg(pl.col("x", "row").sum(), pl.len())
    added = added.filter(pl.col("len") == pl.col("kinds"))
    return added.with_columns(measure="together", **_never_shown(cells)).select(
        *CELL, "figure", "of"
    )


def left_over(counts: pl.DataFrame, ways: list[tuple[str, ...]]) -> pl.DataFrame:
    """What is left of a count without another that is some of it, as rows nobody is shown.

    The count is then the sum of that other and what is left, which also adds up over wards and
    months: what is left of one ward is no more than what is left of its trust. `ways` are from
    `ways_to_leave`; `counts` has the rows of `some_kinds` too.
    """
    where = ["level", "unit_id", "month", "months"]
    names = dict.fromkeys(("whole", "measure", "left"), pl.String)
    have = counts.filter("is_value")
    some = pl.DataFrame(ways, names, orient="row").join(have, on="measure")
    some = some.select(*where, "left", measure="whole", some="x")
    rows = have.join(some, on=[*where, "measure"], maintain_order="left")
    rows = rows.with_columns(pl.col("x") - pl.col("some"), measure="left")
    rows = rows.filter(pl.col("x") >= 0).with_columns(**_never_shown(counts))
    return rows.select(*CELL, "figure", "of")


def ways_to_leave(some_of: Iterable[tuple[Some, Some]]) -> list[tuple[str, ...]]:
    """Each whole as the sum of some of it and of what is left without that (as in `ways`)."""
    names = [(_SOME.join(whole), _SOME.join(some)) for whole, some in some_of]
    return [(whole, some, f"{whole} without {some}") for whole, some in names]


def _nothing(cells: pl.DataFrame) -> pl.DataFrame:
    nothing = cells.clear().with_columns(figure="row", of=pl.lit(None, pl.String))
    return nothing.select(*CELL, "figure", "of")


def _wholes(at_least: Sequence[AtLeast]) -> set[Some]:
    """The measures whose counts are needed together, of which no measure is the sum."""
    several = {some for each in at_least for some in (each.of, each.rest_of) if len(some) > 1}
    return several | {groups for groups, _ in affected_together(at_least)}


def part_years(cells: pl.DataFrame) -> pl.DataFrame:
    """The months sent of each year that has none of its own, as rows that nobody is shown.

    A year of a total adds up all who sent; its parts are the years of some wards or trusts and the
    months of the others.
    """
    below = cells.filter("is_value", pl.col("level") != LEVELS[-1])
    whole = below.filter(pl.col("months") == 12).select(*SERIES, month="month")
    months = below.filter(pl.col("months") == 1).with_columns(month=year_end(pl.col("month")))
    added = (
        months.join(whole, on=OBSERVATION, how="anti")
        .group_by(*SERIES, "trust_code", "month", maintain_order=True)
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
    """The sums over wards and months of `count`, for every use, level and year."""
    when = ["use", "month", "months"]
    wards = uses.filter(pl.col("level") == "ward", pl.col("months") == 1)
    added = pl.col("count").sum().alias("added")
    units = {"ward": pl.col("unit_id"), "trust": pl.col("trust_code")}
    units["programme"] = pl.lit("programme")
    months = pl.concat(
        wards.group_by(*when, level=pl.lit(level), unit_id=unit).agg(added)
        for level, unit in units.items()
    )
    end = year_end(pl.col("month"))
    years = months.group_by("use", "level", "unit_id", month=end).agg(pl.col("added").sum())
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
    names = [
        (kind, total, part)
        for kind, (total, *parts) in enumerate(kinds, KINDS)
        for part in dict.fromkeys(parts)
    ]
    columns = {"kind": pl.Int32, "whole": pl.String, "measure": pl.String}
    named = pl.DataFrame(names, columns, orient="row")
    have = cells.filter("is_value").select(*on, "measure", pl.col("row").cast(pl.Int64))
    parts = named.join(have.rename({"row": "part"}), on="measure")
    wholes = have.rename({"row": "total", "measure": "whole"})
    return wholes.join(parts, on=[*on, "whole"]).select("total", "part", "kind")


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
