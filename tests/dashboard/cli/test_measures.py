"""Measures on the command line: fetched, edited, tried, saved and listed."""

import json
import re
import shutil
from pathlib import Path

import pytest

from dashboard.cli.errors import Exit
from pipelines.keeping.decisions import Decided
from pipelines.keeping.home import Home
from pipelines.keeping.layout import chain_file
from pipelines.measures import FOLDER, load
from tests import worlds
from tests.dashboard.cli.typed import run


@pytest.fixture
def home(two_months: Home, tmp_path: Path) -> Home:
    return Home(Path(shutil.copytree(two_months.root, tmp_path / "home")))


def typed(home: Home, *arguments: object):
    return run("measures", *arguments, "--home", home.root)


def edit(home: Home) -> None:
    fetched = typed(home, "fetch", "SS-P4", "SS-I1")
    assert fetched.exit_code == Exit.DONE, fetched.output
    (path,) = (home.root / "measures").glob("SS-P4_*")
    path.write_text(path.read_text().replace("target = 90", "target = 80"))
    (path,) = (home.root / "measures").glob("SS-I1_*")
    path.write_text(path.read_text().replace('"inc_assault", "inc_other"]', '"inc_assault"]'))


def test_measures_are_fetched_edited_tried_and_kept(home):
    assert f"All {len(load())} measures are as they come" in typed(home, "show").stdout
    assert "has not changed or added any measure" in typed(home, "versions").stdout
    edit(home)
    tried = typed(home, "check")
    assert tried.exit_code == Exit.DONE, tried.output
    assert "SS-P4 Staff trained in sexual safety: target 80% instead of 90%." in tried.stdout
    assert "SS-P4: how_it_is_calculated still names 90, the target before" in tried.stdout
    assert "SS-I1: every month is worked out again" in tried.stdout
    assert home.archive.measures_kept() == []
    kept = typed(home, "keep", "--reason", "Agreed in March", "--by", worlds.TEAM)
    assert kept.exit_code == Exit.DONE, kept.output
    assert "Version 1 of the programme’s own measures is saved." in kept.stdout
    assert "numerator inc_harassment + inc_assault instead of inc_harassment" in kept.stdout
    shown = typed(home, "show").stdout
    assert f"Version 1: saved by {worlds.TEAM} at" in shown
    assert "(“Agreed in March”)" in shown
    assert "target 80% instead of 90%" in shown
    assert typed(home, "versions").stdout.count("Version 1: saved by") == 1
    again = typed(home, "keep", "--reason", "The same again")
    assert (again.exit_code, "nothing was saved" in again.stdout) == (Exit.DONE, True)
    assert "change nothing" in typed(home, "check").stdout


def test_a_measure_goes_back_to_the_way_it_comes_with_the_program(home, tmp_path):
    edit(home)
    typed(home, "keep", "--reason", "Agreed")
    fetched = typed(home, "fetch", "SS-P4", "--shipped", "--into", tmp_path / "back")
    assert fetched.exit_code == Exit.DONE, fetched.output
    back = typed(home, "keep", tmp_path / "back", "--reason", "It was right")
    assert "target 90% instead of 80%" in back.stdout
    shown = typed(home, "show").stdout
    assert ("SS-P4" in shown, "SS-I1" in shown) == (False, True)


def test_an_earlier_version_is_saved_again_and_that_is_undone_the_same_way(home):
    edit(home)
    saved = typed(home, "keep", "--reason", "Agreed")
    assert "To undo it: feeling-safe measures restore 0" in saved.stdout
    back = typed(home, "restore", 0, "--reason", "They were right")
    assert back.exit_code == Exit.DONE, back.output
    assert "Version 2 of the programme’s own measures is saved." in back.stdout
    assert "target 90% instead of 80%" in back.stdout
    assert "To undo it: feeling-safe measures restore 1" in back.stdout
    assert f"All {len(load())} measures are as they come" in typed(home, "show").stdout
    again = json.loads(typed(home, "restore", 1, "--reason", "Agreed after all", "--json").stdout)
    status = json.loads(run("status", "--json", "--home", home.root).stdout)
    assert (again["version"], again["release"]) == (3, status["release"])
    assert "target 80% instead of 90%" in typed(home, "show").stdout
    same = typed(home, "restore", 1, "--reason", "Once more")
    assert (same.exit_code, "nothing was saved" in same.stdout) == (Exit.DONE, True)
    gone = typed(home, "restore", 9, "--reason", "It never was")
    assert (gone.exit_code, "no version 9 of" in gone.stderr) == (Exit.WRONG_USE, True)
    assert [kept.version for kept in home.archive.measures_kept()] == [1, 2, 3]


def test_programs_get_the_same_as_json(home):
    edit(home)
    (tried, _) = sorted(json.loads(typed(home, "check", "--json").stdout), key=lambda d: d["name"])
    assert tried["fields"].keys() == {"numerator"}
    assert (tried["measure"], tried["counted_otherwise"], tried["added"]) == ("SS-I1", True, False)
    kept = json.loads(typed(home, "keep", "--reason", "Agreed", "--json").stdout)
    status = json.loads(run("status", "--json", "--home", home.root).stdout)
    assert (kept["version"], kept["release"]) == (1, status["release"])
    shown = json.loads(typed(home, "show", "--json").stdout)
    assert (shown["version"], shown["measures"]) == (1, len(load()))
    assert len(shown["differences"]) == 2
    assert [v["reason"] for v in json.loads(typed(home, "versions", "--json").stdout)] == ["Agreed"]


AMBITION = """
[[ambitions]]
name = "national ambition"
change = 10
by = "2027-03"
baseline = { months = 6 }
source = "Made up."
"""


TARGETED = AMBITION.replace("change = 10", "target = {}").replace("baseline = { months = 6 }\n", "")


def add_ambition(home: Home, text: str = AMBITION) -> None:
    (path,) = (home.root / "measures").glob("SS-P4_*")
    path.write_text(path.read_text().replace("target = 90\n", "").partition(AMBITION)[0] + text)


def test_an_ambition_is_shown_like_every_other_change(home):
    typed(home, "fetch", "SS-P4")
    add_ambition(home)
    added = "ambitions “national ambition” (+10% by 2027-03) instead of nothing"
    for command in (("check",), ("keep", "--reason", "Agreed"), ("show",)):
        result = typed(home, *command)
        assert (result.exit_code, added in result.stdout) == (Exit.DONE, True), result.output
    (shown,) = json.loads(typed(home, "show", "--json").stdout)["differences"]
    (ambition,) = shown["fields"]["ambitions"]["after"]
    assert (ambition["change"], ambition["baseline"]["months"]) == (10, 6)
    add_ambition(home, AMBITION.replace("months = 6", "months = 9"))
    tried = typed(home, "check").stdout
    assert "ambitions “national ambition” (+10% by 2027-03) with other details." in tried


def test_a_long_list_of_what_is_counted_is_never_taken_for_words(home):
    typed(home, "fetch", "SS-I1")
    (path,) = (home.root / "measures").glob("SS-I1_*")
    text = path.read_text()
    more = "inc_affected_staff", "inc_affected_patient", "inc_affected_visitor"
    listed = ", ".join(f'"{name}"' for name in more)
    path.write_text(re.sub(r"^numerator = .*$", f"numerator = [{listed}]", text, flags=re.M))
    assert f"numerator {' + '.join(more)} instead of" in typed(home, "check").stdout


def test_what_can_not_be_used_is_refused_and_nothing_is_kept(home, tmp_path):
    empty = typed(home, "check", tmp_path)
    assert (empty.exit_code, "There are no measures in" in empty.stderr) == (Exit.WRONG_USE, True)
    edit(home)
    (path,) = (home.root / "measures").glob("SS-P4_*")
    path.write_text(path.read_text().replace("target = 80", 'target = "many"'))
    for command in (("check",), ("keep", "--reason", "Agreed")):
        refused = typed(home, *command)
        assert refused.exit_code == Exit.WRONG_USE
        assert f"{path.name}: target –" in refused.stderr
    assert home.archive.measures_kept() == []
    unknown = typed(home, "fetch", "SS-P99").stderr
    assert unknown.index("SS-P1,") < unknown.index("SS-P2,") < unknown.index("SS-P10,")
    fetched = typed(home, "fetch", "SS-P4")
    assert (fetched.exit_code, "may have been edited" in fetched.stderr) == (Exit.WRONG_USE, True)


def test_a_damaged_version_is_named_and_stops_neither_status_nor_restore(home, tmp_path):
    edit(home)
    typed(home, "keep", "--reason", "Agreed")
    (path,) = (home.root / "archive" / "measures" / "1").glob("SS-P4_*")
    path.write_text(path.read_text().replace("target = 80", "target = 70"))
    built = run("build", "--home", home.root)
    assert built.exit_code == Exit.WRONG_USE
    assert "Version 1 of the programme’s own measures is damaged" in built.stderr
    status = run("status", "--home", home.root)
    assert status.exit_code == Exit.DONE
    assert "version 1 of the measures. Restore it from a backup" in status.stdout
    assert "Version 1 of the measures is not the one" in run("verify", "--home", home.root).stdout
    saved = run("backup", tmp_path / "b.zip", "--home", home.root)
    assert (saved.exit_code, "Version 1 of the measures" in saved.stdout) == (Exit.PROBLEMS, True)
    restored = run("restore", tmp_path / "b.zip", "--home", tmp_path / "new")
    assert restored.exit_code == Exit.PROBLEMS
    assert "No release could be built. Version 1 of the programme’s own" in restored.stdout
    assert len(Home(tmp_path / "new").archive.receipts()) == 4


@pytest.mark.parametrize(
    ("line", "instead", "said"),
    [
        ("target = 90", "traget = 90", "traget – there is no such field: check its spelling."),
        ('who = "Training record"', "", "who – is missing."),
        ('"up"', '"higher"', "direction – should be 'up', 'down' or 'none'."),
        ("target = 90", "target = 900", "a target of 900% can't be reached."),
        ("target = 90", "target = 0.95", "to 100: for 95%, write 95."),
        ("target = 90", TARGETED.format("0.95"), "a target of 0.95 would be 0.95%."),
        ("target = 90", TARGETED.format("95"), None),
        ("reviewed = 2", "reviewed = 9", "is before reviewed,"),
        ("target = 90", 'target = "many"', "target – should be a valid number"),
        ("target = 90", AMBITION, None),
        (
            "target = 90",
            AMBITION.replace("change", "chnage"),
            "ambitions, number 1, chnage – there",
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_plain_words(home, tmp_path, line, instead, said):
    (path,) = FOLDER.glob("SS-P4_*")
    text = path.read_text().replace(line, "" if "[[" in instead else instead)
    (tmp_path / path.name).write_text(text + (instead if "[[" in instead else ""))
    tried = typed(home, "check", tmp_path)
    assert tried.exit_code == (Exit.WRONG_USE if said else Exit.DONE), tried.output
    assert (said or "") in tried.stderr


def test_a_version_that_is_gone_is_named_and_its_figures_are_not_replaced_by_older_ones(home):
    for target in ("80", "70"):
        files = worlds.measure_file("SS-P4", target=target)
        decided = Decided(worlds.TEAM, worlds.received(worlds.FIRST), f"{target} is enough")
        home.archive.keep_measures(files, decided, len(home.archive.measures_kept()))
    shutil.rmtree(home.archive.root / "measures" / "2")
    listed = typed(home, "versions")
    assert (listed.exit_code, listed.stdout.count("saved by")) == (Exit.PROBLEMS, 1)
    assert "Version 2 is gone: restore it from a backup." in listed.stderr
    assert len(json.loads(typed(home, "versions", "--json").stdout)) == 1
    for command in (("show",), ("fetch", "SS-P4"), ("check",)):
        refused = typed(home, *command)
        assert refused.exit_code == Exit.WRONG_USE, refused.output
    assert "Version 2 of the programme’s own measures is gone" in typed(home, "show").stderr
    assert (
        "Version 2 of the programme’s own measures is gone"
        in run("build", "--home", home.root).stderr
    )
    path = chain_file(home.archive.root)
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    cut = typed(home, "versions")
    assert (cut.exit_code, "1 are gone" in cut.stderr) == (Exit.PROBLEMS, True)


def test_a_tiny_target_that_may_be_meant_is_asked_about(home, tmp_path):
    (path,) = FOLDER.glob("SS-P4_*")
    text = path.read_text().replace('direction = "up"', 'direction = "down"')
    (tmp_path / path.name).write_text(text.replace("target = 90", "target = 0.5"))
    tried = typed(home, "check", tmp_path)
    assert tried.exit_code == Exit.DONE, tried.output
    assert "target 0.5% instead of 90%" in tried.stdout
    assert "SS-P4: the target is 0.5%. Percentages are written from 0 to 100: is 50% meant?" in (
        tried.stdout
    )
