"""Finds and hides totals that would give a small number away.

A table of wards, trusts, months and categories is full of totals. Anyone who knows a total and some
of its parts knows something about the other parts. So each count is treated as the range that a
reader can narrow it down to (`schemas.ranges`), and a total is hidden if it helped to narrow a
count that must stay unknown. Wards are settled first, then trusts, then the programme. At each
level only totals of that level are hidden, never a sibling, so a trust's table is the same whether
it is masked alone or with all the others.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import polars as pl

from schemas.ranges import FAR, Flags, Ranges
from schemas.same_counts import Totals

SMALL = "small number"
SUBTRACTION = "would give away a small number by subtraction"
UNCHECKED = "cannot be checked against its parts"
LEVELS = ("ward", "trust", "programme")
NEVER = "never shown"
WARDS, TRUSTS, MONTHS, SAME, KINDS = range(5)  # what is added up; ways to add kinds follow
_SOME = " + "  # between the names of some kinds together
_YEAR_END = pl.date(pl.col("month").dt.offset_by("9mo").dt.year(), 3, 1)
_CELL = [
    *("row", "level", "unit_id", "trust_code", "measure", "month", "months"),
    *("is_value", "x", "lo", "hi", "why", "needs"),
]

def settle(
    cells: pl.DataFrame, totals: Totals, most: float, elsewhere: Sequence[tuple[str, str]] = ()
) -> pl.DataFrame:
    """Hide every total that would give something away, or that can't be checked.

    `cells` has one row for each figure, in the order of `row` (0, 1, ...): `level, unit_id,
    trust_code, measure, month, months`, its count `x` (if it `is_value`), the range `lo` to `hi` a
    reader can work out, why it is hidden (`why`, null if shown), and whether it `needs` to keep its
    whole range. `most` is the largest small number; `elsewhere` names the measures that use a count
    of another (`schemas.same_counts`). Adds to `why`.

    A figure that uses a count of another is hidden with what it would reveal. The other is settled
    first, as if that figure were hidden, so that it isn't hidden for the figure's sake.
    """
    again, some = _counted_again(cells, elsewhere), _some_kinds(cells, totals)
    figures = cells.select(*_CELL, figure="row", of=pl.lit(None, pl.String))
    every = pl.concat([figures, again.select(figures.columns), some.select(figures.columns)])
    every = every.with_columns(row=pl.int_range(pl.len()).cast(cells.schema["row"]))
    table = _Table(every, _sums(every, _ways(totals)))
    table.hide_dominated(most)
    for level in ("trust", "ward"):
        table.hide_zeros(level, most)
    table.allow_years_of_nothing()
    table.hide_unchecked(_must_be_sums(every, totals))
    table.settle_all()
    if again.height:
        table.let_count_again()
        table.settle_all(again=True)
    return cells.with_columns(pl.Series("why", table.reasons(), dtype=pl.String))


def _counted_again(cells: pl.DataFrame, elsewhere: Sequence[tuple[str, str]]) -> pl.DataFrame:
    """What figures say of a count of another measure, as rows of their own below `cells`.

    Each has the `row` of its figure in `figure`, and in `measure` both names. If the figure is
    shown, the reader is taken to know the count exactly: few counts give the same percentage.
    """
    where = ["level", "unit_id", "month", "months"]
    found = [cells.clear().with_columns(figure="row", of=pl.lit(None, pl.String))]
    for one, other in elsewhere:
        counts = cells.filter("is_value", pl.col("measure") == other).select(*where, count="x")
        uses = cells.filter(
            pl.col("measure") == one, pl.col("is_value") | (pl.col("state") == "not_applicable")
        ).join(counts, on=where, how="left", maintain_order="left")
        found.append(
            uses.join(_added(uses), on=where, maintain_order="left").with_columns(
                figure="row",
                of=pl.lit(other),
                measure=pl.lit(f"{one} of {other}"),
                x="added",
                lo=pl.lit(0.0),
                hi=pl.lit(FAR),
                is_value=pl.lit(True),
                needs=pl.lit(False),
            )
        )
    return pl.concat([rows.select(*_CELL, "figure", "of") for rows in found])


def _some_kinds(cells: pl.DataFrame, totals: Totals) -> pl.DataFrame:
    """Some of the kinds of each total together, as rows of their own that nobody is shown.

    In a table of wards by kinds of incident, what a total of all wards and one of all kinds say
    together is only seen by way of these.
    """
    where = ["level", "unit_id", "trust_code", "month", "months"]
    found = [cells.clear().with_columns(figure="row", of=pl.lit(None, pl.String))]
    for kinds in {some for parts in totals.values() for some in _subsets(parts)}:
        rows = cells.filter("is_value", pl.col("measure").is_in(kinds))
        added = rows.group_by(where, maintain_order=True).agg(pl.col("x", "row").sum(), pl.len())
        found.append(
            added.filter(pl.col("len") == len(kinds)).with_columns(
                measure=pl.lit(_SOME.join(kinds)),
                figure=pl.lit(None, cells.schema["row"]),
                of=pl.lit(None, pl.String),
                is_value=pl.lit(True),
                lo=pl.lit(0.0),
                hi=pl.lit(FAR),
                why=pl.lit(NEVER),
                needs=pl.lit(False),
            )
        )
    return pl.concat([rows.select(*_CELL, "figure", "of") for rows in found])


def _subsets(parts: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Two or more of the parts, but not all: every choice of up to four, else two or all but one."""
    sizes = range(2, len(parts)) if len(parts) <= 4 else {2, len(parts) - 1}
    return [some for size in sizes for some in combinations(parts, size)]


def _ways(totals: Totals) -> list[tuple[str, ...]]:
    """Every way to write a total, or some of its kinds, as a sum: the sum, and then its parts."""
    ways = [(total, *parts) for total, parts in totals.items()]
    for total, parts in totals.items():
        for some in _subsets(parts):
            others = tuple(part for part in parts if part not in some)
            ways.append((_SOME.join(some), *some))
            ways.append((total, _SOME.join(some), *others))
            if len(others) > 1:
                ways.append((total, _SOME.join(some), _SOME.join(others)))
    return list(dict.fromkeys(ways))


def _added(uses: pl.DataFrame) -> pl.DataFrame:
    """The sums over wards and months of `count`, for every level and year."""
    when = ["month", "months"]
    wards = uses.filter(pl.col("level") == "ward", pl.col("months") == 1)
    added = pl.col("count").sum().alias("added")
    months = pl.concat(
        wards.group_by(level=pl.lit(level), unit_id=unit, *[pl.col(w) for w in when]).agg(added)
        for level, unit in zip(LEVELS, ("unit_id", "trust_code", pl.lit(LEVELS[-1])), strict=True)
    )
    years = months.group_by("level", "unit_id", month=_YEAR_END).agg(pl.col("added").sum())
    return pl.concat([months, years.with_columns(months=pl.lit(12, pl.Int64)).select(months.columns)])


def _sums(cells: pl.DataFrame, kinds: list[tuple[str, ...]]) -> pl.DataFrame:
    """Every sum in the table, as rows of `total`, `part` and the `kind` of sum."""
    have = cells.filter("is_value").select(
        pl.col("row").cast(pl.Int64),
        *["level", "unit_id", "trust_code", "measure", "month", "months", "of", "x"],
        year_end=_YEAR_END,
        year=pl.lit(12, dtype=pl.Int64),
    )
    ward, trust, programme = (have.filter(pl.col("level") == level) for level in LEVELS)
    monthly = have.filter(pl.col("months") == 1)
    again = have.filter(pl.col("of").is_not_null())
    when, unit = ["month", "months"], ["level", "unit_id"]
    ways = [
        (trust, ["unit_id", "measure", *when], ward, ["trust_code", "measure", *when]),
        (programme, ["measure", *when], trust, ["measure", *when]),
        (have, [*unit, "measure", *when], monthly, [*unit, "measure", "year_end", "year"]),
        (again, [*unit, "of", *when, "x"], have, [*unit, "measure", *when, "x"]),
    ]
    for total, *parts in kinds:
        of_parts = have.filter(pl.col("measure").is_in(parts))
        ways.append(
            (have.filter(pl.col("measure") == total), [*unit, *when], of_parts, [*unit, *when])
        )
    return pl.concat(_joined(*way).with_columns(kind=pl.lit(i)) for i, way in enumerate(ways))


def _joined(
    wholes: pl.DataFrame, whole_on: list[str], parts: pl.DataFrame, part_on: list[str]
) -> pl.DataFrame:
    keys = [f"key{i}" for i in range(len(whole_on))]
    left = wholes.select(pl.col("row").alias("total"), *_named(whole_on, keys))
    right = parts.select(pl.col("row").alias("part"), *_named(part_on, keys))
    return left.join(right, on=keys).select("total", "part")


def _named(columns: list[str], names: list[str]) -> list[pl.Expr]:
    return [pl.col(column).alias(name) for column, name in zip(columns, names, strict=True)]


def _must_be_sums(cells: pl.DataFrame, totals: Totals) -> pl.DataFrame:
    """The kinds of sum that each row must be, so that it can be checked."""
    level, year = pl.col("level"), pl.col("months") == 12
    needed = {WARDS: level == "trust", TRUSTS: level == "programme", MONTHS: year}
    needed |= {kind: pl.col("measure") == total for kind, total in enumerate(totals, KINDS)}
    return pl.concat(
        cells.filter("is_value", rows).select(total=pl.col("row").cast(pl.Int64), kind=pl.lit(kind))
        for kind, rows in needed.items()
    )


class _Table:
    """A table while it is settled: what is hidden so far, and what a reader knows."""

    def __init__(self, cells: pl.DataFrame, sums: pl.DataFrame) -> None:
        self.why = np.array(cells["why"].to_list(), dtype=object)
        self.level = np.array(cells["level"].to_list(), dtype=object)
        self.x = cells["x"].fill_null(0.0).to_numpy().astype(float)
        self.needs = cells["needs"].fill_null(False).to_numpy().astype(bool)
        self.sums = sums
        self.known = Ranges.of_columns(cells["lo"], cells["hi"], sums)
        self.level_of_total = self.level[self.known.total]
        self.again = cells["of"].is_not_null().to_numpy()
        self.figure = cells.select(pl.coalesce("figure", "row")).to_series().to_numpy().astype(int)
        self.figures = int((~self.again & cells["figure"].is_not_null().to_numpy()).sum())

    def reasons(self) -> list[str | None]:
        """Why each figure is hidden, be it for what it says of a count of another measure."""
        hidden = self.again & (self.why != None)  # noqa: E711 - an element-wise comparison
        reasons = self.why[: self.figures].copy()
        for figure, reason in zip(self.figure[hidden], self.why[hidden], strict=True):
            reasons[figure] = reasons[figure] or reason
        return list(reasons)

    def let_count_again(self) -> None:
        """Let the reader know the counts of other measures that the figures shown use."""
        hidden = self.why[self.figure] != None  # noqa: E711 - an element-wise comparison
        self.why[self.again & hidden] = self.why[self.figure][self.again & hidden]
        shown = self.again & (self.why == None)  # noqa: E711 - an element-wise comparison
        self.known.low[shown] = self.known.high[shown] = self.x[shown]

    def hide(self, rows: Flags, reason: str) -> None:
        rows = rows & (self.why == None)  # noqa: E711 - an element-wise comparison
        self.why[rows] = reason
        self.known.low[rows], self.known.high[rows] = 0.0, FAR

    def hide_dominated(self, most: float) -> None:
        """Hide programme totals that leave a small number when one trust is subtracted.

        A total below 5 is hidden for the same reason, in the same words: otherwise a trust with 4
        could tell that all the others have none.
        """
        known = self.known
        trusts = (self.level_of_total == "programme") & (self.level[known.part] == "trust")
        largest, trusts_in = np.zeros(len(self.x)), np.zeros(len(self.x))
        np.maximum.at(largest, known.total[trusts], self.x[known.part[trusts]])
        np.add.at(trusts_in, known.total[trusts], 1)
        few = (trusts_in > 1) & (self.x > 0) & (self.x - largest <= most)
        few &= (self.why == None) | self.needs  # noqa: E711 - an element-wise comparison
        least = np.where(self.needs, known.low, 0.0)
        self.why[few], self.needs[few] = SUBTRACTION, True
        known.low[few] = least[few]
        known.high[few] = (largest + most)[few]

    def hide_zeros(self, level: str, most: float) -> None:
        """If a total is hidden as small, hide its zeros too, so that enough parts remain for it."""
        known = self.known
        inside = np.zeros(len(self.x), dtype=bool)
        inside[known.part[self.needs[known.total] & (self.level_of_total == level)]] = True
        zero = inside & (self.x == 0)
        self.hide(zero, SMALL)
        known.high[zero] = np.where(self.needs, known.high, most)[zero]
        self.needs |= zero
        known.low[inside & self.needs & (known.low == 1)] = 0.0

    def allow_years_of_nothing(self) -> None:
        """Let a year be shown as 0, although that shows each of its months was 0: it is policy."""
        nothing = (self.x == 0) & (self.why == None)  # noqa: E711 - an element-wise comparison
        years = self.known.only(self.sums["kind"].to_numpy() == MONTHS)
        self.needs[years.part[nothing[years.total]]] = False

    def hide_unchecked(self, must: pl.DataFrame) -> None:
        """Hide totals that lack parts or are not the sum of their parts, and drop those sums."""
        rows = np.zeros(len(self.x), dtype=bool)
        wrong = np.abs(self.known.added(self.x) - self.x[self.known.total]) > 1e-9
        rows[self.known.total[wrong]] = True
        rows[must.join(self.sums, on=["total", "kind"], how="anti")["total"].to_numpy()] = True
        self.hide(rows, UNCHECKED)
        self.known = self.known.only(~wrong)
        self.level_of_total = self.level[self.known.total]

    def settle_all(self, again: bool = False) -> None:
        """Settle every level, for two readers: those who know that a hidden count isn't 0, or not.

        Where a 0 would be shown, hiding says that it is not 0, unless a total of it is hidden. What
        is safe from one reader is still safe when more is hidden, so one round is enough.
        """
        not_zero = self.needs & (self.known.low == 1)
        for least in (1.0, 0.0):
            self.known.low[not_zero] = least
            for level in LEVELS:
                self.settle(level, again)
        self.known.low[not_zero] = 1.0

    def settle(self, level: str, again: bool = False) -> None:
        """Hide totals of this level until no total narrows a count that must stay unknown.

        With `again`, these are first of all the figures that use a count of another measure. If
        all totals that are to blame are hidden, what is shown beside the count is hidden too.
        """
        here = (self.level == level) & ~self.needs
        totals = np.zeros(len(self.x), dtype=bool)
        totals[self.known.total] = True
        below = np.isin(self.level_of_total.astype(str), LEVELS[: LEVELS.index(level)])
        upto = below | (self.level_of_total == level)
        while True:
            lower, full = self.known.only(below).narrowed(), self.known.only(upto).narrowed()
            base = replace(full, low=lower.low, high=lower.high).narrowed(downwards=False)
            blamed = full.blamed(self.needs, base)
            if level == LEVELS[-1]:
                anyway = self._tells_insiders(lower, base) & (self.why != None)  # noqa: E711
                blamed |= self._above(self._tells_insiders(lower, full) & ~anyway)
            shown = here & (self.why == None)  # noqa: E711 - an element-wise comparison
            beside = full.beside_blamed(self.needs, base) & totals
            for choice in (blamed & (self.again == again), blamed, beside):
                if (choice & shown).any():
                    self.hide(choice & shown, SUBTRACTION)
                    break
            else:
                return

    def _tells_insiders(self, lower: Ranges, seen: Ranges) -> Flags:
        """Programme totals that reveal too much to someone who knows one trust exactly."""
        known = self.known
        trusts = (self.level_of_total == "programme") & (self.level[known.part] == "trust")
        high, low, totals = lower.high.copy(), lower.low.copy(), known.total[trusts]
        high[totals], low[totals] = seen.high[totals], seen.low[totals]
        sums = replace(known.only(trusts), low=low, high=high)
        return sums.tells_insiders(self.x, inside=lower.holding(self.needs))

    def _above(self, rows: Flags) -> Flags:
        """These programme totals, and the totals over categories and months that include them."""
        of_programme = self.level[self.known.part] == "programme"
        return self.known.only(of_programme).holding(rows)
