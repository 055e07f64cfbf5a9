"""Says what each part of a release is made from, as one fingerprint for each part.

Everything that can change a part's rows must be in its key, or an old figure would be taken over.
The code is not: rows of a release by another version of it are never taken over.
"""

from collections.abc import Iterable
from hashlib import sha256

import polars as pl

from pipelines.keeping.decisions import withdrawn
from pipelines.registers.effective import DAY
from pipelines.releasing.last_release import Keys
from pipelines.releasing.sources import Sources
from schemas.periods import Month
from schemas.receipts import Receipt
from schemas.sums import year_end

TRUST, ABOVE, GROUP, BLOCK = "trust", "above", "group", "block"
_VERSION = ["return_id", "trust_code", "month"]


def trust_keys(
    sources: Sources,
    grid: pl.DataFrame,
    about_returns: pl.DataFrame,
    queried: pl.DataFrame,
    rebases: pl.DataFrame,
) -> Keys:
    """The key of everything that is worked out for one trust of today and its wards.

    The frames are those of `observations.observed`, `rebases` has those of the trust (`trust_code`)
    and its wards.
    """
    of_wards = grid.select("ward_id", part="current_trust_code").drop_nulls().unique()
    sent = about_returns.join(_versions(sources.entries.active), on=_VERSION)
    lines = [
        _lines(grid.with_columns(part="current_trust_code")),
        _lines(sent.join(senders(grid), on="trust_code")),
        _lines(queried.join(of_wards, on="ward_id")),
        _lines(rebases.with_columns(part="trust_code")),
    ]
    return _keys(TRUST, sources, pl.concat(lines))


def above_keys(sources: Sources, observations: pl.DataFrame, rebases: pl.DataFrame) -> Keys:
    """The key of each peer group's charts, and of the programme's: what is drawn on them."""
    lines = [_lines(frame.with_columns(part="unit_id")) for frame in (observations, rebases)]
    return _keys(ABOVE, sources, pl.concat(lines))


def group_keys(sources: Sources, grid: pl.DataFrame, grouped: pl.DataFrame, keys: Keys) -> Keys:
    """The key of what compares the wards of each peer group: every version of all their trusts.

    `grouped` is from `peer_groups.groups_of`, `keys` those of the trusts. Every register counts
    too: a group that was once made of other wards stays hidden.
    """
    of_trusts = pl.DataFrame(
        [(trust, key) for (stage, trust), key in keys.items() if stage == TRUST],
        {"trust_code": pl.String, "key": pl.String},
        orient="row",
    )
    trusts = grouped.select("trust_code", part="peer_group").unique()
    sent_for = senders(grid).rename({"trust_code": "sender", "part": "trust_code"})
    versions = _versions(sources.entries.receipts).rename({"trust_code": "sender"})
    lines = [
        _lines(grouped.with_columns(part="peer_group")),
        _lines(trusts.join(of_trusts, on="trust_code")),
        _lines(versions.join(sent_for, on="sender").join(trusts, on="trust_code")),
    ]
    return _keys(GROUP, sources, pl.concat(lines), _registers(sources))


def block_keys(sources: Sources, grid: pl.DataFrame) -> Keys:
    """The key of what stays hidden in each block of months: every version of each of its returns.

    Every register and list of measures there was counts too, and each day on which the newest
    register began to mean something else.
    """
    gone = list(withdrawn(sources.entries.decisions))
    versions = _versions(sources.entries.receipts)
    versions = versions.with_columns(gone=pl.col("return_id").is_in(gone))
    lines = pl.concat(
        _lines(frame.with_columns(part=block_of(sources))) for frame in (versions, grid)
    )
    return _keys(BLOCK, sources, lines, [*_registers(sources), *_measures(sources)])


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


def _registers(sources: Sources) -> list[str]:
    """Every register there was, and each day on which the newest began to mean something else."""
    entries = sources.entries
    kept = [f"{r.version} {r.sha256} {r.received_at}" for r in entries.registers]
    frames = (entries.register.trusts, entries.register.wards)
    ends = pl.concat([frame["valid_to"] for frame in frames]).drop_nulls().unique().sort()
    return [*kept, *(str(day) for day in ends + DAY if day <= sources.day)]


def _measures(sources: Sources) -> list[str]:
    """Every version of the programme's own measures."""
    return [f"{r.version} {r.sha256} {r.received_at}" for r in sources.entries.measures]


def senders(grid: pl.DataFrame) -> pl.DataFrame:
    """Each trust (`trust_code`) whose returns have, or had, wards of a trust of today (`part`)."""
    return grid.select("trust_code", part="current_trust_code").unique()


def _versions(receipts: Iterable[Receipt]) -> pl.DataFrame:
    rows = [
        (r.return_id, r.trust_code, Month.parse(r.month).first_day, r.sha256, str(r.received_at))
        for r in receipts
    ]
    texts = dict.fromkeys((*_VERSION, "sha256", "received_at"), pl.String)
    return pl.DataFrame(rows, texts | {"month": pl.Date}, orient="row")


def _lines(rows: pl.DataFrame) -> pl.DataFrame:
    """Each row of a frame as a line of text, with its part."""
    values = [
        pl.col(name).cast(pl.String).fill_null("-") for name in rows.columns if name != "part"
    ]
    return rows.select("part", line=pl.concat_str(values, separator="|"))


def _keys(stage: str, sources: Sources, lines: pl.DataFrame, also: Iterable[str] = ()) -> Keys:
    common = [
        sources.programme.model_dump_json(),
        *(measure.model_dump_json() for measure in sources.measures),
        *(str(month) for month in sources.months),
        *also,
    ]
    start = sha256("\n".join(common).encode())
    texts = lines.group_by("part").agg(pl.col("line").sort().str.join("\n"))
    keys: Keys = {}
    for part, text in texts.iter_rows():
        digest = start.copy()
        digest.update(text.encode())
        keys[stage, part] = digest.hexdigest()
    return keys
