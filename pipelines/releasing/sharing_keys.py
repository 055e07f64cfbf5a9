"""Says what the parts of what may be shared are made from: blocks of months, and bands.

As in `made_from`; but a part is the same in whatever release has its months. One as at an earlier
day has fewer of them, and takes the others' parts over from one that has them.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import sha256

import polars as pl

from pipelines.keeping.decisions import withdrawn
from pipelines.releasing.earlier_registers import Placement, placed_otherwise
from pipelines.releasing.last_release import Keys
from pipelines.releasing.made_from import (
    MONTH,
    WHOLE,
    apart,
    in_any_month,
    in_months,
    keys_of,
    lines_of,
    senders,
    versions_of,
    whole_key,
)
from pipelines.releasing.sources import Sources
from pipelines.releasing.steps.peer_groups import may_be_compared
from schemas.receipts import VersionReceipt
from schemas.sums import year_end

BAND, BLOCK, PLACED = "band", "block", "placed"
REGISTERS = WHOLE, "registers"


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
    common, placed = in_any_month(sources), _placed(keys)
    counted = pl.DataFrame(
        [(*apart(part), key) for (stage, part), key in keys.items() if stage == MONTH],
        {"trust_code": pl.String, "month": pl.Date, "key": pl.String},
        orient="row",
    )
    trusts = grouped.select("trust_code", part="peer_group").unique()
    sent_for = senders(grid).rename({"trust_code": "sender", "part": "trust_code"})
    versions = versions_of(sources.entries.receipts).rename({"trust_code": "sender"})
    frames = [
        trusts.join(counted, on="trust_code"),
        versions.join(sent_for, on="sender").join(trusts, on="trust_code"),
        placed.join(trusts.select("part").unique(), how="cross"),
    ]
    lines = pl.concat(lines_of(in_months(frame)) for frame in frames)
    of_months = keys_of(BAND, common, lines)
    made = keys_of(BAND, common, lines_of(grouped.with_columns(part="peer_group")))
    found, reach = Keys(), bands_reach(sources)
    for _, group in made:
        each = [of_months.get((BAND, f"{group} {month}"), "") for month in sources.months]
        for number, month in enumerate(sources.months):
            newest = number + 1 == len(each)
            months = each[0 if newest else max(0, number - reach) : number + 1]
            digest = sha256("\n".join([made[BAND, group], str(newest), *months]).encode())
            found[BAND, f"{group} {month}"] = digest.hexdigest()
    return found


def bands_reach(sources: Sources) -> int:
    """How many months before its own a band may count: a year of figures of several months."""
    compared = [measure for measure in sources.measures if may_be_compared(measure)]
    return 10 + max((measure.rolling_months for measure in compared), default=1)


def bands_in(parts: Iterable[str]) -> pl.DataFrame:
    """The `peer_group` and `month` of some bands."""
    columns = {"peer_group": pl.String, "month": pl.Date}
    return pl.DataFrame([apart(part) for part in sorted(parts)], columns, orient="row")


def placed_keys(placements: Sequence[Placement], today: pl.DataFrame) -> Keys:
    """Where each earlier register placed wards, month by month (`in_months`).

    With that go the day until when, and the trusts that it placed otherwise than `today` in any
    month: theirs are the figures that are looked at in all months.
    """
    keys: Keys = {}
    for number, (grid, until) in enumerate(placements):
        differing = placed_otherwise(grid, today)
        trusts = differing["current_trust_code"].drop_nulls().unique().sort()
        lines = pl.concat(
            lines_of(frame.with_columns(part=pl.col("month").cast(pl.String), differs=differs))
            for frame, differs in ((grid, pl.lit("-")), (differing, pl.lit("differs")))
        )
        common = "\n".join([str(until), *trusts]).encode()
        for (_, month), key in keys_of(PLACED, common, lines).items():
            keys[PLACED, f"{number:04} {month}"] = key
    return keys


def registers_key(sources: Sources, grid: pl.DataFrame) -> Keys:
    """The key of `placed_keys` together: every version of the register, and where wards are today.

    A version that is damaged is none of them.
    """
    damaged = [each.words for each in sources.entries.damaged if each.kind == "register"]
    also = [*_every_version(sources.entries.registers), *damaged, str(sources.day)]
    return {REGISTERS: whole_key(sources, [grid], also)}


def block_keys(sources: Sources, grid: pl.DataFrame, keys: Keys, waiting: Sequence[date]) -> Keys:
    """The key of what stays hidden in each block of months: every version of each of its returns.

    `keys` has the `placed_keys`: where earlier registers placed wards counts too, and every list of
    measures there was. So does which months wait for a trust (`held_back.months`).
    """
    gone, measures = withdrawn(sources.entries.decisions), _every_version(sources.entries.measures)
    versions = versions_of(sources.entries.receipts)
    versions = versions.with_columns(gone=pl.col("return_id").is_in(list(gone)))
    held = pl.DataFrame({"month": waiting}, {"month": pl.Date}).with_columns(waiting=True)
    lines = pl.concat(
        lines_of(frame.with_columns(part=block_of(sources)))
        for frame in (versions, grid, _placed(keys), held)
    )
    return keys_of(BLOCK, in_any_month(sources, measures), lines)


def block_of(sources: Sources) -> pl.Expr:
    """The block that a month is in: its year to March once that is over, and else the month itself.

    In a year that is over, every month and the year's total are looked at together, as one can be
    worked out from the others. Until then no total says anything of a month.
    """
    end, month = year_end(pl.col("month")), pl.col("month")
    return pl.when(end <= pl.lit(sources.data_to)).then(end).otherwise(month).cast(pl.String)


def blocks_of(sources: Sources) -> dict[str, str]:
    """The block of each month with figures, such as 2026-03."""
    frame = pl.DataFrame({"month": sources.months}, {"month": pl.Date})
    named = frame.select(pl.col("month").dt.strftime("%Y-%m"), block=block_of(sources))
    return dict(named.iter_rows())


def _placed(keys: Keys) -> pl.DataFrame:
    """The keys of `placed_keys`, each with its month."""
    rows = [(apart(part)[1], key) for (stage, part), key in sorted(keys.items()) if stage == PLACED]
    return pl.DataFrame(rows, {"month": pl.Date, "placed": pl.String}, orient="row")


def _every_version(kept: Iterable[VersionReceipt]) -> list[str]:
    return [f"{r.version} {r.sha256} {r.received_at}" for r in kept]
