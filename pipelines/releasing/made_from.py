"""Says what each part of a release is made from, as one fingerprint for each part.

Everything that can change a part's rows must be in its key, or an old figure would be taken over.
The code is not: rows of a release by another version of it are never taken over.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from hashlib import sha256
from io import BytesIO

import polars as pl

from pipelines.releasing.breakdowns import Over
from pipelines.releasing.last_release import Keys
from pipelines.releasing.sources import Sources
from schemas.receipts import Receipt

SETTINGS, MONTH, TRUST, COMPARISON = "settings", "month", "trust", "comparison"
WINDOW, TABLE, WHOLE = "window", "table", "whole"
COMPARED = WHOLE, "compared"
_VERSION = ["return_id", "trust_code", "month"]


def month_keys(
    sources: Sources,
    grid: pl.DataFrame,
    about_returns: pl.DataFrame,
    queried: pl.DataFrame,
    members: pl.DataFrame,
) -> Keys:
    """The key of everything that a month is counted from, for each trust of today and its wards.

    The frames are those of `observations.observed`.
    """
    of_wards = grid.select("ward_id", part="current_trust_code").drop_nulls().unique()
    sent = about_returns.join(versions_of(sources.entries.active), on=_VERSION)
    frames = [
        grid.with_columns(part="current_trust_code"),
        sent.join(senders(grid), on="trust_code"),
        queried.join(of_wards, on="ward_id"),
        members.join(senders(grid), on="trust_code"),
    ]
    return keys_of(
        MONTH, in_any_month(sources), pl.concat(lines_of(in_months(frame)) for frame in frames)
    )


def trust_keys(sources: Sources, keys: Keys) -> Keys:
    """The key of all that is counted for each trust of today: those of its months (`keys`)."""
    rows = [(apart(part)[0], key) for (stage, part), key in keys.items() if stage == MONTH]
    columns = dict.fromkeys(("part", "line"), pl.String)
    return keys_of(TRUST, _common(sources), pl.DataFrame(rows, columns, orient="row"))


def in_months(frame: pl.DataFrame) -> pl.DataFrame:
    """A frame whose `part` is that of its `month`, such as “Z01 2026-03-01”."""
    return frame.with_columns(part=pl.concat_str("part", "month", separator=" "))


def apart(part: str) -> tuple[str, date]:
    """What a part of `in_months` is of, and its month."""
    whose, _, month = part.rpartition(" ")
    return whose, date.fromisoformat(month)


def settings_key(sources: Sources) -> Keys:
    """The key of what everything is made from: the settings, the measures and the months."""
    return {(SETTINGS, ""): sha256(_common(sources)).hexdigest()}


def compared_key(
    sources: Sources, wards: pl.DataFrame, completeness: pl.DataFrame, keys: Keys
) -> Keys:
    """The key of all comparisons together: wards, classes, and the keys of what was counted."""
    classes = completeness.filter(scope="reporting").select("ward_id", "measure", "state")
    return {COMPARED: whole_key(sources, [wards, classes], of_trusts(keys))}


def of_trusts(keys: Keys, trusts: Collection[str] | None = None) -> list[str]:
    """The keys of trusts, of all or of some, each as a line."""
    return [
        f"{trust} {key}"
        for (stage, trust), key in sorted(keys.items())
        if stage == TRUST and (trusts is None or trust in trusts)
    ]


def window_keys(sources: Sources, over: Over) -> Keys:
    """The key of each window of breakdowns: its returns, and what the programme asks and hides."""
    keys: Keys = {}
    for window, returns in over.items():
        versions = sorted(f"{receipt.return_id} {receipt.sha256}" for receipt in returns)
        lines = (sources.programme.model_dump_json(), str(window), *versions)
        keys[WINDOW, window.part] = sha256("\n".join(lines).encode()).hexdigest()
    return keys


def comparison_keys(sources: Sources, units: pl.DataFrame) -> Keys:
    """The key of each comparison of a measure in a peer group: its `comparisons.comparable`."""
    return keys_of(COMPARISON, _common(sources), lines_of(units.with_columns(part=comparison())))


def comparison() -> pl.Expr:
    """The part that a comparison is: its peer group and measure, which have no spaces."""
    return pl.concat_str("peer_group", "measure", separator=" ")


def compared_in(parts: Iterable[str]) -> pl.DataFrame:
    """The `peer_group` and `measure` of some comparisons."""
    rows = [part.split(" ") for part in sorted(parts)]
    return pl.DataFrame(rows, dict.fromkeys(("peer_group", "measure"), pl.String), orient="row")


def whole_key(sources: Sources, frames: Iterable[pl.DataFrame], also: Iterable[str] = ()) -> str:
    """The key of tables that are made as a whole: of these frames, and of what else is named."""
    made = _common(sources, [*also, *(_digest(frame) for frame in frames)])
    return sha256(made).hexdigest()


def table_keys(tables: Mapping[str, pl.DataFrame]) -> Keys:
    """The key of each table that is made as a whole: what it says, row by row."""
    return {(TABLE, name): _digest(frame) for name, frame in tables.items()}


def senders(grid: pl.DataFrame) -> pl.DataFrame:
    """Each trust (`trust_code`) whose returns have, or had, wards of a trust of today (`part`)."""
    return grid.select("trust_code", part="current_trust_code").unique()


def versions_of(receipts: Iterable[Receipt]) -> pl.DataFrame:
    """Some versions of returns by what their files are, each with its trust and month."""
    rows = [(r.return_id, r.trust_code, r.month, r.sha256, r.received_at) for r in receipts]
    types = dict.fromkeys((*_VERSION, "sha256"), pl.String) | {
        "received_at": pl.Datetime("us", "UTC")
    }
    versions = pl.DataFrame(rows, types, orient="row")
    return versions.with_columns(pl.col("month").str.to_date("%Y-%m"))


def lines_of(rows: pl.DataFrame) -> pl.DataFrame:
    """Each row of a frame as a line of text, with its part."""
    values = [
        pl.col(name).cast(pl.String).fill_null("-") for name in rows.columns if name != "part"
    ]
    return rows.select("part", line=pl.concat_str(values, separator="|"))


def in_any_month(sources: Sources, also: Iterable[str] = ()) -> bytes:
    """What all months are made from, however many there are: the settings and the measures."""
    measures = (measure.model_dump_json() for measure in sources.measures)
    return "\n".join([sources.programme.model_dump_json(), *measures, *also]).encode()


def _common(sources: Sources, also: Iterable[str] = ()) -> bytes:
    return in_any_month(sources, [*(str(month) for month in sources.months), *also])


def keys_of(stage: str, common: bytes, lines: pl.DataFrame) -> Keys:
    """The key of each part (`part`) of a stage: of its lines, and of what all have in `common`."""
    start = sha256(common)
    texts = lines.group_by("part").agg(pl.col("line").sort().str.join("\n"))
    keys: Keys = {}
    for part, text in texts.iter_rows():
        digest = start.copy()
        digest.update(text.encode())
        keys[stage, part] = digest.hexdigest()
    return keys


def _digest(frame: pl.DataFrame) -> str:
    """A fingerprint of a frame's rows in their order."""
    written = BytesIO()
    frame.rechunk().write_ipc(written, compat_level=pl.CompatLevel.oldest())
    return sha256(written.getbuffer()).hexdigest()
