import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipelines.measures import FOLDER, MeasureError, load

CORE = {"SS-O1", "SS-O2", "SS-I2", "SS-I3", "SS-I4", "SS-P1"}
GOOD = (FOLDER / "SS-O1_patients_feel_safe.toml").read_text(encoding="utf-8")


def folder_with(tmp_path: Path, text: str, name: str = "SS-O1_patients.toml") -> Path:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_the_core_set_is_the_collaboratives():
    assert {measure.id for measure in load() if measure.core} == CORE


def test_measures_come_in_reading_order():
    assert [measure.sort for measure in load()] == sorted(measure.sort for measure in load())


def test_reported_incidents_have_no_better_direction():
    incidents = [measure for measure in load() if measure.topic == "incidents"]
    assert len(incidents) == 9
    assert {measure.direction for measure in incidents} == {"none"}
    assert {measure.target for measure in incidents} == {None}


def test_staff_alleged_responsible_is_the_restricted_measure_and_only_a_table():
    restricted = [measure for measure in load() if measure.restricted]
    assert [(measure.id, measure.chart) for measure in restricted] == [("SS-I8", "table")]


def test_every_measure_is_reviewed_once_a_year_or_more():
    for measure in load():
        length = measure.next_review - measure.reviewed
        assert timedelta(0) < length <= timedelta(days=366), measure.id
        assert measure.reviewed >= date(2026, 1, 1)


@pytest.mark.parametrize("measure", load(), ids=lambda measure: measure.id)
def test_every_measure_says_why_and_how_in_sentences(measure):
    words = f"{measure.why_it_matters} {measure.how_it_is_calculated}"
    assert measure.why_it_matters.endswith(".")
    assert measure.how_it_is_calculated.endswith(".")
    assert not re.search(r"victim|perpetrator|\bbest\b|\bworst\b|league|\s{2}", words)


def test_an_unknown_field_is_named_with_its_file(tmp_path):
    text = GOOD.replace('["pt_safe"]', '["pt_happy"]')
    with pytest.raises(MeasureError, match=r"SS-O1_patients\.toml: .*counts pt_happy, which no"):
        load(folder_with(tmp_path, text))


def test_a_wrong_direction_is_named_with_its_file_and_field(tmp_path):
    text = GOOD.replace('direction = "up"', 'direction = "higher"')
    with pytest.raises(MeasureError, match=r"SS-O1_patients\.toml: direction – .*'up'"):
        load(folder_with(tmp_path, text))


def test_text_that_is_not_toml_is_named_with_its_file(tmp_path):
    with pytest.raises(MeasureError, match=r"SS-O1_patients\.toml is not a readable TOML file"):
        load(folder_with(tmp_path, "id = SS-O1"))


def test_a_file_is_named_after_its_measure(tmp_path):
    with pytest.raises(MeasureError, match="start its name with “SS-O1_”"):
        load(folder_with(tmp_path, GOOD, "safe.toml"))


def test_two_files_cannot_hold_the_same_measure(tmp_path):
    folder_with(tmp_path, GOOD, "SS-O1_one.toml")
    with pytest.raises(MeasureError, match=r"SS-O1_one\.toml and SS-O1_two\.toml have the same id"):
        load(folder_with(tmp_path, GOOD, "SS-O1_two.toml"))


def test_an_empty_folder_is_an_error_and_not_a_programme_without_measures(tmp_path):
    with pytest.raises(MeasureError, match="There are no measures"):
        load(tmp_path)
