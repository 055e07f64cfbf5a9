"""`feeling-safe rehearse` as it is typed, and as docs/rehearsing.md describes it."""

import json
import re
from pathlib import Path

import pytest

from dashboard.cli.errors import Exit
from dashboard.cli.rehearse import rehearse
from pipelines.rehearsing.plan import COLUMNS
from tests.dashboard.cli.typed import run

DOCUMENT = (Path(__file__).parents[3] / "docs" / "rehearsing.md").read_text(encoding="utf-8")


def test_the_document_names_every_option_and_column():
    options = {f"--{name.replace('_', '-')}" for name in rehearse.__annotations__} - {"--return"}
    options = options - {"--file", "--as-json"} | {"--json"}
    assert set(re.findall(r"^\| `(--[\w-]+)` \|", DOCUMENT, re.M)) == options
    for column in COLUMNS:
        assert f"`{column}`" in DOCUMENT


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_plan_that_can_say_nothing_leaves_with_3(options, tmp_path):
    plan = tmp_path / "plan.csv"
    rows = [f"Z{n:02},W{n},12,{n}" for n in range(3, 11)]
    plan.write_text("\n".join(["trust,ward,answers,starts", *rows]), encoding="utf-8")
    result = run("rehearse", plan, "--rehearsals", 20, *options)
    assert result.exit_code == Exit.NO_ANSWER, result.output
    assert "Too few trusts: " in result.stdout
    if options:
        assert json.loads(result.stdout)["answered"] is False


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ([], "Give either FILE, or --wards with --trusts."),
        (["--wards", 9], "Give both --wards and --trusts"),
        (["--wards", 9, "--trusts", 9, "--starts", "soon"], "write it as 5-22"),
        (["--wards", 9, "--trusts", 9, "--measure-kind", "count"], "choose proportion or rate"),
        (
            ["--wards", 9, "--trusts", 9, "--measure-kind", "rate", "--effect", -100],
            "can’t fall by 100%",
        ),
        (
            ["--wards", 9, "--trusts", 9, "--measure-kind", "rate", "--effect", "nan"],
            "--effect nan: a rate can’t fall by 100% or more, and 900 is the largest rise",
        ),
        (["--wards", 9, "--trusts", 9, "--measure-kind", "rate", "--level", 60], "--level is for"),
        (["--wards", 9, "--trusts", 9, "--seed", -1], "--seed -1: use a whole number from 0 up."),
        (["--wards", 9, "--trusts", 9, "--first", "2027-01"], "--first is for dates in FILE"),
        (
            ["plan.csv", "--answers", 5, "--together"],
            "--answers and --together are for a plan without FILE: FILE says it of every ward, so "
            "leave them out.",
        ),
        (["plan.csv", "--never", 0], "--never is for a plan without FILE: FILE says it of every "),
    ],
)
def test_what_was_typed_wrongly_is_said_in_a_sentence(options, says):
    result = run("rehearse", *options)
    assert result.exit_code == Exit.WRONG_USE
    assert says in result.output
