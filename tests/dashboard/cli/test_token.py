"""feeling-safe token, as it is typed."""

import json
import shutil
from pathlib import Path

import pytest

from dashboard.cli.errors import Exit
from pipelines.keeping.home import Home
from tests import worlds
from tests.dashboard.cli.typed import run


@pytest.fixture
def home(two_months: Home, tmp_path: Path) -> Path:
    return Path(shutil.copytree(two_months.root, tmp_path / "home"))


def test_a_token_is_shown_once_listed_without_its_secret_and_revoked(home: Path) -> None:
    about = ["--name", "Incident system export", "--trust", "z01", "--home", home]
    issued = run("token", "issue", worlds.LEAD, *about)
    assert issued.exit_code == Exit.DONE, issued.output
    secret = issued.stdout.strip()
    assert secret.startswith("fs_")
    assert "will not be shown again" in issued.stderr
    listed = run("token", "list", "--home", home)
    assert "Incident system export" in listed.stdout
    assert secret not in listed.stdout
    [said] = json.loads(run("token", "list", "--json", "--home", home).stdout)
    assert (said["state"], said["trusts"], said["may"]) == ("in use", ["Z01"], ["send", "read"])
    assert "sha256" not in said
    ended = run("token", "revoke", said["id"], "--reason", "Laptop lost", "--home", home)
    assert ended.exit_code == Exit.DONE
    [said] = json.loads(run("token", "list", "--json", "--home", home).stdout)
    assert (said["state"], said["revocation"]["reason"]) == ("revoked", "Laptop lost")


def test_a_token_for_figures_says_whose_figures_it_reads(home: Path) -> None:
    about = ["--name", "Board dashboard", "--may", "figures", "--home", home]
    issued = run("token", "issue", worlds.TEAM, *about)
    assert issued.exit_code == Exit.DONE, issued.output
    assert "It may figures for" not in issued.stderr
    assert "may read figures for every trust until" in issued.stderr
    assert "read figures for every trust" in run("token", "list", "--home", home).stdout
    [said] = json.loads(run("token", "list", "--json", "--home", home).stdout)
    assert (said["trusts"], said["may"]) == ([], ["figures"])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["issue", worlds.TEAM, "--name", "x"], "may not send returns today"),
        (["issue", worlds.LEAD, "--name", "x", "--trust", "Z02"], "not for Z02"),
        (["issue", worlds.LEAD, "--name", "x", "--expires", "soon"], "“soon” is not a date"),
        (["issue", worlds.LEAD, "--name", "x", "--may", "delete"], "what the token may do"),
        (["issue", worlds.LEAD, "--name", "x", "--expires", "2020-01-01"], "is in the past"),
        (["revoke", "abc", "--reason", "Lost"], "There is no token abc"),
    ],
)
def test_a_token_that_should_not_be_gets_a_sentence(
    home: Path, arguments: list[str], sentence: str
) -> None:
    refused = run("token", *arguments, "--home", home)
    assert refused.exit_code == Exit.WRONG_USE
    assert sentence in refused.stderr
    assert refused.stdout == ""


def test_without_tokens_the_list_says_so(home: Path) -> None:
    assert run("token", "list", "--home", home).stdout == "No token has been issued.\n"
