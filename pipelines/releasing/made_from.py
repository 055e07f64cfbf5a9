"""Says what each part of a release is made from, as one fingerprint for each part.

Everything that can change a part's rows must be in its key, or an old figure would be taken over.
The code is not: rows of a release by another version of it are never taken over.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from hashlib import sha256
from io import BytesIO

import polars as pl

from pipelines.keeping.decisions import withdrawn
from pipelines.releasing.breakdowns import Over
from pipelines.releasing.earlier_registers import Placement
from pipelines.releasing.last_release import Keys
from pipelines.releasing.sources import Sources
from pipelines.releasing.steps.peer_groups import may_be_compared
from schemas.periods import Month
from schemas.receipts import Receipt
from schemas.sums import year_end

SETTINGS, MONTH, TRUST, BAND, BLOCK = "settings", "month", "trust", "band", "block"
COMPARISON, WINDOW, TABLE, WHOLE = "comparison", "window", "table", "whole"
COMPARED, REGISTERS, PLACED = (WHOLE, "compared"), (WHOLE, "registers"), "placed"
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
    sent = about_returns.join(_versions(sources.entries.active), on=_VERSION)
    frames = [
        grid.with_columns(part="current_trust_code"),
        sent.join(senders(grid), on="trust_code"),
        queried.join(of_wards, on="ward_id"),
        members.join(senders(grid), on="trust_code"),
    ]
    return _keys(MONTH, sources, pl.concat(_lines(in_months(frame)) for frame in frames))


def trust_keys(sources: Sources, keys: Keys) -> Keys:
    """The key of all that is counted for each trust of today: those of its months (`keys`)."""
    rows = [(_apart(part)[0], key) for (stage, part), key in keys.items() if stage == MONTH]
    columns = dict.fromkeys(("part", "line"), pl.String)
    return _keys(TRUST, sources, pl.DataFrame(rows, columns, orient="row"))


def in_months(frame: pl.DataFrame) -> pl.DataFrame:
    """A frame whose `part` is that of its `month`, such as “Z01 2026-03-01”."""
    return frame.with_columns(part=pl.concat_str("part", "month", separator=" "))


def _apart(part: str) -> tuple[str, date]:
    """What a part of `in_months` is of, and its month."""
    whose, _, month = part.rpartition(" ")
    return whose, date.fromisoformat(month)


def settings_key(sources: Sources) -> Keys:
    """The key of what everything is made from: the settings, the measures and the months."""
    return {(SETTINGS, ""): sha256(_common(sources)).hexdigest()}


def band_keys(
    sources: Sources,
    grid: pl.DataFrame,
    grouped: pl.DataFrame,
    keys: Keys,
) -> Keys:
    """The key of each band of a peer group (`in_months`): every version of all its wards' trusts.

    That is of the months it is made of (`bands_reach`); how regularly wards report, which the
    newest looks at too, is of all. `grouped` is from `peer_groups.groups_of`, `keys` has those of
    months and `placed_keys`. Where earlier registers placed wards counts too: a group that was once
    made of other wards stays hidden.
    """
    counted = pl.DataFrame(
        [(*_apart(part), key) for (stage, part), key in keys.items() if stage == MONTH],
        {"trust_code": pl.String, "month": pl.Date, "key": pl.String},
        orient="row",
    )
    trusts = grouped.select("trust_code", part="peer_group").unique()
    sent_for = senders(grid).rename({"trust_code": "sender", "part": "trust_code"})
    versions = _versions(sources.entries.receipts).rename({"trust_code": "sender"})
    frames = [
        trusts.join(counted, on="trust_code"),
        versions.join(sent_for, on="sender").join(trusts, on="trust_code"),
    ]
    of_months = _keys(BAND, sources, pl.concat(_lines(in_months(frame)) for frame in frames))
    made = _keys(BAND, sources, _lines(grouped.with_columns(part="peer_group")), _placed(keys))
    found: Keys = {}
    for _, group in made:
        each = [of_months.get((BAND, f"{group} {month}"), "") for month in sources.months]
        for number, month in enumerate(sources.months):
            newest = number + 1 == len(each)
            months = each[0 if newest else max(0, number - bands_reach(sources)) : number + 1]
            digest = sha256("\n".join([made[BAND, group], *months]).encode())
            found[BAND, f"{group} {month}"] = digest.hexdigest()
    return found


def bands_reach(sources: Sources) -> int:
    """How many months before its own a band may count: a year of figures of several months."""
    compared = [measure for measure in sources.measures if may_be_compared(measure)]
    return 10 + max((measure.rolling_months for measure in compared), default=1)


def bands_in(parts: Iterable[str]) -> pl.DataFrame:
    """The `peer_group` and `month` of some bands."""
    columns = {"peer_group": pl.String, "month": pl.Date}
    return pl.DataFrame([_apart(part) for part in sorted(parts)], columns, orient="row")


def placed_keys(placements: Iterable[Placement]) -> Keys:
    """Where earlier registers placed wards, and until when."""
    return {
        (PLACED, f"{number:04}"): f"{until} {_digest(grid)}"
        for number, (grid, until) in enumerate(placements)
    }


def registers_key(sources: Sources, grid: pl.DataFrame) -> Keys:
    """The key of `placed_keys` together: every version of the register, and where wards are today.

    A version that is damaged is none of them.
    """
    versions = [f"{r.version} {r.sha256} {r.received_at}" for r in sources.entries.registers]
    damaged = [each.words for each in sources.entries.damaged if each.kind == "register"]
    also = [*versions, *damaged, str(sources.day)]
    return {REGISTERS: whole_key(sources, [grid], also)}


def block_keys(sources: Sources, grid: pl.DataFrame, keys: Keys) -> Keys:
    """The key of what stays hidden in each block of months: every version of each of its returns.

    `keys` has the `placed_keys`: where earlier registers placed wards counts too, and every list of
    measures there was.
    """
    gone = list(withdrawn(sources.entries.decisions))
    versions = _versions(sources.entries.receipts)
    versions = versions.with_columns(gone=pl.col("return_id").is_in(gone))
    lines = pl.concat(
        _lines(frame.with_columns(part=block_of(sources))) for frame in (versions, grid)
    )
    return _keys(BLOCK, sources, lines, [*_placed(keys), *_measures(sources)])


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
    return _keys(COMPARISON, sources, _lines(units.with_columns(part=comparison())))


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


def in_use(sources: Sources) -> pl.DataFrame:
    """Every return of a month that is in use, by what its file is."""
    return _versions(sources.entries.active)


def table_keys(tables: Mapping[str, pl.DataFrame]) -> Keys:
    """The key of each table that is made as a whole: what it says, row by row."""
    return {(TABLE, name): _digest(frame) for name, frame in tables.items()}


def block_of(sources: Sources) -> pl.Expr:
    """The block that a month is in: its year to March once that is over, and else the month itself.

    In a year that is over, every month and the year's total are looked at together, as one can be
    worked out from the others. Until then no total says anything of a month.
    """
    end, month = year_end(pl.col("month")), pl.col("month")
    return pl.when(end <= pl.lit(sources.data_to)).then(end).otherwise(month).cast(pl.String)


def months_in(sources: Sources, blocks: set[str]) -> set[str]:
    """The months of all versions of returns that are in these blocks, such as 2026-03."""
    months = {receipt.month for receipt in sources.entries.receipts}
    days = [Month.parse(month).first_day for month in months]
    frame = pl.DataFrame({"month": days}, {"month": pl.Date})
    found = frame.filter(block_of(sources).is_in(list(blocks)))
    return set(found["month"].dt.strftime("%Y-%m"))


def _placed(keys: Keys) -> list[str]:
    return [key for (stage, _), key in sorted(keys.items()) if stage == PLACED]


def _measures(sources: Sources) -> list[str]:
    """Every version of the programme's own measures."""
    return [f"{r.version} {r.sha256} {r.received_at}" for r in sources.entries.measures]


def senders(grid: pl.DataFrame) -> pl.DataFrame:
    """Each trust (`trust_code`) whose returns have, or had, wards of a trust of today (`part`)."""
    return grid.select("trust_code", part="current_trust_code").unique()


def _versions(receipts: Iterable[Receipt]) -> pl.DataFrame:
    rows = [(r.return_id, r.trust_code, r.month, r.sha256, r.received_at) for r in receipts]
    types = dict.fromkeys((*_VERSION, "sha256"), pl.String) | {
        "received_at": pl.Datetime("us", "UTC")
    }
    versions = pl.DataFrame(rows, types, orient="row")
    return versions.with_columns(pl.col("month").str.to_date("%Y-%m"))


def _lines(rows: pl.DataFrame) -> pl.DataFrame:
    """Each row of a frame as a line of text, with its part."""
    values = [
        pl.col(name).cast(pl.String).fill_null("-") for name in rows.columns if name != "part"
    ]
    return rows.select("part", line=pl.concat_str(values, separator="|"))


def _common(sources: Sources, also: Iterable[str] = ()) -> bytes:
    lines = [
        sources.programme.model_dump_json(),
        *(measure.model_dump_json() for measure in sources.measures),
        *(str(month) for month in sources.months),
        *also,
    ]
    return "\n".join(lines).encode()


def _keys(stage: str, sources: Sources, lines: pl.DataFrame, also: Iterable[str] = ()) -> Keys:
    start = sha256(_common(sources, also))
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
