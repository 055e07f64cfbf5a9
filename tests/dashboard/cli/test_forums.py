"""Forums on the command line: saved from files, listed, undone, and refused in sentences."""

import json
import shutil
from pathlib import Path

import pytest

from dashboard.cli.errors import Exit
from pipelines.keeping.home import Home
from pipelines.verify_home import verify
from tests.dashboard.cli.typed import run


@pytest.fixture
def home(two_months: Home, tmp_path: Path) -> Home:
    return Home(Path(shutil.copytree(two_months.root, tmp_path / "home")))


def typed(home: Home, *arguments: object):
    return run("forums", *arguments, "--home", home.root)


def file(home: Home, text: str) -> Path:
    path = home.root.parent / "file.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_forums_are_kept_attended_evaluated_listed_and_undone(home):
    assert "There are no learning forums yet." in typed(home, "show").stdout
    listed = file(home, "forum,date,title,kind\nlf01,2025-02-12,Safety first,Workshop\n")
    assert "Saved: LF01. Release" in typed(home, "keep", listed).stdout
    assert "This file changes nothing" in typed(home, "keep", listed).stdout
    assert "Safety first: not counted who came, no answers yet." in typed(home, "show").stdout
    came = file(home, "trust;staff;carers\nZ01;3;1\nZ02;2;\n")
    assert (
        "6 people from 2 trusts saved for LF01." in typed(home, "attendance", "lf01", came).stdout
    )
    form = file(home, "ID,It was useful,What now?\n1,Agree,A huddle\n2,Agree,Ask Sarah Jones\n")
    kept = typed(home, "evaluation", "LF01", form)
    assert "Answers to 2 questions saved for LF01." in kept.stdout
    assert "Column “ID” was left out: the form tool added it." in kept.stderr
    assert "1 answer to “What now?” was left out" in kept.stderr
    assert typed(home, "show").stdout == (
        "LF01  12 February 2025  Safety first: 6 people came, 2 people answered.\n"
    )
    undone = typed(home, "undo", "LF01", "--reason", "The wrong form")
    assert "The last change to LF01 is undone." in undone.stdout
    (shown,) = json.loads(typed(home, "show", "--json").stdout)
    assert (shown["forum"], shown["people"], shown["answered"]) == ("LF01", 6, 0)
    assert verify(home) == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("attendance", "LF01"), "There is no forum LF01: add it first"),
        (("evaluation", "LF01"), "says where people work"),
        (("keep",), "file.csv has a column “trust”, which has no place here"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_a_sentence(home, arguments, sentence):
    before = home.archive.state()
    refused = typed(home, *arguments, file(home, "trust,staff\nZ01,3\n"))
    assert refused.exit_code == Exit.WRONG_USE
    assert sentence in refused.stderr
    assert "went wrong" not in refused.stderr
    assert home.archive.state() == before
