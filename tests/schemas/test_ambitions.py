"""Ambitions in a measure's file: what they may say, and what each fault is called."""

import pytest
from pydantic import ValidationError

from pipelines.measures import FOLDER, MeasureError, load
from schemas.ambitions import Ambition

WHOLE = {
    "name": "A made-up ambition",
    "change": -25,
    "by": "2027-03",
    "baseline": {"months": 6},
    "source": "Made up for this test.",
}
RESTRICTIVE = (FOLDER / "SS-B1_restrictive_interventions.toml").read_text(encoding="utf-8")
INCIDENTS = (FOLDER / "SS-I1_all_incidents.toml").read_text(encoding="utf-8")
WRITTEN = """
[[ambitions]]
name = "A made-up ambition"
change = -25
by = "2027-03"
baseline = { months = 6 }
source = "Made up for this test."
"""
OWN = WRITTEN.replace("by =", 'trust = "Z01"\nlevels = ["trust", "ward"]\nby =')


def of_file(tmp_path, text, name="SS-B1_restrictive.toml"):
    (tmp_path / name).write_text(text, encoding="utf-8")
    (measure,) = load(tmp_path)
    return measure


def test_a_measure_file_may_hold_the_programmes_ambition_and_a_trusts_own(tmp_path):
    national, own = of_file(tmp_path, RESTRICTIVE + WRITTEN + OWN).ambitions
    assert (national.levels, national.trust, national.change) == (("programme",), None, -25)
    assert (own.levels, own.trust, str(own.last_month)) == (("trust", "ward"), "Z01", "2027-03")
    assert (own.baseline.months, own.baseline.first) == (6, None)


def test_the_files_that_ship_hold_no_ambition_and_keep_their_targets():
    assert [measure.id for measure in load() if measure.ambitions] == []
    assert {m.id: m.target for m in load() if m.target is not None}["SS-P1"] == 100


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"target": 5.0}, "needs either a target or a change, and not both"),
        ({"change": None}, "needs either a target or a change, and not both"),
        ({"change": 0}, "has a change of 0: write -25 for 25% less"),
        ({"baseline": None}, "is a change, so it needs a baseline"),
        ({"by": "March 2027"}, "“March 2027” is not a month: write it like 2026-03"),
        ({"baseline": {"first": "2026-13"}}, "not a month"),
        ({"baseline": {"first": "2026-10"}}, "its baseline only ends in 2027-03: choose a later"),
        ({"trust": "Z01"}, "its levels can be “trust” and “ward”, no others"),
        ({"trust": "Z01", "levels": ["group"]}, "its levels can be “trust” and “ward”, no others"),
        ({"group": "Y56"}, 'write levels = \\["group"\\], and no trust'),
        ({"group": "Y56", "levels": ["group", "ward"]}, "and no trust"),
        ({"group": "Y56", "trust": "Z01", "levels": ["trust"]}, "and no trust"),
        ({"group": "y56", "levels": ["group"]}, "“y56” is not the code of a group"),
        ({"source": ""}, "at least 1 character"),
        (
            {"trust": "z01", "levels": ["trust"]},
            "“z01” is not the code of a trust: write it like Z01",
        ),
        ({"level": "trust"}, "Extra inputs are not permitted"),
    ],
)
def test_what_makes_no_sense_is_said(change, words):
    Ambition.model_validate(WHOLE)
    with pytest.raises(ValidationError, match=words):
        Ambition.model_validate(WHOLE | change)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (RESTRICTIVE + WRITTEN.replace("-25", "25"), r"change of \+25% would be for the worse"),
        (INCIDENTS + WRITTEN, "an ambition needs a measure whose direction is up or down"),
        ("target = 5\n" + RESTRICTIVE + WRITTEN, "has a target without a date too. Keep one"),
        (RESTRICTIVE + WRITTEN + WRITTEN, "it is for the same units as “A made-up ambition”"),
    ],
)
def test_an_ambition_that_does_not_fit_its_measure_is_named_with_its_file(tmp_path, text, words):
    name = "SS-I1_all.toml" if text.startswith(INCIDENTS) else "SS-B1_restrictive.toml"
    with pytest.raises(MeasureError, match=rf"{name}: .*A made-up ambition.*{words}"):
        of_file(tmp_path, text, name)


def test_a_percentage_can_not_be_over_100(tmp_path):
    text = (FOLDER / "SS-P4_staff_trained.toml").read_text(encoding="utf-8")
    text = "\n".join(line for line in text.splitlines() if not line.startswith("target"))
    aimed = WRITTEN.replace("change = -25", "target = 101")
    with pytest.raises(MeasureError, match=r"101% can't be reached"):
        of_file(tmp_path, f"{text}\n{aimed}", "SS-P4_staff_trained.toml")


def test_beside_a_target_without_a_date_a_trust_may_have_its_own(tmp_path):
    assert of_file(tmp_path, f"target = 5\n{RESTRICTIVE}{OWN}").target == 5


def test_an_ambition_says_what_is_to_be_reached_by_when():
    assert Ambition.model_validate(WHOLE).in_words == "-25% by 2027-03"
    fixed = WHOLE | {"change": None, "target": 9.0, "baseline": None}
    assert Ambition.model_validate(fixed).in_words == "9 by 2027-03"
