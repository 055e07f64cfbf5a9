"""Saving the register: two people at once, nobody locked out, earlier versions restored."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl
import pytest

from pipelines.keeping import registering
from pipelines.keeping.decisions import Decided
from pipelines.keeping.edited_register import brought_back, keep_edited
from pipelines.keeping.registering import RegisterChanged
from pipelines.keeping.staging import versions
from pipelines.keeping.verify import archive_problems
from pipelines.registers import people_acts, ward_acts
from pipelines.registers.register import RegisterError, register_of
from schemas.periods import Month
from tests import worlds

AT = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = date(2026, 4, 1)
OTHER = "other@programme.example"


@pytest.fixture
def home(tmp_path):
    return worlds.empty_world(tmp_path / "home")


def beds(home, number: int, ward: str = "ALDER1"):
    return ward_acts.change_ward(home.archive.newest_register(), "Z01", ward, DAY, {"beds": number})


def kept_versions(home) -> list[int]:
    return versions(home.archive.root / "register")


def test_a_change_based_on_an_older_version_keeps_nothing_and_says_who_was_first(home):
    mine = beds(home, 14)
    keep_edited(home, beds(home, 20), Decided(OTHER, AT, "Four more beds"), 1)
    with pytest.raises(RegisterChanged) as error:
        keep_edited(home, mine, Decided(worlds.TEAM, AT, "Two fewer"), 1)
    assert str(error.value) == (
        "Your changes were not saved: you started from version 1, but other@programme.example "
        "saved version 2 at 12:00 on 10 March 2026 (“Four more beds”)."
    )
    assert [receipt.version for receipt in error.value.newer] == [2]
    assert kept_versions(home) == [1, 2]


def test_of_many_at_once_exactly_one_is_kept(home):
    changes = [beds(home, number) for number in range(20, 26)]

    def keep(register):
        try:
            return keep_edited(home, register, Decided(worlds.TEAM, AT, "At once"), 1).version
        except RegisterChanged:
            return None

    with ThreadPoolExecutor(6) as pool:
        kept = list(pool.map(keep, changes))
    assert sorted(version for version in kept if version) == [2]
    assert kept_versions(home) == [1, 2]
    assert archive_problems(home.archive) == []


def test_a_version_taken_in_the_last_moment_is_not_overwritten(home, monkeypatch):
    mine, theirs = beds(home, 14), beds(home, 20)
    usual = registering.left_alone
    faster = iter([True])

    def left_alone(*about):
        if next(faster, False):
            home.archive.keep_register(theirs, Decided(OTHER, AT, "Just before"))
        return usual(*about)

    monkeypatch.setattr(registering, "left_alone", left_alone)
    with pytest.raises(RegisterChanged):
        keep_edited(home, mine, Decided(worlds.TEAM, AT, "Late"), 1)
    assert 20 in home.archive.newest_register().wards["beds"].to_list()


def test_without_a_base_what_another_added_meanwhile_is_not_forgotten(home, monkeypatch):
    mine, added = beds(home, 14), worlds.ward_row("Z01", "NEW1")
    wards = pl.concat(
        [worlds.register_frames()["wards"], pl.DataFrame([added])], how="vertical_relaxed"
    )
    theirs = register_of(worlds.register_frames(wards=wards))
    usual = registering.left_alone
    faster = iter([True])

    def left_alone(*about):
        if next(faster, False):
            home.archive.keep_register(theirs, Decided(OTHER, AT, "Just before"))
        return usual(*about)

    monkeypatch.setattr(registering, "left_alone", left_alone)
    with pytest.raises(RegisterError, match=r"wards\.csv no longer includes Z01-NEW1"):
        home.archive.keep_register(mine, Decided(worlds.TEAM, AT, "Late"))
    assert kept_versions(home) == [1, 2]


def test_a_base_from_another_programme_is_said_to_be_unknown(home):
    with pytest.raises(RegisterError, match="version 9, which this programme does not have"):
        keep_edited(home, beds(home, 14), Decided(worlds.TEAM, AT, "So"), 9)


def test_nobody_can_lock_the_programme_team_out(home):
    alone = people_acts.end_access(home.archive.newest_register(), worlds.TEAM, DAY, AT.date())
    with pytest.raises(RegisterError, match="nobody on the programme team would have access"):
        keep_edited(home, alone, Decided(worlds.TEAM, AT, "Leaving"), 1)
    assert kept_versions(home) == [1]


@pytest.mark.parametrize(
    ("reason", "said"),
    [("  ", "Say why"), ("Ask anna.smith@example.org", "seems to include an e-mail address")],
)
def test_a_reason_is_needed_and_names_nobody(home, reason, said):
    with pytest.raises(RegisterError, match=said):
        keep_edited(home, beds(home, 14), Decided(worlds.TEAM, AT, reason), 1)
    assert kept_versions(home) == [1]


def test_invented_codes_are_refused_in_a_real_programme(home):
    frames = worlds.register_frames()
    real = {"Z01": "R00", "Z02": "R01"}
    for name in ("trusts", "wards"):
        frames[name] = frames[name].with_columns(pl.col("trust_code").replace(real))
    frames["access"] = frames["access"].with_columns(pl.col("trusts").replace(real))
    frames["invitations"] = frames["invitations"].clear()
    programme = worlds.programme(fictional=False)
    from pipelines.keeping.home import create_home

    made = create_home(home.root / "real", programme, frames, worlds.TEAM, AT)
    invented = pl.concat([made.archive.register().trusts, pl.DataFrame([worlds.trust_row("Z09")])],
                         how="vertical_relaxed")  # fmt: skip
    edited = replace(made.archive.register(), trusts=invented)
    with pytest.raises(RegisterError, match="Z09: codes Z01 to Z99 are for fictional programmes"):
        keep_edited(made, edited, Decided(worlds.TEAM, AT, "Another"), 1)


def test_an_earlier_version_comes_back_as_a_new_one(home):
    keep_edited(home, beds(home, 14), Decided(worlds.TEAM, AT, "Two fewer"), 1)
    again, forget = brought_back(home.archive, 1)
    kept = keep_edited(home, again, Decided(worlds.TEAM, AT, "A mistake"), 2, forget)
    assert kept.version == 3
    assert kept.wards.equals(home.archive.register_version(1).wards)
    assert 14 in home.archive.register_version(2).wards["beds"].to_list()
    with pytest.raises(RegisterError, match="nothing would change"):
        brought_back(home.archive, 1)


def test_what_was_added_by_mistake_may_go_as_long_as_nothing_was_sent_for_it(home):
    values = worlds.ward_row("Z01", "DELTA1", open_from=date(2024, 1, 1))
    added = ward_acts.add_ward(home.archive.newest_register(), "Z01", values)
    keep_edited(home, added, Decided(worlds.TEAM, worlds.START, "A new ward"), 1)
    again, forget = brought_back(home.archive, 1)
    assert forget == {("Z01", "DELTA1")}
    rows = [worlds.monthly_row(ward, Month(2025, 1)) for ward in (*worlds.WARDS["Z01"], "DELTA1")]
    worlds.send(home, "Z01", Month(2025, 1), monthly=rows)
    with pytest.raises(
        RegisterError, match="does not include Z01-DELTA1, and there have been returns"
    ):
        brought_back(home.archive, 1)
    with pytest.raises(RegisterError, match="no longer includes Z01-DELTA1"):
        keep_edited(home, again, Decided(worlds.TEAM, AT, "Back"), 2)


def test_a_version_that_is_not_there_is_a_sentence(home):
    with pytest.raises(RegisterError, match="There is no version 7"):
        home.archive.register_version(7)
    assert home.archive.register_version(0).trusts.is_empty()
