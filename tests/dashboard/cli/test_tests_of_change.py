"""feeling-safe tests-of-change, as it is typed."""

import json
import shutil

import pytest

from dashboard.cli.errors import Exit
from pipelines.releasing import release_file
from tests.dashboard.cli.typed import run

GIVEN = {
    "--idea": "Evening huddle",
    "--foundation": "confidence",
    "--prediction": "More people feel safe",
    "--start": "2025-01-06",
    "--end": "2025-02-28",
}


@pytest.fixture
def home(two_months, tmp_path):
    return shutil.copytree(two_months.root, tmp_path / "home")


def add(home, ward="Z01-ALDER1", **changes):
    given = {**GIVEN, **{f"--{name}": value for name, value in changes.items()}}
    options = [part for option in given.items() for part in option]
    return run("tests-of-change", "add", ward, *options, "--home", home)


def listed(home, *options):
    return run("tests-of-change", "list", *options, "--home", home)


def test_a_test_is_recorded_listed_changed_and_undone(home):
    assert listed(home).stdout == "No test of change has been recorded.\n"
    added = add(home)
    assert added.exit_code == Exit.DONE, added.output
    assert "Saved: “Evening huddle”, Z01-ALDER1." in added.stdout
    (row,) = json.loads(listed(home, "--json").stdout)
    assert (row["state"], row["version"], row["outcome"]) == ("overdue", 1, None)
    assert "Z01-ALDER1  overdue, to 28 February 2025  “Evening huddle”" in listed(home).stdout

    said = ["--outcome", "adopt", "--happened", "It worked", "--reason", "It is over", "--json"]
    changed = run("tests-of-change", "change", row["id"], *said, "--home", home)
    assert changed.exit_code == Exit.DONE, changed.output
    (row,) = json.loads(listed(home, "--json").stdout)
    assert (row["state"], row["version"], row["idea"]) == ("adopt", 2, "Evening huddle")
    flags = "SELECT label FROM events WHERE kind = 'test_of_change' AND source = 'change_tests'"
    shown = release_file.read(release_file.current(home / "releases"), flags)
    assert shown["label"].to_list() == ["Evening huddle (test of change: adopted)"]

    decided = json.loads(changed.stdout)["decision"]
    assert run("undo", decided, "--reason", "Too early", "--home", home).exit_code == Exit.DONE
    assert json.loads(listed(home, "--json").stdout)[0]["state"] == "overdue"


def test_only_one_trust_is_listed_if_one_is_named(home):
    add(home)
    assert "Evening huddle" in listed(home, "--trust", "z01").stdout
    assert "Evening huddle" not in listed(home, "--trust", "Z02").stdout
    assert "no trust Z09" in listed(home, "--trust", "Z09").stderr


@pytest.mark.parametrize(
    ("ward", "changes", "said"),
    [
        ("Z01-NOWARD", {}, "its wards are ALDER1"),
        ("Z01", {}, "Choose the ward that tries it"),
        ("Z01-ALDER1", {"end": "2025-01-05"}, "before it starts on 6 January 2025"),
        ("Z01-ALDER1", {"end": "5 May"}, "“5 May” is not a date"),
        ("Z01-ALDER1", {"foundation": "luck"}, "choose one of benchmarking, charter"),
        ("Z01-ALDER1", {"outcome": "won"}, "choose one of adopt, adapt, abandon"),
        ("Z01-ALDER1", {"prediction": "Dr Smith will like it"}, "a person's name"),
    ],
)
def test_what_cannot_be_right_is_refused_in_a_sentence(home, ward, changes, said):
    refused = add(home, ward, **changes)
    assert refused.exit_code == Exit.WRONG_USE
    assert said in refused.stderr
    assert "Traceback" not in refused.output
    assert listed(home).stdout == "No test of change has been recorded.\n"


def test_a_test_that_is_not_there_cannot_be_changed(home):
    refused = run("tests-of-change", "change", "nothing", "--reason", "Why not", "--home", home)
    assert refused.exit_code == Exit.WRONG_USE
    assert "There is no test of change nothing" in refused.stderr
