"""What was given out under an earlier register gives nothing away, together with today’s."""

from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl
import pytest

from pipelines.keeping.decisions import Decided
from pipelines.measures import load
from pipelines.registers.register import register_of
from pipelines.releasing import trusts_and_wards
from pipelines.releasing.build import build
from pipelines.releasing.earlier_registers import Placed, earlier_registers, regrouped
from pipelines.releasing.last_release import NOTHING, LastRelease
from pipelines.releasing.placements import Placements
from pipelines.releasing.release_tables import tables
from pipelines.releasing.sources import sources_of
from schemas.disclosure import mask, with_years
from schemas.periods import Month
from schemas.programme import DisclosurePolicy
from tests import worlds

MERGED = datetime(2025, 4, 2, 12, tzinfo=UTC)
NOW = datetime(2025, 6, 5, tzinfo=UTC)
JAN = Month(2025, 1)
HARASSMENT = (pl.col("measure") == "SS-I2") & (pl.col("months") == 1)


def busy(trust: str, few: str) -> list[dict[str, object]]:
    """A month with many incidents on every ward but one."""
    rows = []
    for ward in worlds.WARDS[trust]:
        kinds = {"inc_harassment": 1 if ward == few else 12, "inc_assault": 8, "inc_other": 8}
        about = ("inc_affected_patient", "inc_alleged_patient", "support_offered_n")
        every = dict.fromkeys(about, sum(kinds.values()))
        rows.append(worlds.monthly_row(ward, JAN, **kinds, **every))
    return rows


def merge(home) -> None:
    """All wards of Z02 become wards of Z01, on 1 April."""
    frames = worlds.register_frames()
    last, first = date(2025, 3, 31), date(2025, 4, 1)
    moved = [
        worlds.ward_row(
            "Z02", ward, valid_to=last, successor_trust_code="Z01", successor_ward_code=ward
        )
        for ward in worlds.WARDS["Z02"]
    ]
    new = [worlds.ward_row("Z01", ward, valid_from=first) for ward in worlds.WARDS["Z02"]]
    stay = [worlds.ward_row("Z01", ward) for ward in worlds.WARDS["Z01"]]
    trusts = [
        worlds.trust_row("Z01"),
        worlds.trust_row("Z02", valid_to=last, successor_code="Z01"),
    ]
    frames |= {"wards": pl.DataFrame([*stay, *moved, *new]), "trusts": pl.DataFrame(trusts)}
    home.archive.keep_register(register_of(frames), Decided(worlds.TEAM, MERGED, "Merged"))


@pytest.fixture
def home(tmp_path):
    """A month of two trusts, whose totals are shown; one ward of Z02 has a small number."""
    made = worlds.empty_world(tmp_path / "home")
    worlds.send(made, "Z01", JAN, monthly=busy("Z01", ""))
    worlds.send(made, "Z02", JAN, monthly=busy("Z02", "ELDER1"))
    return made


def of(home):
    return tables(replace(sources_of(home), programme=worlds.programme()), NOW)


def shared(made, remembering: bool = True) -> pl.DataFrame:
    before = made["suppressed"] if remembering else None
    seen = with_years(made["observations"], load())
    return mask(seen, load(), DisclosurePolicy(), "public", before)


def trusts(masked: pl.DataFrame) -> dict[str, str]:
    rows = masked.filter(HARASSMENT, pl.col("level") == "trust", pl.col("month") == JAN.first_day)
    return dict(rows.select("unit_id", "state").iter_rows())


def test_a_total_of_the_merged_trust_does_not_stand_beside_the_total_of_one_part(home):
    assert trusts(shared(of(home))) == {"Z01": "value", "Z02": "suppressed"}
    merge(home)
    made = of(home)
    assert trusts(shared(made, remembering=False)) == {"Z01": "value"}
    assert trusts(shared(made)) == {"Z01": "suppressed"}


def test_a_merger_hides_no_total_of_months_that_were_sent_after_it(home):
    merge(home)
    after = Month(2025, 4)
    wards = (*worlds.WARDS["Z01"], *worlds.WARDS["Z02"])
    rows = [worlds.monthly_row(ward, after) for ward in wards]
    worlds.send(home, "Z01", after, monthly=rows)
    keys = of(home)["suppressed"]
    assert keys.filter(pl.col("month") == JAN.first_day).height
    assert keys.filter(pl.col("month") == after.first_day).is_empty()


def test_what_was_hidden_before_a_merger_stays_hidden_under_todays_ward(home):
    merge(home)
    keys = of(home)["suppressed"]
    assert "Z02" not in set(keys["unit_id"].str.slice(0, 3))


def test_a_register_without_changes_hides_nothing(home):
    before = of(home)["suppressed"]
    frames = worlds.register_frames()
    home.archive.keep_register(register_of(frames), Decided(worlds.TEAM, MERGED, "Nothing new"))
    assert of(home)["suppressed"].equals(before)
    assert before.is_empty()


def test_a_register_speaks_on_the_day_it_was_saved_and_after_each_day_that_ended_a_row(home):
    merge(home)
    entries = home.archive.entries()
    found = list(earlier_registers(entries, home.archive.register_version, date(2025, 6, 1)))
    assert [(m.register.version, m.until) for m in found] == [
        (1, date(2025, 4, 2)),
        (2, date(2025, 6, 1)),
    ]


def test_a_band_of_wards_that_were_in_another_group_is_hidden_for_the_months_it_covers():
    months = [date(2025, 1, 1), date(2025, 2, 1)]
    names = ["ward_id", "month", "peer_group"]

    def grid(group: str) -> pl.DataFrame:
        rows = [(ward, month, "old") for ward in ("A", "B") for month in months]
        moved = [(w, m, group if (w, m) == ("B", months[0]) else g) for w, m, g in rows]
        return pl.DataFrame(moved, schema=names, orient="row")

    sent = grid("old").select("ward_id", "month")
    found = regrouped(Placed(grid("new"), sent), Placed(grid("old"), sent))
    assert set(found["peer_group"]) == {"old", "new"}
    assert found.height == 24
    assert regrouped(Placed(grid("old"), sent), Placed(grid("old"), sent)).is_empty()


def test_a_release_keeps_where_earlier_registers_placed_wards_for_the_next_one(home):
    merge(home)
    last, sources = LastRelease(build(home, NOW)), sources_of(home)
    of_trusts = trusts_and_wards.trusts(sources.entries.register, sources.day)
    of_wards = trusts_and_wards.wards(sources.entries.register, sources.day)
    programme, every = sources.programme, sources.months
    grid = trusts_and_wards.wards_by_month(of_wards, of_trusts, programme, every)
    made, held = (Placements(sources, grid, release) for release in (NOTHING, last))
    assert (made.are_held, held.are_held, held.workings) == (False, True, {})
    assert held.keys == made.keys
    before, now = ([(p.until, p.grid) for p in each.every] for each in (made, held))
    assert len(before) == 1
    for (until, then), (until_now, then_now) in zip(before, now, strict=True):
        assert until == until_now
        assert then.sort(pl.all()).equals(then_now.sort(pl.all()))
        assert then.schema == then_now.schema
    later = Placements(replace(sources, as_at=date(2025, 7, 1)), grid, last)
    elsewhere = Placements(sources, grid.head(-1), last)
    assert not later.are_held
    assert not elsewhere.are_held
    last.close()
