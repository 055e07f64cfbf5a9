"""Puts every trust that could take part into one table, with how far each has come. Pure.

Those are the trusts on the programme's list and those in the register, whether on the list or not.
"""

from collections.abc import Iterable

import polars as pl

from pipelines.keeping.forums import KeptForum
from pipelines.registers.register import Register
from pipelines.releasing.returns import BASELINE
from schemas.release import Engagement
from schemas.typed import typed
from schemas.vocabularies import REGIONS

_TRUST = "trust_code"


def engagement(
    register: Register, returns: pl.DataFrame, charters: pl.DataFrame, forums: Iterable[KeptForum]
) -> pl.DataFrame:
    """One row for each trust that could ever take part, the same every time.

    `returns` and `charters` are the release's. What a trust did counts for the trust that it was
    then, so that a merger takes nothing away from the past.
    """
    every = _listed(register).join(_registered(register), on=_TRUST, how="full", coalesce=True)
    merged = pl.col("successor_code").is_not_null()
    frame = every.select(
        _TRUST,
        trust_name=pl.coalesce("trust_name", "listed_name"),
        region=pl.coalesce("region_code", "listed_region").replace_strict(REGIONS),
        listed=pl.col("listed").fill_null(value=False),
        could_from=pl.min_horizontal("listed_from", "known_from"),
        could_to=pl.when(merged).then("last_day").otherwise("listed_to"),
        invited="invited",
        joined="joined",
        left_on=pl.min_horizontal("last_day", "last_ward_day"),
    )
    for found in (_sent(returns), _with_charter(charters), _attended(forums)):
        frame = frame.join(found, on=_TRUST, how="left")
    return typed(frame, Engagement).sort(_TRUST)


def _listed(register: Register) -> pl.DataFrame:
    return register.invitations.select(
        _TRUST,
        "invited",
        listed_name="trust_name",
        listed_region="region_code",
        listed_from="valid_from",
        listed_to="valid_to",
        listed=pl.lit(value=True),
    )


def _registered(register: Register) -> pl.DataFrame:
    """What the register says of each trust last, and until when any ward of it takes part."""
    known = (
        register.trusts.sort("valid_from")
        .group_by(_TRUST)
        .agg(
            pl.col("trust_name", "region_code", "joined", "successor_code").last(),
            last_day=pl.col("valid_to").last(),
            known_from=pl.col("valid_from").first(),
        )
    )
    last = pl.min_horizontal("valid_to", "open_to")
    wards = (
        register.wards.filter(in_collaborative="yes")
        .group_by(_TRUST)
        .agg(last_ward_day=pl.when(last.is_null().any()).then(None).otherwise(last.max()))
    )
    return known.join(wards, on=_TRUST, how="left")


def _sent(returns: pl.DataFrame) -> pl.DataFrame:
    months = returns.filter(pl.col("timeliness").ne_missing(BASELINE), status="active").group_by(
        _TRUST
    )
    return months.agg(first_sent=pl.col("month").min(), last_sent=pl.col("month").max())


def _with_charter(charters: pl.DataFrame) -> pl.DataFrame:
    sender = pl.col("return_id").str.split("/").list.first()
    in_place = charters.filter("in_place").group_by(sender.alias(_TRUST))
    return in_place.agg(first_charter=pl.col("month").min())


def _attended(forums: Iterable[KeptForum]) -> pl.DataFrame:
    came = [
        forum.attendance.filter(pl.col("people") > 0).select(_TRUST, day=forum.about.day)
        for forum in forums
    ]
    nobody = pl.DataFrame(schema={_TRUST: pl.String, "day": pl.Date})
    return pl.concat([nobody, *came]).group_by(_TRUST).agg(first_forum=pl.col("day").min())
