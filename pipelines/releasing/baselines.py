"""Works out the figures of baselines: of a ward, from before it joined, and of nobody else.

They are kept apart from observations, so nothing that adds up, compares or shares figures meets
them: in those months a ward that brings a baseline would often be the whole of a total. Only the
ward's own charts begin with them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipelines.releasing import made_from
from pipelines.releasing.cells import ActiveCells
from pipelines.releasing.counted import Basis, Counted, as_sent
from pipelines.releasing.last_release import NOTHING, Keys, LastRelease
from pipelines.releasing.observations import observed
from pipelines.releasing.sources import Sources
from pipelines.releasing.steps.whole_periods import TOOK_PART
from pipelines.releasing.trusts_and_wards import as_grid
from schemas.periods import Month
from schemas.receipts import Receipt
from schemas.release import Baselines
from schemas.tables.keys import OBSERVATION, SERIES
from schemas.typed import empty, typed
from schemas.wording import period

Row = Mapping[str, Any]
STATE = "baseline"
BASELINES = made_from.WHOLE, "baselines"


@dataclass(frozen=True)
class Brought:
    """What baselines are worked out from.

    `wards` are those of the release, and `queries` every query of every return (`dated`).
    """

    basis: Basis
    cells: ActiveCells
    wards: pl.DataFrame
    queries: pl.DataFrame

    @property
    def sources(self) -> Sources:
        """What is in the archive."""
        return self.basis.sources


def baselines_key(brought: Brought, keys: Keys) -> Keys:
    """The key of all baselines: what they are, their queries, and what their trusts counted."""
    sources, used = brought.sources, brought.sources.entries.baselines_in_use
    trusts = brought.basis.sent_for({receipt.trust_code for receipt in used})
    files = [f"{r.return_id} {r.sha256} {r.received_at} {r.data_status}" for r in used]
    places = ["ward_id", "valid_from", "current_ward_id", "current_trust_code", "peer_group"]
    asked = brought.queries.filter(pl.col("return_id").is_in([r.return_id for r in used]))
    frames = [brought.wards.select(places), asked]
    also = [*files, str(sources.day), *made_from.of_trusts(keys, trusts)]
    return {BASELINES: made_from.whole_key(sources, frames, also)}


def baselines(brought: Brought, today: Counted, held: LastRelease = NOTHING) -> pl.DataFrame:
    """The figures of each ward's baseline (`schemas.release.Baselines`), or what is `held` of them.

    A month in which a ward took part after all is no baseline, by what was counted for `today`. Of
    two baselines with the same month of a ward, the one received last counts.
    """
    if held.path is not None:
        return typed(held.rows("baselines"), Baselines).sort(OBSERVATION)
    entries = brought.sources.entries
    found = [
        _of_one(receipt, brought).with_columns(order=pl.lit(number))
        for number, receipt in enumerate(sorted(entries.baselines_in_use, key=_received))
    ]
    if not found:
        return empty(Baselines)
    newest = pl.concat(found).sort("order").unique(OBSERVATION, keep="last")
    seen = today.of_series(brought.basis, newest)
    took_part = seen.filter(
        (pl.col("wards_expected") > 0) | pl.col("value").is_not_null(), level="ward"
    )
    return typed(newest.join(took_part, on=OBSERVATION, how="anti"), Baselines).sort(OBSERVATION)


def dated(queries: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """The queries of every return, those of baselines in use with the month of their row.

    `cells` are those of the baselines (`ActiveCells.of_baselines`).
    """
    rows = (
        cells.filter(sheet="monthly").select("return_id", "sheet", "row", of_row="month").unique()
    )
    found = queries.join(rows, on=["return_id", "sheet", "row"], how="left", maintain_order="left")
    return found.with_columns(month=pl.coalesce("of_row", "month")).drop("of_row")


def with_baselines(seen: pl.DataFrame, brought: pl.DataFrame) -> pl.DataFrame:
    """The observations of some series as their charts show them: those of wards from the baseline.

    Months between a baseline and the first month of the programme don't apply.
    """
    mine = brought.join(seen.select(SERIES).unique(), on=SERIES, how="semi")
    if mine.is_empty():
        return seen
    columns = seen.columns
    drawn = mine.with_columns(state=pl.lit(STATE), wards=pl.lit(1), wards_expected=pl.lit(0))
    others = seen.join(mine, on=OBSERVATION, how="anti")
    whole = pl.concat([others, drawn.select(columns).cast(dict(seen.schema))])
    return pl.concat([whole, _between(whole, mine)], how="diagonal").sort(OBSERVATION)


def added_up(rows: Sequence[Row]) -> list[Row]:
    """The months that one figure of a ward adds up: a baseline's only if it took part in none.

    Each row says its `state`, as `with_baselines` gives it.
    """
    took_part = any(row["state"] in TOOK_PART for row in rows)
    return [row for row in rows if not took_part or row["state"] != STATE]


def as_baseline(now: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    """The latest rows of series, saying which months are the baseline.

    A series that has nothing but its baseline is not judged: nothing about it is now.
    """
    months = (
        points.filter(state=STATE)
        .group_by("series")
        .agg(
            base_first=pl.col("date").min(),
            base_last=pl.col("date").max(),
            base_reach=pl.col("months").max(),
        )
    )
    if months.is_empty():
        return now
    found = now.join(months, on="series", how="left", maintain_order="left")
    only = (pl.col("date") <= pl.col("base_last")).fill_null(value=False)
    rows = found.select("headline", "base_first", "base_last", "base_reach", only=only)
    headlines = [_headline(*row) for row in rows.iter_rows()]
    judged = ["variation", "assurance", "runs_signal", "stands_out", "cause", "kind"]
    return found.with_columns(
        *(
            pl.when(~only).then(pl.col(name)).alias(name)
            for name in judged
            if name in found.columns
        ),
        headline=pl.Series(headlines, dtype=pl.String),
    ).select(now.columns)


def _headline(said: str, first: object, last: object, reach: int | None, only: bool) -> str:
    if first is None or last is None:
        return said
    ends = (Month.of(last) + ((reach or 1) - 1)).first_day  # type: ignore[arg-type]
    months = period(first, ends)  # type: ignore[arg-type]
    return f"only its baseline so far, {months}" if only else f"{said}; its baseline is {months}"


def _received(receipt: Receipt) -> tuple[object, str]:
    return receipt.received_at, receipt.return_id


def _of_one(receipt: Receipt, brought: Brought) -> pl.DataFrame:
    """The figures of one baseline, worked out as those of any month are."""
    sources = brought.sources
    cells = brought.cells.of_baselines().filter(return_id=receipt.return_id)
    values = as_sent(cells, sources).values
    about = pl.DataFrame({"month": values["month"].unique()}, {"month": pl.Date}).with_columns(
        trust_code=pl.lit(receipt.trust_code),
        return_id=pl.lit(receipt.return_id),
        provisional=pl.lit(_may_change(receipt, sources)),
    )
    measures = [measure for measure in sources.measures if measure.status != "archived"]
    queried = _queried(receipt, brought.queries)
    units = observed(_grid(values, brought.wards), values, measures, about, queried).units
    return units.filter(pl.col("state").is_in(["value", "nil"]), level="ward")


def _may_change(receipt: Receipt, sources: Sources) -> bool:
    windows = sources.programme.baselines_of(receipt.trust_code)
    until = [window.until for window in windows if window.first == receipt.month]
    return receipt.data_status == "provisional" and any(sources.day <= day for day in until)


def _grid(values: pl.DataFrame, wards: pl.DataFrame) -> pl.DataFrame:
    """Every ward with a figure in every month from the baseline's first to its last.

    Nobody expected anything of them, so their figures count in no total.
    """
    months = values.select(
        month=pl.date_ranges(pl.col("month").min(), pl.col("month").max(), interval="1mo")
    )
    now = wards.sort("valid_from").unique("ward_id", keep="first", maintain_order=True)
    places = values.select("ward_id", "trust_code").drop_nulls().unique().sort(pl.all())
    placed = places.join(now.drop("trust_code"), on="ward_id")
    every = placed.join(months.head(1).explode("month"), how="cross")
    return as_grid(every, pl.lit("not_applicable"))


def _queried(receipt: Receipt, queries: pl.DataFrame) -> pl.DataFrame:
    """Each ward, month and field of a baseline with a query that has no explanation."""
    unexplained = queries.filter(
        pl.col("answer").is_null(), return_id=receipt.return_id, severity="query"
    )
    return unexplained.select("ward_id", "month", field="column").drop_nulls().unique()


def _between(whole: pl.DataFrame, mine: pl.DataFrame) -> pl.DataFrame:
    """Rows for the months of a series that nobody has asked anything about."""
    series = whole.join(mine.select(SERIES).unique(), on=SERIES, how="semi")
    spans = series.group_by(*SERIES, "trust_code").agg(
        month=pl.date_range(pl.col("month").min(), pl.col("month").max(), interval="1mo")
    )
    return (
        spans.explode("month")
        .join(series, on=OBSERVATION, how="anti")
        .with_columns(
            state=pl.lit("not_applicable"),
            wards=pl.lit(0, pl.Int64),
            wards_expected=pl.lit(0, pl.Int64),
            provisional=pl.lit(value=False),
            queried=pl.lit(value=False),
        )
    )
