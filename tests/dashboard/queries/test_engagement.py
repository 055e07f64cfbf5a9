"""Where each trust stands, month by month and today."""

from datetime import date

import duckdb
import polars as pl
import pytest

from dashboard.queries.engagement import over_time, trusts_now
from schemas.release import Completeness, Engagement, Returns
from schemas.typed import types_of

MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)
TODAY = date(2026, 5, 20)


def trust(code: str, **about: object) -> dict[str, object]:
    known = {"trust_name": f"Trust {code}", "region": "London", "listed": True}
    return {"trust_code": code, "could_from": date(2020, 1, 1), **known, **about}


TRUSTS = [
    trust("Z01", joined=MARCH, first_charter=APRIL, first_forum=date(2026, 4, 30)),
    trust("Z02", joined=APRIL, invited=date(2026, 2, 3)),
    trust("Z03", joined=MARCH, left_on=date(2026, 3, 31)),
    trust("Z04", joined=MARCH, could_to=date(2026, 3, 31)),  # it merged
    trust("Z05", invited=date(2026, 4, 30)),
    trust("Z06", invited=date(2026, 5, 2)),
    trust("Z07", could_from=date(2026, 5, 1)),
]
SENT = [("Z01", MARCH), ("Z01", APRIL), ("Z02", MAY), ("Z03", MARCH), ("Z04", MARCH)]


@pytest.fixture
def connection():
    tables = {
        "engagement": pl.DataFrame(TRUSTS, schema=types_of(Engagement)),
        "returns": pl.DataFrame(
            [{"trust_code": code, "month": month, "status": "active"} for code, month in SENT],
            schema=types_of(Returns),
        ),
        "completeness": pl.DataFrame(
            [
                {"scope": "return", "trust_code": "Z01", "month": month, "due": due, "state": state}
                for month, due, state in (
                    (date(2026, 2, 1), date(2026, 3, 15), "paused"),
                    (MARCH, date(2026, 4, 15), "received"),
                    (APRIL, date(2026, 5, 15), "received"),
                    (MAY, date(2026, 6, 15), "not_yet_due"),
                )
            ],
            schema=types_of(Completeness),
        ),
    }
    with duckdb.connect() as made:
        for name, frame in tables.items():
            made.register("given", frame)
            made.execute(f"CREATE TABLE {name} AS FROM given")
            made.unregister("given")
        yield made


def test_each_month_counts_the_trusts_there_were_by_how_far_they_had_come(connection):
    found = over_time(connection, TODAY)
    counts = {(row["month"], row["stage"]): row["trusts"] for row in found.iter_rows(named=True)}
    assert counts == {
        (MARCH, "sending"): 3,
        (MARCH, "invited"): 1,  # Z02 joins in April
        (MARCH, "not_invited"): 2,
        (APRIL, "sending"): 1,
        (APRIL, "joined"): 1,
        (APRIL, "left"): 1,
        (APRIL, "invited"): 1,
        (APRIL, "not_invited"): 1,  # Z06 was asked in May, Z07 was not there yet
    }


def test_charters_and_forums_count_from_the_month_in_which_they_were_first(connection):
    found = (
        over_time(connection, TODAY).group_by("month").agg(pl.col("with_charter", "attended").sum())
    )
    assert sorted(found.iter_rows()) == [(MARCH, 0, 0), (APRIL, 1, 1)]


def test_each_trust_of_today_stands_where_it_does_today(connection):
    found = trusts_now(connection, TODAY)
    assert dict(found.select("trust_code", "stage").iter_rows()) == {
        "Z01": "sending",
        "Z02": "joined",  # a newer month than the one past its due date doesn't stand in for it
        "Z03": "left",
        "Z05": "invited",
        "Z06": "invited",
        "Z07": "not_invited",
    }
    assert found["newest"].unique().to_list() == [APRIL]


def test_before_any_return_is_past_its_due_date_nothing_is_drawn(connection):
    assert over_time(connection, date(2026, 4, 1)).is_empty()
    early = trusts_now(connection, date(2026, 4, 1))
    assert early["newest"].to_list() == [None] * early.height
    assert early.filter(trust_code="Z01")["stage"].item() == "joined"
