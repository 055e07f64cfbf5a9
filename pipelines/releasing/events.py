"""Collects the events that charts show: sent by wards, decided by people, or in the register."""

from datetime import date

import polars as pl

from pipelines.keeping.decisions import in_force
from pipelines.keeping.entries import Entries
from pipelines.registers.successors import ward_id
from pipelines.releasing.charters import rows_of
from schemas.programme import Programme
from schemas.receipts import Decision
from schemas.release import ReleaseEvents
from schemas.returns import EVERY_WARD
from schemas.tables.keys import OBSERVATION
from schemas.typed import typed
from schemas.vocabularies import OUTCOMES

_WHERE = {"level": pl.String, "unit_id": pl.String, "trust_code": pl.String}
_SHAPE = {
    "event_id": pl.String,
    "sent_trust": pl.String,
    "sent_ward": pl.String,
    "day": pl.Date,
    "kind": pl.String,
    "label": pl.String,
    "measure": pl.String,
    "source": pl.String,
}
_SAME = ["level", "unit_id", "day", "kind", "label", "measure"]


def events(
    cells: pl.DataFrame,
    entries: Entries,
    programme: Programme,
    trusts: pl.DataFrame,
    wards: pl.DataFrame,
    tests: pl.DataFrame,
) -> pl.DataFrame:
    """Every event (`schemas.release.ReleaseEvents`), at the unit it belongs to today.

    An event repeated in later returns is included once, from the first. `tests` is from
    `change_tests.change_tests`.
    """
    decided = [_decided(entries), _tried(tests)]
    found = pl.concat([_sent(cells), *decided, _pauses(programme), _mergers(trusts)])
    wards_now = wards.select("ward_id", "current_ward_id", "current_trust_code").unique("ward_id")
    trusts_now = trusts.select(sent_trust="trust_code", now="current_code").unique("sent_trust")
    placed = (
        found.join(wards_now, left_on="sent_ward", right_on="ward_id", how="left")
        .join(trusts_now, on="sent_trust", how="left")
        .with_columns(
            level=pl.when(pl.col("sent_ward").is_not_null())
            .then(pl.lit("ward"))
            .when(pl.col("sent_trust").is_not_null())
            .then(pl.lit("trust"))
            .otherwise(pl.lit("programme")),
            unit_id=pl.coalesce("current_ward_id", "sent_ward", "now", "sent_trust").fill_null(
                "programme"
            ),
            trust_code=pl.coalesce("current_trust_code", "now", "sent_trust"),
            month=pl.col("day").dt.month_start(),
        )
        .sort("day", "source", "event_id")
        .unique(_SAME, keep="first", maintain_order=True)
    )
    return typed(placed, ReleaseEvents).sort("level", "unit_id", "day", "event_id")


def rebases(events: pl.DataFrame) -> pl.DataFrame:
    """Where and when someone decided to start new limits: level, unit_id, measure, month."""
    return events.filter(pl.col("kind") == "rebase").select(OBSERVATION)


def _sent(cells: pl.DataFrame) -> pl.DataFrame:
    rows = rows_of(cells, "events", ["ward_code", "date", "kind", "label"])
    is_all = pl.col("ward_code") == EVERY_WARD
    frame = rows.drop_nulls(["ward_code", "date", "kind", "label"]).select(
        event_id=pl.format("{}:{}", "return_id", "row"),
        sent_trust="trust_code",
        sent_ward=pl.when(~is_all).then(pl.format("{}-{}", "trust_code", "ward_code")),
        day=pl.col("date").str.to_date("%Y-%m-%d", strict=False),
        kind="kind",
        label="label",
        measure=pl.lit(None, pl.String),
        source="return_id",
    )
    return frame.drop_nulls("day")


def _decided(entries: Entries) -> pl.DataFrame:
    rows = [_decision(d) for d in in_force(entries.decisions) if d.kind in ("annotation", "rebase")]
    return pl.DataFrame([row for row in rows if row["day"]], schema=_SHAPE)


def _decision(decision: Decision) -> dict[str, object]:
    trust, ward = decision.trust_code, decision.ward_code
    kind = "rebase" if decision.kind == "rebase" else decision.event_kind or "other"
    return {
        "event_id": decision.id,
        "sent_trust": trust,
        "sent_ward": ward_id(trust, ward) if trust and ward else None,
        "day": _day(decision.month),
        "kind": kind,
        "label": decision.label or decision.reason,
        "measure": decision.measure,
        "source": decision.id,
    }


def _tried(tests: pl.DataFrame) -> pl.DataFrame:
    """The tests of change in the wards' logs: a flag where each started, with its outcome."""
    outcome = pl.col("outcome").replace_strict(OUTCOMES, default="no outcome yet")
    return tests.select(
        event_id=pl.format("change_test:{}", "test_id"),
        sent_trust="trust_code",
        sent_ward="ward_id",
        day="starts",
        kind=pl.lit("test_of_change"),
        label=pl.format("{} (test of change: {})", "idea", outcome.str.to_lowercase()),
        measure=pl.lit(None, pl.String),
        source=pl.lit("change_tests"),
    )


def _pauses(programme: Programme) -> pl.DataFrame:
    rows = [
        {
            "event_id": f"pause:{pause.first}",
            "day": _day(pause.first),
            "kind": "covid_pause",
            "label": pause.reason,
            "source": "programme.toml",
        }
        for pause in programme.pauses
    ]
    return pl.DataFrame(rows, schema=_SHAPE)


def _mergers(trusts: pl.DataFrame) -> pl.DataFrame:
    merged = pl.col("current_code") != pl.col("trust_code")
    ended = trusts.filter(pl.col("valid_to").is_not_null(), merged)
    ended = ended.sort("valid_to").unique("trust_code", keep="last")  # earlier ones are renamings
    return ended.select(
        event_id=pl.format("merger:{}", "trust_code"),
        sent_trust="current_code",
        sent_ward=pl.lit(None, pl.String),
        day=pl.col("valid_to").dt.offset_by("1d"),
        kind=pl.lit("other"),
        label=pl.format("{} became part of this trust", "trust_name"),
        measure=pl.lit(None, pl.String),
        source=pl.lit("register"),
    )


def _day(month: str | None) -> date | None:
    if not month:
        return None
    return date.fromisoformat(month if len(month) > 7 else f"{month}-01")
