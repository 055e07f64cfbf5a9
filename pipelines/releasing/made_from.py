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
from schemas.receipts import Receipt
from schemas.sums import year_end

TRUST, ABOVE, BLOCK = "trust", "above", "block"


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
    part = grid.select("trust_code", part="current_trust_code").unique()
    of_wards = grid.select("ward_id", part="current_trust_code").drop_nulls().unique()
    hashes = _hashes(sources.entries.active)
    lines = [
        _lines(grid.with_columns(part="current_trust_code")),
        _lines(about_returns.join(hashes, on="return_id").join(part, on="trust_code")),
        _lines(queried.join(of_wards, on="ward_id")),
        _lines(rebases.with_columns(part="trust_code")),
    ]
    return _keys(TRUST, sources, pl.concat(lines))


def above_keys(
    sources: Sources, observations: pl.DataFrame, rebases: pl.DataFrame
) -> Keys:
    """The key of each peer group's charts, and of the programme's: what is drawn on them."""
    lines = [_lines(frame.with_columns(part="unit_id")) for frame in (observations, rebases)]
    return _keys(ABOVE, sources, pl.concat(lines))


def block_keys(sources: Sources, grid: pl.DataFrame) -> Keys:
    """The key of what stays hidden in each block of months: every version of each of its returns.

    Every register there was counts too, and each day on which the newest began to mean something
    else.
    """
    entries = sources.entries
    register, gone = entries.register, withdrawn(entries.decisions)
    ends = pl.concat([frame["valid_to"] for frame in (register.trusts, register.wards)])
    took_effect = ends.drop_nulls().unique().sort() + DAY
    registers = [f"{r.version} {r.sha256} {r.received_at}" for r in entries.registers]
    registers += [str(day) for day in took_effect if day <= sources.day]
    month = pl.concat_str(pl.col("return_id").str.split("/").list.get(1), pl.lit("-01"))
    versions = _hashes(entries.receipts).with_columns(
        gone=pl.col("return_id").is_in(list(gone)), month=month.str.to_date("%Y-%m-%d")
    )
    lines = pl.concat(_lines(frame.with_columns(part=block_of(sources))) for frame in (versions, grid))
    return _keys(BLOCK, sources, lines, registers)


def block_of(sources: Sources) -> pl.Expr:
    """The block that a month is in: its year to March once that is over, and else the month itself.

    In a year that is over, every month and the year's total are looked at together, as one can be
    worked out from the others. Until then no total says anything of a month.
    """
    end, month = year_end(pl.col("month")), pl.col("month")
    return pl.when(end <= pl.lit(sources.data_to)).then(end).otherwise(month).cast(pl.String)


def _hashes(receipts: Iterable[Receipt]) -> pl.DataFrame:
    rows = [(r.return_id, r.sha256, str(r.received_at)) for r in receipts]
    names = ("return_id", "sha256", "received_at")
    return pl.DataFrame(rows, dict.fromkeys(names, pl.String), orient="row")


def _lines(rows: pl.DataFrame) -> pl.DataFrame:
    """Each row of a frame as a line of text, with its part."""
    values = [pl.col(name).cast(pl.String).fill_null("-") for name in rows.columns if name != "part"]
    return rows.select("part", line=pl.concat_str(values, separator="|"))


def _keys(
    stage: str, sources: Sources, lines: pl.DataFrame, also: Iterable[str] = ()
) -> Keys:
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
