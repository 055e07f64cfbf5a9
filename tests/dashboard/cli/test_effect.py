"""`feeling-safe effect` as it is typed, and as docs/effect.md describes it."""

import json
import re
from pathlib import Path

import pytest

from dashboard.cli.effect import effect
from dashboard.cli.errors import Exit
from pipelines.effect.tidy_file import COLUMNS
from pipelines.statistics.effect.comparable import FEWEST_CLUSTERS, FEWEST_STARTERS
from tests.dashboard.cli.typed import run
from tests.pipelines.effect.programmes import programme, saved, text_file

DOCUMENT = (Path(__file__).parents[3] / "docs" / "effect.md").read_text(encoding="utf-8")


def test_the_document_names_every_option_column_and_limit():
    options = {f"--{name.replace('_', '-')}" for name in effect.__annotations__} - {"--return"}
    options = options - {"--file", "--as-json"} | {"--json"}
    assert set(re.findall(r"^\| `(--[\w-]+)` \|", DOCUMENT, re.M)) == options
    for column in COLUMNS:
        assert f"`{column}`" in DOCUMENT
    few = f"Too few clusters (fewer than {FEWEST_CLUSTERS}), or too few that started (fewer than "
    assert f"{few}{FEWEST_STARTERS})" in DOCUMENT


def test_an_answer_is_printed_in_sentences_and_then_by_month(tmp_path):
    result = run("effect", saved(programme(), tmp_path))
    assert result.exit_code == Exit.DONE, result.output
    lines = result.stdout.splitlines()
    assert lines[0].startswith("Once units had started, their figures were ")
    place = next(i for i, line in enumerate(lines) if line.startswith("By month since the start"))
    assert lines[place] == (
        "By month since the start, in percentage points with 95% intervals (0 is the first month "
        "with it):"
    )
    assert lines[place + 1].split()[0] == "0"


def test_json_holds_the_same_and_nothing_else_is_printed(tmp_path):
    result = run("effect", saved(programme(), tmp_path), "--json")
    content = json.loads(result.stdout)
    assert content["answered"] is True
    assert result.exit_code == Exit.DONE
    printed = run("effect", saved(programme(), tmp_path)).stdout.splitlines()
    assert printed[: len(content["sentences"])] == content["sentences"]


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_refusal_leaves_with_3(tmp_path, options):
    result = run("effect", saved(programme(trusts=8), tmp_path), *options)
    assert result.exit_code == Exit.NO_ANSWER == 3
    assert "Too few clusters: 8 can be compared" in result.stdout


def test_a_rate_is_asked_for_by_name(tmp_path):
    result = run("effect", saved(programme(), tmp_path), "--measure-kind", "rate")
    assert result.exit_code == Exit.DONE
    assert "The rate ratio is 1." in result.stdout


def test_what_is_written_is_named_and_what_is_not(tmp_path):
    out = tmp_path / "out.csv"
    result = run("effect", saved(programme(), tmp_path), "--out", out)
    assert f"Written: {out}" in result.stderr
    out = tmp_path / "other.csv"
    result = run("effect", saved(programme(trusts=8), tmp_path), "--out", out)
    assert f"{out} is not written: there is no answer." in result.stderr
    assert not out.exists()


def test_a_file_that_cant_be_used_leaves_with_2(tmp_path):
    result = run("effect", text_file(tmp_path, "Z01-A,Z01,2026-01,5,4,"))
    assert result.exit_code == Exit.WRONG_USE
    assert "5 of 4 can't be" in result.stderr
    assert run("effect", tmp_path / "none.csv").exit_code == Exit.WRONG_USE
