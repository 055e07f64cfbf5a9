"""Edited measures are tried before they are kept; what can't be used is refused in a sentence."""

from datetime import UTC, datetime

import polars as pl
import pytest

from pipelines import edited_measures
from pipelines.edited_measures import differences, fetch, keep_edited, own_differences, trial
from pipelines.keeping.decisions import Decided
from pipelines.measures import FOLDER, MeasureError, contents, load
from pipelines.releasing.release_checks import ReleaseError
from tests import worlds

NOW = datetime(2025, 4, 20, 12, tzinfo=UTC)
AGREED = Decided(worlds.TEAM, NOW, "Agreed")
LOWER = worlds.measure_file("SS-P4", target="80")
ADDED = worlds.measure_file("SS-P4", id='"SS-P50"', name='"Twice"', short_name='"Twice too"')


@pytest.fixture
def small(tmp_path):
    return worlds.small_world(tmp_path / "home", worlds.FIRST, worlds.FIRST)


def test_a_trial_says_what_would_change_and_keeps_nothing(small):
    before = small.archive.links()
    files = LOWER | ADDED | worlds.measure_file("SS-I1", numerator='["inc_assault"]')
    found = {each.after.id: each for each in trial(small, files, NOW).differences}
    assert set(found) == {"SS-P4", "SS-P50", "SS-I1"}
    assert found["SS-P4"].fields == {"target": (90, 80)}
    assert not found["SS-P4"].counted_otherwise
    assert found["SS-I1"].counted_otherwise
    assert (found["SS-P50"].before, found["SS-P50"].fields) == (None, {})
    assert small.archive.links() == before


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("The target is 90%.", True),
        ("Nine in ten, 90 of 100, have it.", True),
        ("From 190 to 900, or 90.5%.", False),
        ("Staff in post.", False),
    ],
)
def test_a_text_that_still_names_the_target_that_was_changed_is_found(text, named):
    (before,) = (measure for measure in load() if measure.id == "SS-P4")
    before = before.model_copy(update={"how_it_is_calculated": text})
    after = before.model_copy(update={"target": 80.0})
    (found,) = differences([before], [after])
    assert found.texts_with_former_target == (("how_it_is_calculated",) if named else ())
    again = before.model_copy(update={"name": "Other words"})
    (found,) = differences([before], [again])
    assert found.texts_with_former_target == ()


def test_what_is_kept_is_what_differs_from_those_that_ship(small):
    version, changed = keep_edited(small, contents(FOLDER) | LOWER_IN_PLACE, AGREED)
    assert (version, [each.after.id for each in changed]) == (1, ["SS-P4"])
    kept = small.archive.root / "measures" / "1"
    assert sorted(path.name for path in kept.iterdir()) == [SHIPPED, "receipt.json"]
    assert [each.after.id for each in own_differences(small, 1)] == ["SS-P4"]


(SHIPPED,) = (path.name for path in FOLDER.glob("SS-P4_*"))
LOWER_IN_PLACE = {SHIPPED: LOWER["SS-P4_own.toml"]}


def test_an_ambition_is_of_a_trust_or_group_in_the_register(small):
    def of(code: str, level: str = "trust") -> dict[str, bytes]:
        (held,) = worlds.measure_file("SS-P4").values()
        more = (
            f'\n[[ambitions]]\nname = "Nearly all"\n{level} = "{code}"\nlevels = ["{level}"]\n'
            'by = "2026-03"\ntarget = 95\nsource = "Made up"\n'
        )
        return {"SS-P4_own.toml": held + more.encode()}

    (found,) = trial(small, of("Z01"), NOW).differences
    assert found.after.ambitions[0].trust == "Z01"
    with pytest.raises(MeasureError, match="trust Z77, which the register doesn’t know"):
        trial(small, of("Z77"), NOW)
    (found,) = trial(small, of("Y56", "group"), NOW).differences
    assert found.after.ambitions[0].group == "Y56"
    with pytest.raises(MeasureError, match="group NONE, which the register doesn’t know"):
        trial(small, of("NONE", "group"), NOW)


def test_the_same_again_is_no_new_version(small):
    keep_edited(small, LOWER, AGREED)
    assert keep_edited(small, LOWER, AGREED) == (1, [])
    assert len(small.archive.measures_kept()) == 1


def test_a_version_kept_meanwhile_is_tried_too_and_stays(small, monkeypatch):
    tried = edited_measures.trial

    def slow(home, files, now):
        found = tried(home, files, now)
        if not home.archive.measures_kept():
            home.archive.keep_measures(ADDED, AGREED)
        return found

    monkeypatch.setattr(edited_measures, "trial", slow)
    assert keep_edited(small, LOWER, AGREED)[0] == 2
    assert [each.after.id for each in own_differences(small, 2)] == ["SS-P4", "SS-P50"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"SS-P4_own.toml": b"id ="}, "SS-P4_own.toml is not a readable TOML file"),
        (worlds.measure_file("SS-P4", numerator='["happy"]'), "counts happy, which no return has"),
        (
            worlds.measure_file("SS-P4", numerator='["survey_mode"]'),
            "counts survey_mode, where no number is sent",
        ),
        (
            worlds.measure_file("SS-P4", numerator='["inc_alleged_staff"]'),
            "only the trust itself and the programme team may see: set restricted = true",
        ),
        (
            worlds.measure_file("SS-P4", numerator='["trained_n", "trained_n"]'),
            "names a field twice",
        ),
        (
            worlds.measure_file("SS-P4", id='"SS-P50"'),
            "SS-P4 and SS-P50 are both called “Staff trained",
        ),
        (LOWER | LOWER_IN_PLACE, "have the same id, SS-P4"),
    ],
)
def test_a_faulty_file_is_refused_and_nothing_is_kept(small, files, said):
    with pytest.raises(MeasureError) as refused:
        keep_edited(small, files, AGREED)
    assert said in str(refused.value)
    assert small.archive.measures_kept() == []


@pytest.mark.parametrize(
    "broken", [ReleaseError("observations: a rule (3 rows)"), pl.exceptions.ComputeError("1")]
)
def test_figures_that_break_a_rule_are_refused_and_nothing_is_kept(small, monkeypatch, broken):
    def check(tables):
        measures = tables["measures"].filter(measure="SS-P4")
        if measures["target"].item() == 80:
            raise broken

    monkeypatch.setattr("pipelines.releasing.release_checks.check", check)
    with pytest.raises(MeasureError, match="can’t be worked out with these measures, so nothing"):
        keep_edited(small, LOWER, AGREED)
    assert small.archive.measures_kept() == []
    assert not list(small.releases.glob("*.duckdb"))


def test_a_damaged_return_does_not_stop_a_change(small):
    (first, *_) = small.archive.receipts()
    (small.archive.folder(first) / "rows.parquet").write_bytes(b"PAR1" * 20)
    assert keep_edited(small, LOWER, AGREED)[0] == 1


@pytest.mark.parametrize(
    ("reason", "said"),
    [(" ", "Say why"), ("Asked by 07700 900123", "seems to include"), ("x" * 501, "at most 500")],
)
def test_a_reason_is_needed_and_names_nobody(small, reason, said):
    with pytest.raises(MeasureError, match=said):
        keep_edited(small, LOWER, Decided(worlds.TEAM, NOW, reason))
    assert small.archive.measures_kept() == []


def test_files_are_fetched_as_they_are_in_use_and_never_written_over(small, tmp_path):
    keep_edited(small, LOWER, AGREED)
    folder = tmp_path / "edit"
    written = fetch(small, ["SS-P4", "SS-I1"], folder)
    assert {path.name for path in written} == {"SS-P4_own.toml", "SS-I1_all_incidents.toml"}
    assert (folder / "SS-P4_own.toml").read_bytes() == LOWER["SS-P4_own.toml"]
    with pytest.raises(MeasureError, match="may have been edited: name another folder"):
        fetch(small, ["SS-O1", "SS-P4"], folder)
    with pytest.raises(MeasureError, match="There is no measure SS-Z9: write codes such as SS-I1"):
        fetch(small, ["SS-Z9"], folder)
    assert len(list(folder.iterdir())) == 2
