"""Finds and hides totals that would give a small number away.

A table of wards, trusts, months and categories is full of totals. Anyone who knows a total and some
of its parts knows something about the other parts. So each count is treated as the range that a
reader can narrow it down to (`schemas.ranges`), and a total is hidden if it helped to narrow a
count that must stay unknown. Wards are settled first, then trusts, then the programme. At each
level only totals of that level are hidden, never a sibling, so a trust's table is the same whether
it is masked alone or with all the others.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import polars as pl

from schemas.measures import Measure
from schemas.ranges import FAR, Flags, Ranges

SMALL = "small number"
SUBTRACTION = "would give away a small number by subtraction"
UNCHECKED = "cannot be checked against its parts"
LEVELS = ("ward", "trust", "programme")
YEAR_OF_MONTHS = 3  # the fourth kind of sum, in `_sums`

Totals = dict[str, tuple[str, ...]]


def totals_over_measures(measures: Iterable[Measure]) -> Totals:
    """Measures that are the sum of other measures, with those measures."""
    measures = list(measures)
    single = {(m.numerator[0], m.denominator): m.id for m in measures if len(m.numerator) == 1}
    found: Totals = {}
    for total in measures:
        parts = tuple(single.get((field, total.denominator), "") for field in total.numerator)
        if len(parts) > 1 and all(parts):
            found[total.id] = parts
    return found


def settle(cells: pl.DataFrame, totals: Totals, most: float) -> pl.DataFrame:
    """Hide every total that would give something away, or that can't be checked.

    `cells` has one row for each figure, in the order of `row` (0, 1, ...): `level, unit_id,
    trust_code, measure, month, months`, its count `x` (if it `is_value`), the range `lo` to `hi` a
    reader can work out, why it is hidden (`why`, null if shown), and whether it `needs` to keep its
    whole range. `most` is the largest small number. Adds to `why`.
    """
    table = _Table(cells, _sums(cells, totals))
    table.hide_dominated(most)
    for level in ("trust", "ward"):
        table.hide_zeros(level, most)
    table.allow_years_of_nothing()
    table.hide_unchecked(_must_be_sums(cells, totals))
    for level in LEVELS:
        table.settle(level)
    return cells.with_columns(pl.Series("why", table.why.tolist(), dtype=pl.String))


def _sums(cells: pl.DataFrame, totals: Totals) -> pl.DataFrame:
    """Every sum in the table, as rows of `total`, `part` and the `kind` of sum."""
    over = {part: total for total, parts in totals.items() for part in parts}
    have = cells.filter("is_value").select(
        pl.col("row").cast(pl.Int64),
        *["level", "unit_id", "trust_code", "measure", "month", "months"],
        over=pl.col("measure").replace_strict(over, default=None, return_dtype=pl.String),
        year_end=pl.date(pl.col("month").dt.offset_by("9mo").dt.year(), 3, 1),
        year=pl.lit(12, dtype=pl.Int64),
    )
    ward, trust, programme = (have.filter(pl.col("level") == level) for level in LEVELS)
    monthly = have.filter(pl.col("months") == 1)
    when, unit = ["month", "months"], ["level", "unit_id"]
    ways = [
        (trust, ["unit_id", "measure", *when], ward, ["trust_code", "measure", *when]),
        (programme, ["measure", *when], trust, ["measure", *when]),
        (have, [*unit, "measure", *when], have, [*unit, "over", *when]),
        (have, [*unit, "measure", *when], monthly, [*unit, "measure", "year_end", "year"]),
    ]
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
    level, total = pl.col("level"), pl.col("measure").is_in(list(totals))
    needed = [level == "trust", level == "programme", total, pl.col("months") == 12]
    return pl.concat(
        cells.filter("is_value", rows).select(total=pl.col("row").cast(pl.Int64), kind=pl.lit(kind))
        for kind, rows in enumerate(needed)
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
        years = self.known.only(self.sums["kind"].to_numpy() == YEAR_OF_MONTHS)
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

    def settle(self, level: str) -> None:
        """Hide totals of this level until no total narrows a count that must stay unknown."""
        here = (self.level == level) & ~self.needs
        below = np.isin(self.level_of_total.astype(str), LEVELS[: LEVELS.index(level)])
        upto = below | (self.level_of_total == level)
        while True:
            lower, full = self.known.only(below).narrowed(), self.known.only(upto).narrowed()
            base = replace(full, low=lower.low, high=lower.high).narrowed(downwards=False)
            blamed = full.blamed(self.needs, base)
            if level == LEVELS[-1]:
                anyway = self._tells_insiders(lower, base) & (self.why != None)  # noqa: E711
                blamed |= self._above(self._tells_insiders(lower, full) & ~anyway)
            blamed &= here & (self.why == None)  # noqa: E711 - an element-wise comparison
            if not blamed.any():
                return
            self.hide(blamed, SUBTRACTION)

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
