"""feeling-safe verify-receipt, publish-head and verify --against, as they are typed."""

import json
import shutil
from pathlib import Path

import pytest

from dashboard.cli.errors import Exit
from pipelines.keeping.home import Home
from pipelines.keeping.layout import chain_file, head_file
from tests import worlds
from tests.dashboard.cli.typed import run


@pytest.fixture
def own(two_months: Home, tmp_path: Path) -> Path:
    return Path(shutil.copytree(two_months.root, tmp_path / "home"))


@pytest.fixture
def sent(own: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A file, and what the command that sent it printed."""
    file, receipt = tmp_path / "Z01.zip", tmp_path / "receipt.json"
    file.write_bytes(worlds.return_file("Z01", worlds.FIRST + 2))
    said = run("submit", file, "--home", own, "--answer-all", "Checked with the ward", "--json")
    assert said.exit_code == Exit.DONE, said.output
    receipt.write_text(said.stdout, encoding="utf-8")
    return file, receipt


def test_a_trust_checks_its_receipt_with_a_published_head(own, sent, tmp_path) -> None:
    file, receipt = sent
    published = run("publish-head", tmp_path / "out", "--month", "2025-03", "--home", own)
    assert published.exit_code == Exit.DONE
    root = json.loads((tmp_path / "out" / "head-2025-03.json").read_text())["root"]
    assert root in published.stdout
    assert "there are 2 in" in published.stdout
    head = tmp_path / "out" / "head-2025-03-Z01.json"
    said = run("verify-receipt", receipt, file, "--head", head)
    assert said.exit_code == Exit.DONE, said.output
    assert [line[:20] for line in said.stdout.splitlines()] == [
        "The file is the one ",
        "The receipt is whole",
        "It is on the chain a",
    ]
    assert root in said.stdout


def test_a_wrong_file_ends_with_1_and_no_receipt_with_2(sent) -> None:
    file, receipt = sent
    wrong = run("verify-receipt", receipt, receipt, "--json")
    assert wrong.exit_code == Exit.PROBLEMS
    told = json.loads(wrong.stdout)
    assert (told["holds"], [holds for holds, _ in told["results"]]) == (False, [False, True])
    refused = run("verify-receipt", file)
    assert (refused.exit_code, "not a receipt" in refused.stderr) == (Exit.WRONG_USE, True)


def test_publish_head_takes_last_month_unless_one_is_named(own, tmp_path) -> None:
    refused = run("publish-head", tmp_path / "out", "--month", "March", "--home", own)
    assert refused.exit_code == Exit.WRONG_USE
    assert not (tmp_path / "out").exists()
    said = json.loads(run("publish-head", tmp_path / "out", "--home", own, "--json").stdout)
    assert len(said["files"]) == 3


def test_verify_says_how_far_the_chain_goes(own) -> None:
    run("build", "--home", own)
    well = run("verify", "--home", own)
    assert well.exit_code == Exit.DONE
    assert "None of the 9 entries on the chain is gone.\n" in well.stdout
    for path in (chain_file(own / "archive"), head_file(own / "archive")):
        path.unlink()
    shutil.rmtree(own / "releases")
    run("build", "--home", own)
    since = "It counts from 10:00 on 5 March 2025 on."
    assert since in run("verify", "--home", own).stdout
    chain = json.loads(run("verify", "--home", own, "--json").stdout)["chain"]
    assert chain == {"lines": 10, "counts_after": "2025-03-05T10:00:00+00:00"}


def test_verify_against_a_backup_or_receipt_names_what_is_gone_since(own, sent, tmp_path) -> None:
    _, receipt = sent
    backup = tmp_path / "backup.zip"
    run("backup", backup, "--home", own)
    known = ("--against", backup, "--against", receipt, "--home", own)
    assert run("verify", *known).exit_code == Exit.DONE
    shutil.rmtree(own / "archive" / "returns" / "Z01" / "2025-03")
    shutil.rmtree(own / "releases")
    for path in (chain_file(own / "archive"), head_file(own / "archive")):
        path.unlink()  # somebody makes a chain of what is left
    run("build", "--home", own)
    assert run("verify", "--home", own).exit_code == Exit.DONE
    said = run("verify", *known)
    assert said.exit_code == Exit.PROBLEMS
    assert "Backup backup.zip knows line 12 of the chain, which is gone" in said.stdout
    assert "Receipt receipt.json knows line 12 of the chain, which is gone" in said.stdout
