"""The command line: exit codes 0, 1, 2, 3, sentences instead of tracebacks, JSON as documented."""

import errno
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from typer.main import get_command

from dashboard.cli.app import app
from dashboard.cli.errors import Exit
from dashboard.cli.input_files import worst
from pipelines import sending
from pipelines.keeping import edited_register
from schemas.london_time import london_day
from schemas.periods import Month
from tests.dashboard.cli.typed import run
from tests.ports import free_port

pytestmark = pytest.mark.slow

COMMANDS = get_command(app).commands
EVERY = [[name] for name in COMMANDS]
EVERY += [
    [name, part] for name, group in COMMANDS.items() for part in getattr(group, "commands", ())
]
PROBLEM = ["severity", "code", "sheet", "cell", "row", "column", "value", "message", "fix"]


def at(home: Path) -> tuple[str, str]:
    return "--home", str(home)


@pytest.fixture
def last_return(demo_home: Path) -> Path:
    return sorted((demo_home / "workbooks" / "Z01").glob("*.xlsx"))[-1]


def changed(path: Path, to: Path, cells: dict[str, object]) -> Path:
    """The same workbook with other values in its monthly sheet."""
    book = openpyxl.load_workbook(path)
    for cell, value in cells.items():
        book["monthly"][cell] = value
    book.save(to)
    return to


def place(path: Path, title: str, row: int = 2) -> str:
    """The cell of a column, by its title, in the monthly sheet."""
    sheet = openpyxl.load_workbook(path)["monthly"]
    column = next(cell.column_letter for cell in sheet[1] if cell.value == title)
    return f"{column}{row}"


@pytest.fixture
def with_error(last_return: Path, tmp_path: Path) -> Path:
    cell = place(last_return, "Patients who feel safe")
    return changed(last_return, tmp_path / "error.xlsx", {cell: 99})


@pytest.fixture
def with_query(last_return: Path, tmp_path: Path) -> Path:
    """A return with so few answers that the check raises a query."""
    cells = {
        place(last_return, "Patients who answered"): 3,
        place(last_return, "Patients who feel safe"): 3,
    }
    return changed(last_return, tmp_path / "query.xlsx", cells)


def test_help_names_every_command_and_exit_code() -> None:
    result = run("--help")
    assert result.exit_code == 0
    for command in COMMANDS:
        assert re.search(rf"^  {command}\s", result.output, re.MULTILINE), command
    assert ["token", "revoke"] in EVERY, "a command within a command is one, too"


@pytest.mark.parametrize("command", EVERY, ids=" ".join)
def test_every_command_explains_itself(command: list[str]) -> None:
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert "Usage" in result.output


@pytest.mark.parametrize("arguments", [["--help"], ["status", "--home", "HOME"]])
def test_what_should_answer_at_once_imports_nothing_slow(
    demo_home: Path, arguments: list[str]
) -> None:
    arguments = [str(demo_home) if a == "HOME" else a for a in arguments]
    script = (
        "import sys\n"
        "from dashboard.cli.app import app\n"
        "try:\n"
        f"    app({arguments!r})\n"
        "except SystemExit as left:\n"
        "    assert left.code in (0, None)\n"
        "slow = {'pandera', 'polars', 'duckdb', 'streamlit', 'altair', 'scipy', 'xlsxwriter'}\n"
        f"slow |= {{'pydantic'}} if {arguments == ['--help']} else set()\n"
        "assert not slow & set(sys.modules), slow & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("set_before", "found"), [(None, "1"), ("3", "3")])
def test_linear_algebra_gets_one_thread_unless_somebody_says_more(
    set_before: str | None, found: str
) -> None:
    """The setting counts only if it is there before numpy is imported for the first time."""
    script = (
        "import os, sys\n"
        "from dashboard.cli import app\n"
        "assert 'numpy' not in sys.modules\n"
        "app.app = lambda: None\n"
        "app.main()\n"
        "print(os.environ['OPENBLAS_NUM_THREADS'])\n"
    )
    without = {name: value for name, value in os.environ.items() if "NUM_THREADS" not in name}
    own = {} if set_before is None else {"OPENBLAS_NUM_THREADS": set_before}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env={**without, **own}
    )
    assert done.stdout.strip() == found, done.stderr


# mistakes


@pytest.mark.parametrize(
    "command",
    [
        ["template", "Z01", "2026-03"],
        ["build"],
        ["status"],
        ["verify"],
        ["serve", "--port", "8539"],
        ["register"],
    ],
)
def test_without_a_programme_every_command_says_so(tmp_path: Path, command: list[str]) -> None:
    result = run(*command, *at(tmp_path))
    assert result.exit_code == Exit.WRONG_USE
    assert "There is no programme in" in result.stderr
    assert "feeling-safe init" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["demo", "--trusts", "0"], "1 to 99 trusts"),
        (["demo", "--trusts", "5", "--wards", "3"], "3 wards are too few for 5 trusts"),
        (["template", "Z01", "March"], "“March” is not a month"),
        (["init", "somewhere", "--first-month", "soon"], "“soon” is not a month"),
        (["submit", "x.xlsx"], "There is no file x.xlsx"),
        (["check", "."], "is a folder"),
        (["check"], "Missing argument"),
        (["nonsense"], "No such command"),
        (["build", "--as-at", "yesterday"], "“yesterday” is not a date: write it like 2026-12-31."),
        (["init", "x", "--name", " "], "Give the programme a name"),
        (["restore", "."], ". is a folder: name a file in it."),
        (["restore", "x.zip"], "There is no file x.zip: check its name and folder."),
        (["spc", "."], ". is a folder: name a file in it."),
        (["effect", "x.csv"], "There is no file x.csv: check its name and folder."),
        (["backup", "x", "--keep", "0"], "“0” is too low: it must be at least 1."),
        (["serve", "--port", "x"], "“x” is not a whole number: write it like 12."),
        (["spc", "x.csv", "--target", "ninety"], "“ninety” is not a number: write it like 0.9."),
        (["build", "--engine", "abacus"], "abacus"),
    ],
)
def test_a_mistake_gets_a_sentence_and_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.exit_code == Exit.WRONG_USE
    assert sentence in result.stderr
    assert result.stdout == ""


def test_a_mistake_about_a_programme_gets_a_sentence_and_changes_nothing(
    demo_home: Path, tmp_path: Path
) -> None:
    before = {path: path.stat().st_mtime_ns for path in (demo_home / "archive").rglob("*")}
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    (tmp_path / "empty").touch()
    gone = tmp_path / "gone" / "file.xlsx"
    because = ("--reason", "Because it is so")
    for arguments, sentence in (
        (("answer", "Z01/2031-01/1", "W04", "It is right"), "There is no return Z01/2031-01/1"),
        (("requests", "--refuse", "It is right"), "Say which request you refuse"),
        (("reopen", "Z77", "2026-10", *because), "Z77"),
        (("build", "--as-at", "2999-01-01"), "1 January 2999 is still to come"),
        (("register", tmp_path / "gone"), f"There is no folder {tmp_path / 'gone'}"),
        (
            ("verify", "--against", tmp_path / "other.csv"),
            "is neither a whole backup nor a receipt",
        ),
        (
            ("invitations", "keep", tmp_path / "other.csv", *because),
            "other.csv has no columns trust",
        ),
        (("yardsticks", "keep", tmp_path / "empty", *because), "empty can't be read. This file is"),
        (("check", tmp_path / "other.csv", "--report", gone), f"there is no folder {gone.parent}"),
        (("publish-head", tmp_path / "empty"), f"{tmp_path / 'empty'} is there already"),
    ):
        result = run(*arguments, "--home", demo_home)
        assert result.exit_code == Exit.WRONG_USE, arguments
        assert sentence in result.stderr, arguments
        assert result.stdout == "", arguments
    inside = run("status", "--home", tmp_path / "empty")
    assert "a file stands where a folder should be" in inside.stderr
    after = {path: path.stat().st_mtime_ns for path in (demo_home / "archive").rglob("*")}
    assert after == before


def test_what_nobody_foresaw_is_a_sentence_and_the_log_quotes_no_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "errors.log"
    monkeypatch.setenv("FEELING_SAFE_ERROR_LOG", str(log))

    def broken(*_: object) -> None:
        raise KeyError("Patient number 943 476 5919")

    monkeypatch.setattr("pipelines.status.status", broken)
    result = run("status", *at(tmp_path))
    assert result.exit_code == Exit.WRONG_USE
    assert str(log) in result.stderr
    assert "943" not in result.output + log.read_text()
    assert "KeyError" in log.read_text()
    assert "broken" in log.read_text()


def test_a_full_disk_that_names_no_file_is_a_sentence_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(edited_register, "write", full)
    result = run("init", tmp_path / "home")
    assert result.exit_code == Exit.WRONG_USE
    assert result.stderr.endswith("the disk is full: make room on it and try again.\n")


# demo


def test_a_demonstration_says_where_it_is_and_is_found_again(tmp_path: Path) -> None:
    size = ["--trusts", 1, "--wards", 2, "--months", 2, "--no-serve"]
    made = run("demo", *size, *at(tmp_path / "demo"), "--json")
    assert made.exit_code == 0, made.output
    said = json.loads(made.stdout)
    assert said["made"] is True
    assert (tmp_path / "demo" / "releases" / f"{said['release']}.duckdb").is_file()
    found = run("demo", *size, *at(tmp_path / "demo"))
    assert found.stdout.startswith("Found a fictional programme")
    assert "workbooks" in found.stdout


def test_a_demonstration_leaves_other_folders_alone(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("dear")
    result = run("demo", "--no-serve", *at(tmp_path))
    assert result.exit_code == Exit.WRONG_USE
    assert "left alone" in result.stderr
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["letters.txt"]


# init, register, template


def test_a_programme_from_nothing_to_its_first_template(
    tmp_path: Path, home: Path, demo_month: Month
) -> None:
    new = tmp_path / "new"
    begun = run("init", new, "--first-month", demo_month, "--fictional", "--name", "Ours")
    assert begun.exit_code == 0, begun.output
    assert "register" in begun.stdout
    assert run("init", new).exit_code == Exit.WRONG_USE
    for name in ("trusts", "wards", "access", "groups"):
        newest = sorted((home / "archive" / "register").iterdir())[-1]
        shutil.copy(newest / f"{name}.csv", new / "register" / f"{name}.csv")
    kept = run("register", *at(new), "--json", "--reason", "Filled in")
    assert kept.exit_code == 0, kept.output
    assert json.loads(kept.stdout)["trusts"] == 8
    out = tmp_path / "return.xlsx"
    made = run("template", "z01", demo_month, "--out", out, *at(new))
    assert made.exit_code == 0, made.output
    assert openpyxl.load_workbook(out)["cover"]["C5"].value
    empty = run("check", out, *at(new))
    assert empty.exit_code == Exit.PROBLEMS
    assert "F05" in empty.stdout


def test_a_faulty_register_says_everything_that_is_wrong_with_it(tmp_path: Path) -> None:
    run("init", tmp_path / "new", "--first-month", "2026-01")
    trusts = tmp_path / "new" / "register" / "trusts.csv"
    header = trusts.read_text(encoding="utf-8").splitlines()[0]
    trusts.write_text(f"{header}\nZZZ,Name,Y56,soon,2026-01-01,,\n", encoding="utf-8")
    result = run("register", *at(tmp_path / "new"))
    assert result.exit_code == Exit.WRONG_USE
    assert "“soon” is not a date" in result.stderr


def test_a_template_is_not_written_over_a_file_by_accident(
    demo_home: Path, demo_month: Month, tmp_path: Path
) -> None:
    out = tmp_path / "mine.xlsx"
    out.write_text("my work")
    refused = run("template", "Z01", demo_month, "--out", out, *at(demo_home))
    assert refused.exit_code == Exit.WRONG_USE
    assert out.read_text() == "my work"
    forced = run("template", "Z01", demo_month, "--out", out, "--force", *at(demo_home))
    assert forced.exit_code == 0
    assert out.read_bytes()[:2] == b"PK"


def test_a_template_says_when_it_can_be_sent_and_none_is_made_for_years_ahead(
    demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, this_month = tmp_path / "x.xlsx", Month.of(london_day(datetime.now(UTC)))
    with monkeypatch.context() as nothing_made:
        nothing_made.setattr(sending, "workbook_for", None)
        refused = run("template", "Z01", this_month + 60, "--out", out, *at(demo_home))
    assert (refused.exit_code, out.exists()) == (Exit.WRONG_USE, False)
    assert "is more than a year ahead" in refused.stderr
    made = run("template", "Z01", this_month + 1, "--out", out, *at(demo_home))
    assert "has not ended: its return can be sent from" in made.stderr
    assert out.exists()


def test_a_template_for_a_trust_that_is_not_there_is_a_sentence(
    demo_home: Path, demo_month: Month, tmp_path: Path
) -> None:
    out = tmp_path / "x.xlsx"
    result = run("template", "Z88", demo_month, "--out", out, *at(demo_home))
    assert result.exit_code == Exit.WRONG_USE
    assert f"Z88 was not in the register in {demo_month.label}" in result.stderr
    assert not out.exists()


# check


def test_check_prints_exactly_the_json_that_is_promised(demo_home: Path, with_error: Path) -> None:
    result = run("check", "--json", with_error, *at(demo_home))
    assert result.exit_code == Exit.PROBLEMS
    said = json.loads(result.stdout)
    assert list(said) == ["file", "trust", "month", "outcome", "rows", "problems"]
    assert (said["file"], said["trust"], said["outcome"]) == ("error.xlsx", "Z01", "errors")
    assert re.fullmatch(r"\d{4}-\d{2}", said["month"])
    assert all(list(problem) == PROBLEM for problem in said["problems"])
    errors = [problem for problem in said["problems"] if problem["severity"] == "error"]
    assert [(e["code"], e["row"], e["column"], e["value"]) for e in errors] == [
        ("E05", 2, "pt_safe", "99")
    ]


def test_several_files_are_an_array_and_leave_with_the_worst(
    demo_home: Path, with_error: Path, with_query: Path
) -> None:
    result = run("check", "--json", with_query, with_error, *at(demo_home))
    assert result.exit_code == Exit.PROBLEMS
    assert [each["outcome"] for each in json.loads(result.stdout)] == ["queries", "errors"]
    assert worst([Exit.DONE, Exit.QUERIES]) is Exit.QUERIES
    assert worst([Exit.PROBLEMS, Exit.WRONG_USE, Exit.QUERIES]) is Exit.WRONG_USE
    assert worst([]) is Exit.DONE


def test_check_tells_a_ward_manager_where_what_and_how(demo_home: Path, with_error: Path) -> None:
    text = run("check", with_error, *at(demo_home)).stdout
    assert "1 error to correct" in text
    assert "Sheet “monthly”" in text
    assert re.search(r"Row 2, ward \w+, “Patients who feel safe” \(cell G2\) \[E05\]", text)
    assert "You entered:  99" in text
    assert "Problem:" in text
    assert "How to fix:" in text
    assert "Nothing has been saved." in text
    assert max(len(line) for line in text.splitlines()) <= 100


def test_the_same_problem_in_several_rows_is_told_once(
    demo_home: Path, last_return: Path, tmp_path: Path
) -> None:
    cells = {place(last_return, "Occupied bed days", row): None for row in (2, 3)}
    text = run("check", changed(last_return, tmp_path / "b.xlsx", cells), *at(demo_home)).stdout
    assert text.count("“Occupied bed days” is blank") == 1
    assert "Rows 2 and 3" in text


def test_check_changes_nothing(home: Path, with_query: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in home.rglob("*")}
    assert run("check", with_query, *at(home)).exit_code == Exit.QUERIES
    assert {path: path.stat().st_mtime_ns for path in home.rglob("*")} == before


def test_what_cannot_be_read_leaves_with_2(demo_home: Path, tmp_path: Path) -> None:
    path = tmp_path / "torn.xlsx"
    path.write_bytes(b"PK\x03\x04 torn")
    result = run("check", path, "--json", *at(demo_home))
    assert result.exit_code == Exit.WRONG_USE
    assert json.loads(result.stdout)["outcome"] == "unreadable"


# submit


def test_queries_need_an_answer_and_submit_says_which(home: Path, with_query: Path) -> None:
    versions = len(list((home / "archive" / "returns").glob("*/*/*")))
    result = run("submit", with_query, *at(home))
    assert result.exit_code == Exit.QUERIES
    wanted = re.findall(r'--answer (\w+)="…"', result.stdout)
    assert "W01" in wanted
    assert "Nothing has been saved yet" in result.stdout
    assert len(list((home / "archive" / "returns").glob("*/*/*"))) == versions
    answers = [part for code in wanted for part in ("--answer", f"{code}=It was looked at again")]
    kept = run("submit", with_query, *answers, "--by", "me@trust.example", "--json", *at(home))
    assert kept.exit_code == Exit.DONE, kept.output
    said = json.loads(kept.stdout)
    assert said["receipt"]["received_by"] == "me@trust.example"
    assert said["receipt"]["version"] == 2
    assert said["release"] == (home / "releases" / "CURRENT").read_text(encoding="utf-8").strip()
    asked = [q for q in said["receipt"]["queries"] if q["severity"] == "query"]
    assert {q["code"] for q in asked} == set(wanted)
    assert all(q["answer"] for q in asked)
    again = run("submit", with_query, "--answer-all", "Yes", *at(home))
    assert again.exit_code == Exit.DONE
    assert "Already received; nothing has changed" in again.stdout


def test_a_return_with_errors_is_not_kept(home: Path, with_error: Path) -> None:
    state = sorted(path.name for path in (home / "releases").iterdir())
    result = run("submit", with_error, "--answer-all", "Right", *at(home))
    assert result.exit_code == Exit.PROBLEMS
    assert "1 error to correct" in result.stdout
    assert sorted(path.name for path in (home / "releases").iterdir()) == state


def test_an_answer_without_a_reason_is_refused(home: Path, with_query: Path) -> None:
    for answer in ("W01", "W01=", "=because"):
        result = run("submit", with_query, "--answer", answer, *at(home))
        assert result.exit_code == Exit.WRONG_USE
        assert "does not explain a query" in result.stderr


# build, status, verify


def test_a_release_of_an_earlier_day_is_not_put_in_use(home: Path, demo_month: Month) -> None:
    built = json.loads(run("build", "--json", *at(home)).stdout)
    assert built["in_use"] is True
    earlier = run("build", "--as-at", (demo_month + -8).first_day, "--json", *at(home))
    assert earlier.exit_code == 0, earlier.output
    said = json.loads(earlier.stdout)
    assert said["in_use"] is False
    assert Path(said["file"]).is_file()
    assert (home / "releases" / "CURRENT").read_text(encoding="utf-8").strip() == built["release"]


def test_status_says_who_has_sent_what_as_the_release_does(demo_home: Path) -> None:
    import duckdb

    said = json.loads(run("status", "--json", *at(demo_home)).stdout)
    release = demo_home / "releases" / f"{said['release']}.duckdb"
    with duckdb.connect(str(release), read_only=True) as connection:
        rows = connection.execute(
            "SELECT trust_code, strftime(month, '%Y-%m'), state FROM completeness "
            "WHERE scope = 'return' AND state NOT IN ('paused', 'not_yet_due') "
            "AND month <= (SELECT data_to FROM release)"
        ).fetchall()
    states = {trust["trust"]: trust["months"] for trust in said["trusts"]}
    assert len(rows) > 80
    for trust, month, state in rows:
        assert states[trust][month] == state, (trust, month)
    text = run("status", *at(demo_home)).stdout
    assert "8 trusts" in text
    assert "Z06" in text


def test_verify_finds_what_was_changed_behind_its_back(home: Path) -> None:
    assert run("verify", *at(home)).exit_code == Exit.DONE
    original = next((home / "archive" / "returns").glob("*/*/*/original.xlsx"))
    original.write_bytes(original.read_bytes() + b"!")
    result = run("verify", "--json", *at(home))
    assert result.exit_code == Exit.PROBLEMS
    assert len(json.loads(result.stdout)["problems"]) == 1


# serve


def test_a_real_programme_without_sign_in_is_not_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run("init", tmp_path / "real", "--first-month", "2026-01", "--name", "A real one")
    result = run("serve", "--port", free_port(), *at(tmp_path / "real"))
    assert result.exit_code == Exit.WRONG_USE
    assert "“A real one” is a real programme and no sign-in is set up" in result.stderr
    assert "is opening" not in result.stderr


def test_the_version_names_the_code_too() -> None:
    result = run("--version")
    assert result.exit_code == Exit.DONE
    assert re.fullmatch(
        r"feeling-safe \d+\.\d+\.\d+, code and measures [0-9a-f]{12}\n", result.stdout
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_nobody_else_can_read_what_a_command_makes(tmp_path: Path) -> None:
    home, packed = tmp_path / "home", tmp_path / "b.zip"
    home.mkdir(mode=0o755)
    for arguments in (["init", home, "--first-month", "2026-01"], ["backup", packed, *at(home)]):
        program = "import os; os.umask(0o022); from dashboard.cli.app import main; main()"
        typed = [sys.executable, "-c", program, *map(str, arguments)]
        done = subprocess.run(typed, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    made = [home, *home.rglob("*"), packed]
    assert len(made) > 10
    assert [path for path in made if path.stat().st_mode & 0o077] == []


def test_a_port_that_is_taken_is_said_at_once(demo_home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = run("serve", "--port", port, *at(demo_home))
    assert result.exit_code == Exit.WRONG_USE
    assert f"port {port}" in result.stderr


@pytest.mark.parametrize(
    ("taken", "words"), [(True, "the port is in use"), (False, "the lines above say why")]
)
def test_a_port_that_is_taken_meanwhile_is_said_too_and_nothing_else_is_called_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: bool, words: str
) -> None:
    from uvicorn.main import STARTUP_FAILURE

    port = free_port()
    with socket.socket() as another:

        def left(*_: object) -> None:
            if taken:
                another.bind(("127.0.0.1", port))
                another.listen()
            raise SystemExit(STARTUP_FAILURE)

        monkeypatch.setattr("dashboard.cli.serve._build_if_older", lambda _: None)
        monkeypatch.setattr("dashboard.server.serve", left)
        result = run("serve", "--no-open", "--port", port, *at(tmp_path))
    assert result.exit_code == Exit.WRONG_USE
    assert words in result.stderr
    beyond = run("serve", "--port", 99_999, *at(tmp_path))
    assert "“99999” is too high: it must be at most 65535." in beyond.stderr


def test_serving_makes_a_release_where_there_is_none_of_this_version(
    demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo_home, home, ignore=shutil.ignore_patterns("releases", "workbooks"))
    served: list[str] = []

    def note(at: Path, *_: object) -> None:
        served.append((at / "releases" / "CURRENT").read_text(encoding="utf-8"))

    monkeypatch.setattr("dashboard.server.serve", note)
    assert run("serve", "--port", 8599, "--no-open", *at(home)).exit_code == Exit.DONE
    assert run("serve", "--port", 8599, "--no-open", *at(home)).exit_code == Exit.DONE
    assert served[0] == served[1]
