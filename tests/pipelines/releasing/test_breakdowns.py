"""Who feels safe by group, from returns to the table of the release: once, and only if enough."""

import shutil
from datetime import timedelta

import polars as pl
import pytest

from pipelines.accepting.submission import Arrival
from pipelines.keeping.decide import withdraw
from pipelines.keeping.decisions import Decided
from pipelines.keeping.home import Home
from pipelines.releasing import breakdowns as module
from pipelines.releasing import release_file
from pipelines.releasing.breakdowns import breakdowns, over
from pipelines.releasing.build import build
from pipelines.releasing.release_tables import tables
from pipelines.releasing.sources import Sources, sources_of
from pipelines.submit import submit
from schemas.deadlines import dates_for
from schemas.periods import Month
from schemas.programme import ALL, NOT_KNOWN
from tests import worlds
from tests.by_group import AFTER, AGE, APRIL, LAST, asked, switched, world

JUNE = Month(2025, 6)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Home:
    """The programme that asks by age; only read it."""
    return world(tmp_path_factory.mktemp("by-group") / "home")


@pytest.fixture
def home(made, tmp_path) -> Home:
    """A copy to send more to."""
    return Home(shutil.copytree(made.root, tmp_path / "home"))


def every(sources: Sources) -> pl.DataFrame:
    return breakdowns(sources, over(sources))


def of(found: pl.DataFrame, level: str, first: Month) -> dict[str, tuple]:
    rows = found.filter(level=level, first_month=first.first_day).sort("unit_id", "sort")
    return {
        f"{row['unit_id']} {row['category']}": (row["answered"], row["safe"])
        for row in rows.iter_rows(named=True)
    }


def test_the_programme_has_quarters_and_a_trust_its_year_to_march(made):
    found = every(sources_of(made))
    assert of(found, "programme", APRIL) == {
        f"programme {ALL}": (5 * 3 * 50, 5 * 3 * 34),
        "programme Under 35": (5 * 3 * 20, 5 * 3 * 14),
        "programme 35 or over": (5 * 3 * 22, 5 * 3 * 15),
        f"programme {NOT_KNOWN}": (5 * 3 * 8, 5 * 3 * 5),
    }
    year = of(found, "trust", APRIL)
    assert year["Z02 35 or over"] == (2 * 12 * 22, 2 * 12 * 15)
    assert year[f"Z01 {ALL}"] == (3 * 12 * 50, 3 * 12 * 34)
    assert set(found["level"]) == {"programme", "trust"}
    quarters = found.filter(level="programme")["first_month"].unique().sort()
    assert [str(Month.of(day)) for day in quarters] == ["2025-04", "2025-07", "2025-10", "2026-01"]
    assert found["wards"].max() == 5


def test_no_other_table_has_anything_of_it(made):
    released = tables(sources_of(made), AFTER)
    assert "breakdowns" not in set(released["cells"]["sheet"])
    for name, table in released.items():
        if name != "breakdowns":
            texts = table.select(pl.col(pl.String)).to_series(0).to_list() if table.width else []
            assert not {"Age", "Under 35", NOT_KNOWN} & set(texts), name


def test_who_knows_one_trust_cannot_see_the_few_of_the_other(home):
    """Z01 has next to nobody in the first category: hidden, and those not known with it."""
    found = every(sources_of(home))
    july = of(found, "programme", Month(2025, 7))
    assert july["programme Under 35"] == (None, None)
    assert july[f"programme {NOT_KNOWN}"] == (None, None)
    assert july["programme 35 or over"] == (9 * 41 + 6 * 22, 9 * 29 + 6 * 15)


def test_what_comes_after_the_last_month_is_locked_changes_nothing(home):
    before = every(sources_of(home))
    locked = dates_for(JUNE, home.programme.deadlines).locked
    assert set(before.filter(level="programme", first_month=APRIL.first_day)["known_on"]) == {
        locked
    }
    late = worlds.received(LAST, 20)
    decided = Decided(worlds.TEAM, late, "Wrong figures")
    withdraw(home, "Z01/2025-05/1", decided)
    assert every(sources_of(home)).equals(before)
    early = sources_of(home, as_at=locked + timedelta(days=40))
    then = of(every(early), "programme", APRIL)
    assert then == of(before, "programme", APRIL)


def test_a_quarter_is_not_there_before_its_last_month_is_locked(made):
    locked = dates_for(JUNE, made.programme.deadlines).locked
    assert every(sources_of(made, as_at=locked)).is_empty()
    found = every(sources_of(made, as_at=locked + timedelta(days=30)))
    assert set(found["level"]) == {"programme"}


def test_switched_off_there_is_nothing_and_switched_on_again_all_of_it(home):
    before = every(sources_of(home))
    off = switched(home)
    assert every(sources_of(off)).is_empty()
    sent = submit(
        off,
        Arrival(
            worlds.return_file("Z02", LAST, **asked("Z02", LAST)),
            "f.zip",
            worlds.LEAD,
            AFTER,
            {"*": "Checked"},
        ),
    )
    assert sent.receipt
    assert "breakdowns" not in sent.receipt.rows_by_sheet
    assert every(sources_of(switched(off, AGE))).equals(before)


def test_other_words_later_leave_what_was_sent_in_its_own(home):
    before = every(sources_of(home))
    other = AGE.model_copy(update={"categories": ("35 or over", "Young")})
    found = every(sources_of(switched(home, other)))
    keys = ["level", "unit_id", "first_month", "category"]
    assert found.drop("sort").sort(keys).equals(before.drop("sort").sort(keys))


def test_a_damaged_return_takes_its_quarter_with_it(home):
    (home.root / "archive" / "returns" / "Z01" / "2025-05" / "1" / "receipt.json").write_text("{")
    found = every(sources_of(home))
    assert of(found, "programme", APRIL) == {}
    assert of(found, "programme", Month(2025, 7))
    assert found.filter(level="trust").is_empty()


def test_a_release_reads_the_returns_of_a_window_once(home, monkeypatch):
    """What was worked out before is taken over, and is what would be worked out of everything."""
    read: list[str] = []
    real, order = module.cells_of, ["level", "unit_id", "first_month", "breakdown", "sort"]

    def watched(archive, receipts):
        read.extend(receipt.return_id for receipt in receipts)
        return real(archive, receipts)

    def built(at: Home, minutes: int) -> list[str]:
        read.clear()
        path = build(at, AFTER + timedelta(minutes=minutes))
        newly, found = list(read), release_file.read(path, "FROM breakdowns")
        whole = every(sources_of(at)).cast(dict(found.schema))
        assert found.sort(order).equals(whole.sort(order))
        return newly

    monkeypatch.setattr(module, "cells_of", watched)
    assert len(built(home, 0)) == 2 * 12
    withdraw(home, "Z01/2025-05/1", Decided(worlds.TEAM, AFTER, "After it was locked"))
    assert built(home, 1) == []
    (home.root / "archive" / "returns" / "Z01" / "2025-06" / "1" / "receipt.json").write_text("{")
    assert built(home, 2) == [], "its quarter and years are gone, and the others stay"
    assert built(switched(home), 3) == []
    other = AGE.model_copy(update={"categories": ("35 or over", "Young")})
    assert len(built(switched(home, other), 4)) == 2 * 9
