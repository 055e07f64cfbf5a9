"""The grid of returns, receipts and findings."""

from datetime import date, datetime, time, timedelta

import polars as pl
import pytest

from dashboard import store
from dashboard.queries.returns import (
    findings,
    not_shared_yet,
    receipts,
    reporting,
    returns_grid,
)
from tests.dashboard import tiny_release
from tests.dashboard.queries.conftest import TEAM, Holding
from tests.dashboard.tiny_release import LAST, MONTHS, TODAY, WARDS


def test_the_grid_holds_every_trust_and_month(connection):
    found = returns_grid(connection, TODAY)
    assert found.height == 3 * len(MONTHS)
    missing = found.filter(pl.col("state") == "missing")
    assert missing.select("trust_code", "month").rows() == [("Z03", MONTHS[4].first_day)]
    assert set(returns_grid(connection, TODAY, trust="Z02")["trust_code"]) == {"Z02"}


def test_the_grid_knows_what_is_provisional_nil_or_closed(tmp_path):
    tables = tiny_release.frames()
    said = pl.concat(
        [
            tables["cells"]
            .filter(pl.col("month") == LAST, pl.col("trust_code").is_in(["Z01", "Z02"]))
            .with_columns(field=pl.lit("return_status"), row=pl.lit(90, pl.Int64))
            .with_columns(
                text=pl.when(pl.col("trust_code") == "Z01")
                .then(pl.lit("nil_incidents"))
                .otherwise(pl.lit("ward_closed"))
            )
        ]
    )
    tables["cells"] = pl.concat([tables["cells"], said])
    tables["returns"] = tables["returns"].with_columns(
        data_status=pl.when(pl.col("trust_code") == "Z03")
        .then(pl.lit("provisional"))
        .otherwise("data_status")
    )
    release = tiny_release.write(tmp_path, tables, "tiny-nil")
    found = returns_grid(store.cursor(release, TEAM), TODAY).filter(pl.col("month") == LAST)
    assert found.select("trust_code", "provisional", "nil", "shut").sort("trust_code").rows() == [
        ("Z01", False, True, False),
        ("Z02", False, False, True),
        ("Z03", True, None, None),
    ]


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2026, 3, 31), None),
        (date(2026, 4, 1), "not_yet_due"),
        (date(2026, 4, 15), "not_yet_due"),
        (date(2026, 4, 16), "missing"),
    ],
)
def test_the_grid_knows_what_is_due_on_the_day_it_is_asked(tmp_path, today, state):
    tables = tiny_release.frames()
    last = pl.col("scope").eq("return") & pl.col("month").eq(LAST)
    tables["completeness"] = tables["completeness"].with_columns(
        state=pl.when(last).then(pl.lit("not_yet_due")).otherwise("state"),
    )
    release = tiny_release.write(tmp_path, tables, "tiny-due")
    found = returns_grid(store.cursor(release, TEAM), today)
    latest = found.filter(pl.col("month") == LAST)
    assert latest["state"].to_list() == ([] if state is None else [state] * 3)
    assert set(found.filter(pl.col("month") < LAST)["state"]) == {"received", "missing"}


def returned(
    month: date, closes: date, *came: datetime | None
) -> dict[str, list[dict[str, object]]]:
    """A month that one trust after another sent at a moment, or has not sent."""
    trusts = [(f"Z0{number}", moment) for number, moment in enumerate(came, 1)]
    due = {"scope": "return", "month": month, "closes": closes}
    return {
        "completeness": [
            due | {"trust_code": trust, "state": "received" if moment else "missing"}
            for trust, moment in trusts
        ],
        "returns": [
            {"trust_code": trust, "month": month, "timeliness": "late", "received_at": moment}
            for trust, moment in trusts
            if moment
        ],
    }


OCT, CLOSES = date(2026, 10, 1), date(2026, 11, 28)
NEXT_DAY = CLOSES + timedelta(days=1)
IN_TIME = datetime.combine(CLOSES, time(23, 59))
TOO_LATE = datetime.combine(NEXT_DAY, time(0, 1))


@pytest.mark.parametrize(
    ("came", "built", "today", "found"),
    [
        ((IN_TIME, None, None), CLOSES, CLOSES, (2, True, False)),
        ((IN_TIME, None), CLOSES, NEXT_DAY, (1, True, True)),
        ((IN_TIME, None), NEXT_DAY, NEXT_DAY, None),  # they are shared
        ((TOO_LATE, None), NEXT_DAY, NEXT_DAY, (1, False, True)),
        ((IN_TIME, IN_TIME), CLOSES, CLOSES, None),
    ],
)
def test_the_months_whose_totals_wait_are_known(came, built, today, found):
    rows = returned(OCT, CLOSES, *came)
    rows["suppressed"] = [{"level": "programme", "month": OCT, "months": 1, "measure": "SS-I1"}]
    rows["release"] = [{"built_at": datetime.combine(built, time(12))}]
    waiting = not_shared_yet(Holding(**rows), today)
    of_each = waiting.select("month", "closes", "missing", "in_time", "closed").rows()
    assert of_each == ([] if found is None else [(OCT, CLOSES, *found)])


def test_a_month_whose_totals_are_shared_does_not_wait():
    rows = returned(OCT, CLOSES, IN_TIME, None)
    rows["release"] = [{"built_at": datetime.combine(OCT, time(12))}]
    rows["suppressed"] = [{"level": "trust", "month": OCT, "months": 1, "measure": "SS-I1"}]
    assert not_shared_yet(Holding(**rows), CLOSES).is_empty()


def test_receipts_are_the_newest_first(connection):
    found = receipts(connection, trust="Z01")
    assert found["received_at"].is_sorted(descending=True)
    assert receipts(connection, month=LAST).height == 3


def test_findings_without_an_answer_are_those_of_returns_in_use(connection):
    assert findings(connection).height == len(WARDS)


@pytest.mark.parametrize(
    ("about", "told"),
    [
        ({"open_until": date(2026, 4, 19)}, "too_late"),
        ({"open_until": TODAY}, None),
        ({"closes": date(2026, 4, 19), "open_until": TODAY}, "open_again"),
        ({"closes": TODAY, "open_until": TODAY}, None),
        ({"closes": date(2026, 4, 18), "open_until": date(2026, 4, 19)}, "too_late"),
        ({"state": "received", "open_until": date(2026, 4, 19)}, None),
        ({"state": "not_yet_due", "due": TODAY, "open_until": date(2026, 4, 19)}, "too_late"),
        ({"state": "received", "return_id": "1", "changes_until": TODAY}, "provisional"),
        ({"state": "received", "return_id": "1", "changes_until": date(2026, 4, 19)}, None),
        ({"state": "received", "return_id": "2", "changes_until": TODAY}, None),
    ],
)
def test_a_day_itself_is_in_time(about, told):
    row = {"scope": "return", "trust_code": "Z01", "month": LAST, "state": "missing"} | about
    connection = Holding(
        completeness=[row],
        returns=[
            {"return_id": "1", "data_status": "provisional"},
            {"return_id": "2", "data_status": "final"},
        ],
    )
    (found,) = returns_grid(connection, TODAY).iter_rows(named=True)
    assert [name for name in ("too_late", "open_again", "provisional") if found[name]] == [
        name for name in (told,) if name
    ]


def test_findings_are_queries_of_returns_in_use_and_open_unless_all_are_asked_for():
    def query(code: str, return_id="in use", **about: object) -> dict[str, object]:
        return {"return_id": return_id, "code": code, "severity": "query", **about}

    connection = Holding(
        returns=[
            {"return_id": "in use", "status": "active"},
            {"return_id": "corrected", "status": "superseded"},
        ],
        queries=[
            query("W01", month=MONTHS[-2].first_day),
            query("W02", answer="It was so", month=LAST),
            query("W03", "corrected"),
            query("N01", severity="note"),
        ],
    )
    assert findings(connection)["code"].to_list() == ["W01"]
    assert findings(connection, open_only=False)["code"].to_list() == ["W02", "W01"]


def test_what_a_ward_reported_is_that_of_the_twelve_newest_months():
    def counted(month: date, ward: str = "Z01-A", **about: object) -> dict[str, object]:
        row = {"level": "ward", "unit_id": ward, "measure": "SS-I1", "month": month}
        return {**row, "numerator": 1, "value": 0.1, **about}

    connection = Holding(
        observations=[
            *(counted(month) for month in (LAST, date(2025, 4, 1), date(2025, 3, 1))),
            counted(LAST, measure="SS-I2", numerator=20),
            counted(LAST, level="trust", numerator=300),
            counted(LAST, "Z01-B", value=None),
        ],
        completeness=[
            {"scope": scope, "ward_id": ward, "measure": measure, "state": "complete"}
            for scope, ward, measure in (
                ("reporting", "Z01-A", "SS-I1"),
                ("reporting", "Z01-A", "SS-I3"),
                ("reporting", "Z01-B", "SS-I1"),
                ("return", None, None),
            )
        ],
    )
    found = reporting(connection, ["SS-I1"])
    assert found.select("ward_id", "measure", "reported").rows() == [
        ("Z01-A", "SS-I1", 2),
        ("Z01-B", "SS-I1", None),
    ]
