"""Finds and hides totals that would give a small number away.

A table of wards, trusts, months and categories is full of totals. Anyone who knows a total and some
of its parts knows something about the other parts. So each count is treated as the range that a
reader can narrow it down to (`schemas.ranges`), and a total is hidden if it helped to narrow a
count that must stay unknown. Wards are settled first, then trusts, then the programme. At each
level only totals of that level are hidden, so a trust's table is the same whether it is masked
alone or with all the others.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from schemas.ranges import FAR, Flags, Ranges
from schemas.same_counts import AtLeast, Totals
from schemas.sums import (
    CELL,
    LEVELS,
    MONTHS,
    counted_again,
    must_be_sums,
    part_years,
    some_kinds,
    sums_of,
    ways,
)

SMALL = "small number"
SUBTRACTION = "would give away a small number by subtraction"
UNCHECKED = "cannot be checked against its parts"


def settle(
    cells: pl.DataFrame,
    totals: Totals,
    most: float,
    elsewhere: Sequence[tuple[str, str]] = (),
    at_least: Sequence[AtLeast] = (),
    never: Collection[str] = (),
) -> pl.DataFrame:
    """Hide every total that would give something away, or that can't be checked.

    `cells` has one row for each figure, in the order of `row` (0, 1, ...): `level, unit_id,
    trust_code, measure, month, months`, its count `x` (if it `is_value`), the range `lo` to `hi` a
    reader can work out, why it is hidden (`why`, null if shown), and whether it `needs` to keep its
    whole range. `most` is the largest small number; `elsewhere` names the measures that use a count
    of another, `at_least` those whose figures say how many others are at least, and `never` those
    that are not given out at all (`schemas.same_counts`). Adds to `why`.

    A figure that uses a count of another is hidden with what it would reveal. The other is settled
    first, as if that figure were hidden, so that it isn't hidden for the figure's sake.
    """
    figures = cells.select(*CELL, figure="row", of=pl.lit(None, pl.String))
    counts = pl.concat([figures, part_years(cells)])
    some = some_kinds(counts, totals, at_least)
    again = counted_again(cells, elsewhere, at_least, some)
    every = pl.concat([counts, again, some], how="diagonal")
    every = every.with_columns(row=pl.int_range(pl.len()).cast(cells.schema["row"]))
    table = _Table(every, sums_of(every, ways(totals, at_least)))
    table.hide_dominated(most)
    for level in ("trust", "ward"):
        table.hide_zeros(level, most)
    table.say_nothing_of(every["measure"].is_in(list(never)).to_numpy())
    table.allow_years_of_nothing()
    table.hide_unchecked(must_be_sums(every, totals))
    table.settle_all()
    if again.height:
        table.let_count_again(_bounds(every))
        table.settle_all(again=True)
    return cells.with_columns(pl.Series("why", table.reasons(), dtype=pl.String))


def _bounds(every: pl.DataFrame) -> pl.DataFrame:
    """The rows that say how many other counts are at least, with the row of their `rest`."""
    where = ["level", "unit_id", "month", "months"]
    whole = every.filter("is_value").select(*where, rest="measure", whole="row")
    rows = every.filter("bound")
    rows = rows.join(whole, on=[*where, "rest"], how="left", maintain_order="left")
    return rows.filter(pl.col("rest").is_null() | pl.col("whole").is_not_null())


def hidden_together(
    cells: pl.DataFrame, elsewhere: Iterable[tuple[str, str]], never: set[str]
) -> pl.DataFrame:
    """Hide states that say whether a count of another measure is 0, and what can't be checked.

    “Not returned” beside a denominator that was returned says that this was not 0: otherwise the
    state would be “not applicable”.
    """
    where = ["level", "unit_id", "month", "months"]
    have = cells.filter("is_value").select(*where, other="measure")
    pairs = pl.DataFrame(list(elsewhere), {"measure": pl.String, "other": pl.String}, orient="row")
    counted = pairs.join(have, on="other").select(*where, "measure", counted=True).unique()
    cells = cells.join(counted, on=[*where, "measure"], how="left", maintain_order="left")
    silent = (pl.col("state") == "missing") & pl.col("counted").fill_null(False)
    why = (
        pl.when(silent)
        .then(pl.lit(SMALL))
        .when(pl.col("measure").is_in(list(never)))
        .then(pl.coalesce("why", pl.lit(UNCHECKED)))
        .otherwise("why")
    )
    return cells.with_columns(why=why).drop("counted")


def same_at_both_levels(cells: pl.DataFrame) -> pl.DataFrame:
    """Hide or show a figure of a trust with a single ward as that of its ward: it is the same."""
    of_trust = cells.filter(pl.col("level") == "ward").group_by("trust_code")
    single = of_trust.agg(wards=pl.col("unit_id").n_unique()).filter(pl.col("wards") == 1)
    figure = ["trust_code", "measure", "month", "months", "numerator", "denominator"]
    wards = cells.filter("is_value", pl.col("level") == "ward")
    wards = wards.join(single, on="trust_code", how="semi").select(
        *figure, level=pl.lit("trust"), of_ward="why", same=True
    )
    joined = cells.join(
        wards, on=["level", *figure], how="left", nulls_equal=True, maintain_order="left"
    )
    same = pl.col("same").fill_null(False) & pl.col("is_value")
    why = pl.when(same).then("of_ward").otherwise("why")
    return joined.with_columns(why=why).drop("of_ward", "same")


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
        self.left = cells["rest"].is_not_null().to_numpy()  # says what is left of a whole
        self.figure = cells.select(pl.coalesce("figure", "row")).to_series().to_numpy().astype(int)
        self.figures = int((~self.again & cells["figure"].is_not_null().to_numpy()).sum())

    def reasons(self) -> list[str | None]:
        """Why each figure is hidden, be it for what it says of a count of another measure."""
        hidden = self.again & (self.why != None)  # noqa: E711 - an element-wise comparison
        reasons = self.why[: self.figures].copy()
        for figure, reason in zip(self.figure[hidden], self.why[hidden], strict=True):
            reasons[figure] = reasons[figure] or reason
        return list(reasons)

    def let_count_again(self, bounds: pl.DataFrame) -> None:
        """Let the reader know the counts of other measures that the figures shown use.

        Of the rows in `bounds` (`_bounds`), the figure only says that the count is no less. Of
        figures that say so of what is left of the same whole, the first is the one to hide.
        """
        hidden = self.why[self.figure] != None  # noqa: E711 - an element-wise comparison
        self.why[self.again & hidden] = self.why[self.figure][self.again & hidden]
        equal = self.again & (self.why == None)  # noqa: E711 - an element-wise comparison
        shown = bounds.filter(pl.Series(equal[bounds["row"].to_numpy()]))
        equal[bounds["row"].to_numpy()] = False
        self.known.low[equal] = self.known.high[equal] = self.x[equal]
        rest = shown.filter(pl.col("whole").is_not_null())
        rest = rest.unique("whole", keep="first", maintain_order=True)
        part = shown.filter(pl.col("whole").is_null())
        known, x = self.known.narrowed(), self.x
        row, figure = part["row"].to_numpy(), self.figure[part["row"].to_numpy()]
        said = part["exact"].fill_null(np.nan).to_numpy()
        self.known.low[row] = np.minimum(np.where(np.isnan(said), known.low[figure], said), x[row])
        row, whole = rest["row"].to_numpy(), rest["whole"].to_numpy()
        figure = self.figure[row]
        without, most = (np.where(figure == whole, 0, of[figure]) for of in (x, known.high))
        left = np.where(x[row] >= x[whole] - without, known.low[whole] - most, 0)
        self.known.low[row] = np.clip(left, 0, x[row])

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
        few &= ~self.left & ((self.why == None) | self.needs)  # noqa: E711 - element-wise
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

    def say_nothing_of(self, rows: Flags) -> None:
        """Let the reader know nothing of what is never given out: hiding it tells nothing."""
        self.known.low[rows], self.known.high[rows] = 0.0, FAR

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
        """Settle every level, for readers who know more and who know less of what is hidden.

        Where a 0 would be shown, hiding says that it is not 0, unless a total of it is hidden. A
        hidden total may be small by itself, or be hidden for its parts. Who knows that it is small
        knows so much of its parts that nothing shown adds to it; for who doesn't, it may. What is
        safe from one reader is still safe when more is hidden, so one round is enough.
        """
        self._settle_levels(again)
        total = np.zeros(len(self.x), dtype=bool)
        total[self.known.total] = True
        small = self.needs & total
        low, high = self.known.low[small], self.known.high[small]
        self.known.low[small], self.known.high[small], self.needs[small] = 0.0, FAR, False
        self._settle_levels(again, insiders=False)
        self.known.low[small], self.known.high[small], self.needs[small] = low, high, True

    def _settle_levels(self, again: bool, insiders: bool = True) -> None:
        not_zero = self.needs & (self.known.low == 1)
        for least in (1.0, 0.0):
            self.known.low[not_zero] = least
            for level in LEVELS:
                self.settle(level, again, insiders)
        self.known.low[not_zero] = 1.0

    def settle(self, level: str, again: bool, insiders: bool) -> None:
        """Hide totals of this level until no total narrows a count that must stay unknown.

        With `again`, these are first of all the figures that use a count of another measure, and
        with `insiders` what tells someone who knows one trust exactly is hidden too. If
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
            if insiders and level == LEVELS[-1]:
                anyway = self._tells_insiders(lower, base) & (self.why != None)  # noqa: E711
                blamed |= self._above(self._tells_insiders(lower, full) & ~anyway)
            shown = here & (self.why == None)  # noqa: E711 - an element-wise comparison
            choices = (blamed & (self.again == again), blamed)
            if not (blamed & shown).any():
                beside = full.beside_blamed(self.needs, base) & totals
                choices = (full.behind(self.needs, base), beside)
            for choice in choices:
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
