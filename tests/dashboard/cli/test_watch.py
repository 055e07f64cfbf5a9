"""feeling-safe watch, as it is typed."""

import json
import shutil
from pathlib import Path

import pytest
from filelock import FileLock
from typer.testing import Result

from dashboard.cli.errors import Exit
from pipelines.keeping.home import Home
from tests import worlds
from tests.dashboard.cli.typed import run

LAST = worlds.FIRST + 1
NEXT = LAST + 1


@pytest.fixture
def home(two_months: Home, tmp_path: Path) -> Path:
    return Path(shutil.copytree(two_months.root, tmp_path / "home"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "drop"
    path.mkdir()
    return path


def watch(home: Path, folder: Path, *more: object, by: str = worlds.LEAD) -> Result:
    return run("watch", folder, "--once", "--every", 0, "--by", by, "--home", home, *more)


def drop(folder: Path, name: str, content: bytes, answers: dict[str, str] | None = None) -> None:
    (folder / name).write_bytes(content)
    if answers:
        (folder / f"{name}.answers.json").write_text(json.dumps(answers), encoding="utf-8")


def test_what_is_dropped_is_kept_released_and_told(home: Path, folder: Path) -> None:
    drop(folder, "return.zip", worlds.return_file("Z01", NEXT), {"*": "Checked with the ward"})
    done = watch(home, folder)
    assert done.exit_code == Exit.DONE, done.output
    assert f"return.zip: received, receipt Z01/{NEXT}/1" in done.stdout
    receipt = json.loads((folder / "sent" / "return.zip.receipt.json").read_text("utf-8"))
    assert receipt["received_by"] == f"{worlds.LEAD} (watched folder)"
    release = (home / "releases" / "CURRENT").read_text(encoding="utf-8").strip()
    assert receipt["release"] == release
    again = watch(home, folder)
    assert (again.exit_code, again.stdout) == (Exit.DONE, "")


def test_the_explanations_in_the_document_explain_every_query(home: Path, folder: Path) -> None:
    document = Path(__file__).parents[3] / "docs" / "sending-by-program.md"
    part = document.read_text(encoding="utf-8").split("### Explain queries in a watched folder")[1]
    answers = json.loads(part.split("```json\n")[1].split("```")[0])
    first, second, third = worlds.WARDS["Z01"]
    rows = [
        worlds.monthly_row(first, NEXT, pt_answered=2, pt_safe=2),
        worlds.monthly_row(second, NEXT, pt_answered=3, pt_safe=3),
        worlds.monthly_row(third, NEXT),
    ]
    drop(folder, "march.zip", worlds.return_file("Z01", NEXT, monthly=rows))
    asked = watch(home, folder).stdout
    assert asked.startswith("march.zip: not saved, 5 findings; explain W01, W08, W11. See ")
    assert "march.zip: not saved, 5 findings; explain W01, W08, W11. See " in part
    (folder / "problems" / "march.zip").unlink()
    drop(folder, "march.zip", worlds.return_file("Z01", NEXT, monthly=rows), answers)
    assert watch(home, folder).exit_code == Exit.DONE
    receipt = json.loads((folder / "sent" / "march.zip.receipt.json").read_text("utf-8"))
    given = {(q["code"], q["cell"]): q["answer"] for q in receipt["queries"] if q["answer"]}
    assert given[("W01", "F2")] == answers["W01 monthly!F2"]
    assert given[("W01", "F3")] == answers["W01 monthly!F3"]
    assert {reason for (code, _), reason in given.items() if code == "W08"} == {answers["W08"]}
    assert len(given) == 5


def test_it_leaves_with_the_worst_of_its_files(home: Path, folder: Path) -> None:
    few = [worlds.monthly_row(ward, NEXT, pt_answered=2, pt_safe=2) for ward in worlds.WARDS["Z01"]]
    drop(folder, "query.zip", worlds.return_file("Z01", NEXT, monthly=few))
    asked = watch(home, folder)
    assert asked.exit_code == Exit.QUERIES
    assert "; explain " in asked.stdout
    wrong = [worlds.monthly_row(ward, NEXT, pt_safe=999) for ward in worlds.WARDS["Z01"]]
    drop(folder, "error.zip", worlds.return_file("Z01", NEXT, monthly=wrong))
    failed = watch(home, folder)
    assert failed.exit_code == Exit.PROBLEMS
    assert "error.zip.problems.xlsx" in failed.stdout
    drop(folder, "return.pdf", b"%PDF-1.4")
    assert watch(home, folder).exit_code == Exit.WRONG_USE


def test_each_file_is_one_line_of_json(home: Path, folder: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        drop(folder, name, b"%PDF-1.4")
    lines = [json.loads(line) for line in watch(home, folder, "--json").stdout.splitlines()]
    assert [line["name"] for line in lines] == ["a.pdf", "b.pdf"]
    assert {line["outcome"] for line in lines} == {"unreadable"}
    assert lines[0]["moved_to"] == str(folder / "problems" / "a.pdf")


@pytest.mark.parametrize("by", ["nobody@trust.example", worlds.TEAM, "lead"])
def test_only_who_may_send_can_be_named_and_nothing_is_touched(
    home: Path, folder: Path, by: str
) -> None:
    drop(folder, "return.zip", worlds.return_file("Z01", NEXT))
    refused = watch(home, folder, by=by)
    assert refused.exit_code == Exit.WRONG_USE
    assert "may not send returns today" in refused.stderr
    assert (folder / "return.zip").exists()


def test_a_folder_has_one_watcher(home: Path, folder: Path) -> None:
    with FileLock(folder / ".watching.lock"):
        refused = watch(home, folder)
    assert refused.exit_code == Exit.WRONG_USE
    assert "is already being watched" in refused.stderr


def test_a_folder_that_is_not_there_is_a_sentence(home: Path, tmp_path: Path) -> None:
    refused = watch(home, tmp_path / "nowhere")
    assert refused.exit_code == Exit.WRONG_USE
    assert "There is no folder" in refused.stderr


def test_it_goes_on_until_stopped_even_if_the_drive_is_away_for_a_moment(
    home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboard.cli import watch as command

    looks = []

    def look(*_: object) -> Exit:
        looks.append(len(looks))
        if len(looks) == 1:
            raise OSError(5, "Input/output error", str(folder))
        if len(looks) == 3:
            raise KeyboardInterrupt
        return Exit.DONE

    monkeypatch.setattr(command, "_look", look)
    done = run("watch", folder, "--every", 0, "--by", worlds.LEAD, "--home", home)
    assert (done.exit_code, looks) == (Exit.DONE, [0, 1, 2])
    assert "Trying again" in done.stderr
    assert "Stopped" in done.stderr


def test_a_file_that_could_not_be_handled_is_told_of_until_it_is_gone(
    home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("Ask Kowalski in room 4")

    log = tmp_path / "errors.log"
    monkeypatch.setenv("FEELING_SAFE_ERROR_LOG", str(log))
    drop(folder, "return.zip", worlds.return_file("Z01", NEXT))
    with monkeypatch.context() as patch:
        patch.setattr("pipelines.watching.take.submit", broken)
        done = watch(home, folder)
    waits = "1 file could not be handled and is in"
    assert done.exit_code == Exit.PROBLEMS
    assert "return.zip: could not be handled" in done.stdout
    assert waits in done.stderr
    (line,) = log.read_text("utf-8").splitlines()
    assert "KeyError with a dropped file, sha256 " in line
    assert "broken" in line
    assert "Kowalski" not in done.output + line
    again = watch(home, folder)
    assert (again.exit_code, again.stdout) == (Exit.PROBLEMS, "")
    assert waits in again.stderr
    assert waits in run("status", "--home", home).stdout
    (said,) = json.loads(run("status", "--json", "--home", home).stdout)["set_aside"]
    assert said == {"folder": str(folder.resolve() / "set-aside"), "files": 1}
    (folder / "set-aside" / "return.zip").rename(folder / "return.zip")
    (folder / "return.zip.answers.json").write_text('{"*": "Checked"}', encoding="utf-8")
    assert watch(home, folder).exit_code == Exit.DONE
    assert waits not in run("status", "--home", home).stdout
