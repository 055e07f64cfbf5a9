"""Totals of the programme wait until every trust has sent a month, or the month has closed."""

from datetime import date, timedelta

import polars as pl
import pytest

from pipelines.keeping import decide
from pipelines.keeping.decisions import Decided, decision
from pipelines.measures import load
from pipelines.registers.register import register_of
from pipelines.releasing import held_back, release_file
from pipelines.releasing.build import build
from pipelines.releasing.release_tables import tables
from pipelines.releasing.sources import sources_of
from schemas.periods import Month
from tests import worlds

JAN, FEB, MAR = (Month(2025, number) for number in (1, 2, 3))
CLOSES = date(2025, 3, 28)
ON_TIME, LATE = CLOSES - timedelta(days=1), CLOSES + timedelta(days=1)


@pytest.fixture
def home(tmp_path):
    return worlds.empty_world(tmp_path / "home")


def waiting(home, now) -> set[tuple[str, date]]:
    """The levels and months of what a release hides, built upon the last and all again alike."""
    path = build(home, now)
    held = release_file.read(path, "FROM suppressed ORDER BY ALL")
    again = tables(sources_of(home), now)["suppressed"]
    assert held.equals(again.sort(pl.all()))
    return set(held.select("level", "month").iter_rows())


def test_a_month_waits_for_every_trust_until_it_closes(home):
    of_january = {("programme", JAN.first_day)}
    worlds.send(home, "Z01", JAN)
    assert waiting(home, worlds.received(JAN)) == of_january
    for trust in worlds.WARDS:
        worlds.send(home, trust, FEB)
    assert waiting(home, worlds.received(FEB)) == of_january, "Z02 may still send January"
    for trust in worlds.WARDS:
        worlds.send(home, trust, MAR)
    assert worlds.received(MAR).date() > CLOSES
    assert waiting(home, worlds.received(MAR)) == set(), "it was closed, so it is given out"
    reopened = worlds.received(MAR, 6)
    decide.reopen(home, "Z02", str(JAN), Decided(worlds.TEAM, reopened, "Asked for"))
    worlds.send(home, "Z02", JAN, at=reopened)
    assert waiting(home, reopened) == of_january, "beside what was given out, this is Z02’s"


def test_anything_saved_after_the_closing_day_brings_the_totals(home):
    """The day itself brings nothing: a release follows from the archive alone."""
    worlds.send(home, "Z01", JAN)
    after = worlds.received(MAR)
    assert after.date() > CLOSES
    assert waiting(home, after) == {("programme", JAN.first_day)}
    home.archive.record(decision("annotation", Decided(worlds.TEAM, after, "A note")))
    assert waiting(home, after) == set()


def test_a_month_that_every_trust_has_sent_doesnt_wait(home):
    worlds.send(home, "Z01", JAN)
    assert waiting(home, worlds.received(JAN))
    worlds.send(home, "Z02", JAN, at=worlds.received(JAN, 6))
    assert waiting(home, worlds.received(JAN, 6)) == set()


def save_joined(home, month: Month, at) -> None:
    """A register by which Z02 joined in a month; Z01 joined in January."""
    trusts = [worlds.trust_row("Z01"), worlds.trust_row("Z02", joined=month.first_day)]
    frames = worlds.register_frames(trusts=pl.DataFrame(trusts))
    home.archive.keep_register(register_of(frames), Decided(worlds.TEAM, at, "So"))


def test_a_trust_that_is_added_after_all_others_have_sent_is_not_what_the_total_grows_by(home):
    save_joined(home, FEB, worlds.received(JAN, 1))
    worlds.send(home, "Z01", JAN)
    assert waiting(home, worlds.received(JAN)) == set(), "nobody else was expected"
    save_joined(home, JAN, worlds.received(JAN, 6))
    of_january = {("programme", JAN.first_day)}
    assert waiting(home, worlds.received(JAN, 6)) == of_january, "Z02 is waited for"
    worlds.send(home, "Z02", JAN, at=worlds.received(JAN, 7))
    for trust in worlds.WARDS:
        worlds.send(home, trust, FEB)
    assert waiting(home, worlds.received(FEB)) == of_january, "the total without Z02 was shared"


def test_a_trust_that_was_not_expected_for_a_while_is_not_what_the_total_grows_by(home):
    """While a change of the register was in force, the total without it was shared."""
    worlds.send(home, "Z01", JAN)
    save_joined(home, FEB, worlds.received(JAN, 6))
    assert waiting(home, worlds.received(JAN, 6)) == set(), "nobody else is expected"
    save_joined(home, JAN, worlds.received(JAN, 8))
    worlds.send(home, "Z02", JAN, at=worlds.received(JAN, 9))
    assert waiting(home, worlds.received(JAN, 9)) == {("programme", JAN.first_day)}


def test_the_same_change_of_the_register_counts_again_after_it_was_undone(home):
    """What is shared is that of the second time: the first time, nobody had sent."""
    for month, day in ((FEB, 1), (JAN, 2), (FEB, 3)):
        save_joined(home, month, worlds.received(JAN, day))
    worlds.send(home, "Z01", JAN)
    assert waiting(home, worlds.received(JAN)) == set()
    save_joined(home, JAN, worlds.received(JAN, 8))
    worlds.send(home, "Z02", JAN, at=worlds.received(JAN, 9))
    assert waiting(home, worlds.received(JAN, 9)) == {("programme", JAN.first_day)}


def test_a_register_by_which_someone_was_still_waited_for_holds_nothing_back(home):
    save_joined(home, FEB, worlds.received(JAN, 1))
    save_joined(home, JAN, worlds.received(JAN, 3))
    worlds.send(home, "Z01", JAN)
    worlds.send(home, "Z02", JAN, at=worlds.received(JAN, 6))
    assert waiting(home, worlds.received(JAN, 6)) == set()


def of_month(states: dict[str, str]) -> pl.DataFrame:
    """The rows of `completeness` about one month."""
    about = {"scope": "return", "month": JAN.first_day, "closes": CLOSES}
    return pl.DataFrame([about | {"trust_code": t, "state": s} for t, s in states.items()])


def came(days: dict[str, date]) -> pl.DataFrame:
    """The first returns of that month, at noon."""
    about = {"month": JAN.first_day, "timeliness": "on_time"}
    rows = [about | {"trust_code": t, "received_at": day} for t, day in days.items()]
    return pl.DataFrame(rows).with_columns(pl.col("received_at").cast(pl.Datetime))


@pytest.mark.parametrize(
    ("second", "arrived", "day", "held"),
    [
        ("not_yet_due", {"Z01": ON_TIME}, CLOSES, True),
        ("missing", {"Z01": ON_TIME}, CLOSES, True),
        ("missing", {"Z01": ON_TIME}, LATE, False),
        ("received", {"Z01": ON_TIME, "Z02": CLOSES}, CLOSES, False),
        ("late", {"Z01": ON_TIME, "Z02": LATE}, LATE, True),
        ("not_expected", {"Z01": ON_TIME}, CLOSES, False),
        # Nobody had sent when it closed, so nothing was given out: then all are waited for.
        ("missing", {"Z01": LATE}, LATE, True),
        ("late", {"Z01": LATE, "Z02": LATE}, LATE, False),
        # The total without a return that is damaged, beside the one with it, is that return.
        ("damaged", {"Z01": ON_TIME, "Z02": ON_TIME}, LATE, True),
    ],
)
def test_which_months_wait(second, arrived, day, held):
    found = held_back.months(of_month({"Z01": "received", "Z02": second}), came(arrived), day)
    assert found == ([JAN.first_day] if held else [])


def test_a_year_waits_with_each_of_its_months():
    rows = [
        {
            "level": level, "unit_id": level, "measure": "SS-I1", "month": month,
            "numerator": 9.0, "denominator": 900.0, "value": 0.01, "state": "value",
        }
        for level in ("programme", "trust")
        for month in pl.date_range(date(2024, 4, 1), date(2025, 4, 1), "1mo", eager=True)
    ]  # fmt: skip
    found = held_back.totals(pl.DataFrame(rows), [JAN.first_day], load())
    assert found.select("level", "month", "months").sort("months").rows() == [
        ("programme", JAN.first_day, 1),
        ("programme", MAR.first_day, 12),
    ]
