"""What an earlier version of a return hid stays hidden, whatever has been sent since."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from pipelines.keeping import decide
from pipelines.keeping.decisions import Decided
from pipelines.measures import load
from pipelines.releasing.release_tables import tables
from pipelines.releasing.sources import sources_of
from pipelines.releasing.suppressed import earlier
from schemas.disclosure import KEY, mask, with_years
from schemas.periods import Month
from schemas.programme import DisclosurePolicy
from tests import worlds

NOW = datetime(2026, 3, 5, tzinfo=UTC)
JAN, FEB = Month(2025, 1), Month(2025, 2)
WARD = pl.col("unit_id") == "Z01-ALDER1"
SEVERAL = (pl.col("measure") == "SS-I8") & (pl.col("unit_id") == "Z01")
HARASSMENT = (pl.col("measure") == "SS-I2") & (pl.col("months") == 1)


def monthly(month: Month, harassment: int) -> list[dict[str, object]]:
    """Z01's month: many incidents everywhere, and so many of one kind on one ward."""
    return [
        _busy(ward, month, harassment if number == 0 else 8)
        for number, ward in enumerate(worlds.WARDS["Z01"])
    ]


def _busy(ward: str, month: Month, harassment: int) -> dict[str, object]:
    every = harassment + 8 + 8
    kinds = {"inc_harassment": harassment, "inc_assault": 8, "inc_other": 8}
    about = ("inc_affected_patient", "inc_alleged_patient", "support_offered_n")
    return worlds.monthly_row(ward, month, **kinds, **dict.fromkeys(about, every))


def of(home, **changes):
    return tables(replace(sources_of(home), programme=worlds.programme(**changes)), NOW)


def shared(made, remembering: bool = True) -> pl.DataFrame:
    """The observations of a release as the public may see them."""
    before = made["suppressed"] if remembering else None
    seen = with_years(made["observations"], load())
    return mask(seen, load(), DisclosurePolicy(), "public", before)


def state(masked: pl.DataFrame) -> str:
    return masked.filter(WARD, HARASSMENT, pl.col("month") == JAN.first_day)["state"].item()


@pytest.fixture
def home(tmp_path):
    return worlds.empty_world(tmp_path / "home")


def test_a_count_that_a_resubmission_raises_from_3_to_8_stays_hidden(home):
    worlds.send(home, "Z01", JAN, monthly=monthly(JAN, 3))
    first = of(home)
    assert set(first["suppressed"]["level"]) == {"programme"}, "which waits for Z02"
    assert state(shared(first)) == "suppressed"
    later = worlds.received(JAN) + timedelta(days=1)
    worlds.send(home, "Z01", JAN, at=later, monthly=monthly(JAN, 8))
    second = of(home)
    assert state(shared(second, remembering=False)) == "value"
    assert state(shared(second)) == "suppressed"
    hidden = shared(first).filter(pl.col("state") == "suppressed").select(KEY)
    shown = shared(second).filter(pl.col("state") == "value")
    assert hidden.join(shown, on=KEY, how="semi").is_empty()


def test_a_share_that_only_the_correction_has_does_not_say_how_many_incidents_it_added(home):
    first, *others = monthly(JAN, 8)
    without = first | {"support_offered_n": None}
    worlds.send(home, "Z01", JAN, monthly=[without, *others])
    later = worlds.received(JAN) + timedelta(days=1)
    worlds.send(home, "Z01", JAN, at=later, monthly=monthly(JAN, 16))
    january = shared(of(home)).filter(WARD, pl.col("month") == JAN.first_day, pl.col("months") == 1)
    states = dict(january.select("measure", "state").iter_rows())
    assert states["SS-I1"] == states["SS-P7"] == "suppressed"
    assert states["SS-I3"] == "value"


def test_what_a_withdrawn_version_hid_stays_hidden(home):
    worlds.send(home, "Z01", JAN, monthly=monthly(JAN, 8))
    later = worlds.received(JAN) + timedelta(days=1)
    worlds.send(home, "Z01", JAN, at=later, monthly=monthly(JAN, 3))
    decide.withdraw(home, "Z01/2025-01/2", Decided(worlds.TEAM, later, "Sent by mistake"))
    made = of(home)
    assert state(shared(made, remembering=False)) == "value"
    assert state(shared(made)) == "suppressed"


def test_without_a_second_version_nothing_is_remembered(small_home):
    assert of(small_home)["suppressed"].is_empty()
    assert list(earlier(small_home.archive.entries())) == []


def test_what_is_remembered_does_not_depend_on_the_order_of_sending(tmp_path):
    made = []
    orders = (("Z01", "Z02", "Z01 again"), ("Z01", "Z01 again", "Z02"), ("Z02", "Z01", "Z01 again"))
    for number, order in enumerate(orders):
        home = worlds.empty_world(tmp_path / str(number))
        for minutes, what in enumerate(order):
            at = worlds.received(JAN) + timedelta(minutes=minutes)
            code, _, again = what.partition(" ")
            rows = monthly(JAN, 8 if again else 3) if code == "Z01" else None
            worlds.send(home, code, JAN, at=at, **({"monthly": rows} if rows else {}))
        made.append(of(home)["suppressed"])
    assert made[0].height
    assert made[0].equals(made[1])
    assert made[0].equals(made[2])


def test_each_earlier_world_takes_the_last_version_of_what_was_sent_less_often(home):
    for number in range(3):
        at = worlds.received(JAN) + timedelta(minutes=number)
        worlds.send(home, "Z01", JAN, at=at, monthly=monthly(JAN, number))
    worlds.send(home, "Z02", FEB)
    found = [{r.return_id for r in world} for world in earlier(home.archive.entries())]
    assert found == [
        {"Z01/2025-01/1", "Z02/2025-02/1"},
        {"Z01/2025-01/2", "Z02/2025-02/1"},
    ]


def test_a_band_that_an_earlier_version_made_too_narrow_stays_hidden(own_home):
    """Two of a ward's months were once not collected: it was left out, and four wards left."""
    policy = DisclosurePolicy(smallest_outside_trust=2)
    last, group = pl.col("month") == worlds.LAST.first_day, "acute-female"
    band = (pl.col("measure") == "SS-O1") & (pl.col("peer_group") == group) & last
    before = of(own_home, disclosure=policy)["peer_bands"].filter(band)
    assert before["state"].to_list() == ["value"]
    for month in (worlds.LAST, worlds.LAST + -1):
        nothing = {"period": str(month), "ward_code": "ELDER1", "return_status": "not_collected"}
        rows = [worlds.monthly_row("DOGWD1", month), nothing]
        at = worlds.received(worlds.LAST)
        worlds.send(own_home, "Z02", month, at=at, monthly=rows)
        rows = [
            worlds.monthly_row(ward, month, patients_present=15) for ward in worlds.WARDS["Z02"]
        ]
        worlds.send(own_home, "Z02", month, at=at + timedelta(minutes=1), monthly=rows)
    after = of(own_home, disclosure=policy)["peer_bands"].filter(band)
    assert after["state"].to_list() == ["suppressed"]
    assert after["p50"].null_count() == 1


def test_a_figure_of_several_months_hides_nothing_in_months_that_were_sent_once(own_home):
    """A year of incidents by staff differs for a year after one of its months was corrected."""
    april, first = Month(2025, 4), of(own_home)
    rows = [worlds.monthly_row(ward, april) for ward in worlds.WARDS["Z01"]]
    rows[0] |= {"inc_assault": 1, "inc_affected_patient": 1, "inc_alleged_staff": 1}
    later = worlds.received(april) + timedelta(days=1)
    worlds.send(own_home, "Z01", april, at=later, monthly=rows)
    made = of(own_home)
    was, now = (each["observations"].filter(SEVERAL) for each in (first, made))
    assert now.filter(state="value")["month"].n_unique() == 3
    assert not now.equals(was)
    assert set(made["suppressed"]["month"]) == {april.first_day}
