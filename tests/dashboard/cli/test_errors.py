"""Ctrl-C: a command that was stopped says what was saved, and leaves with 130."""

from pathlib import Path

import pytest

from dashboard.cli.errors import Exit
from pipelines import submit as submitting
from pipelines.keeping.home import open_home
from tests.dashboard.cli.typed import run


def stopped(*_: object) -> None:
    raise KeyboardInterrupt


def test_any_command_that_is_stopped_says_that_nothing_is_half_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.status.status", stopped)
    result = run("status", "--home", tmp_path)
    assert result.exit_code == Exit.STOPPED
    assert result.stderr == (
        "Stopped. What was saved before that stays saved, and nothing is half saved.\n"
    )


def test_a_save_that_is_stopped_while_figures_are_worked_out_says_that_it_is_saved(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = open_home(home).archive
    receipt = archive.receipts()[0].return_id
    with monkeypatch.context() as interrupted:
        interrupted.setattr("pipelines.releasing.build.build", stopped)
        result = run("withdraw", receipt, "--reason", "By mistake", "--home", home)
    assert result.exit_code == Exit.STOPPED
    assert result.stderr.startswith("Stopped. It has been saved, but the figures don’t show it yet")
    assert receipt not in {each.return_id for each in archive.entries().active}
    assert run("build", "--home", home).exit_code == Exit.DONE


def test_files_that_were_received_before_it_was_stopped_are_named_with_those_to_send_again(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [sorted((home / "workbooks" / code).glob("*.xlsx"))[-1] for code in ("Z01", "Z02")]
    submit_file = submitting.submit

    def until_the_second(programme, arrival):
        return stopped() if arrival.filename == files[1].name else submit_file(programme, arrival)

    monkeypatch.setattr(submitting, "submit", until_the_second)
    result = run("submit", *files, "--home", home)
    receipt = next(
        each.return_id
        for each in open_home(home).archive.entries().active
        if each.filename == files[0].name
    )
    assert result.exit_code == Exit.STOPPED
    assert result.stderr == (
        f"Stopped. Received: {files[0].name} ({receipt}). The figures don’t show it yet: "
        f"“feeling-safe build” works them out. Send {files[1].name} again: a file that did arrive "
        "is not counted twice.\n"
    )
