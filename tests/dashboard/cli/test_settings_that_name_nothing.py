"""A setting that names something that isn't there is refused by build, status and serve."""

import csv
import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest

from dashboard.cli.errors import Exit
from pipelines import measures
from pipelines.keeping.home import Home
from tests import worlds
from tests.dashboard.cli.typed import run
from tests.ports import free_port

SETTINGS = "programme.toml"
BEGINS = 'name = "Tiny"\nfictional = true\nfirst_month = "2025-01"\n'
PAUSE = '[[pauses]]\nfirst = "{}"\nlast = "{}"\nreason = "COVID-19"\n'


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return worlds.empty_world(tmp_path_factory.mktemp("begun") / "home")


@pytest.fixture
def home(begun: Home, tmp_path: Path) -> Path:
    return Path(shutil.copytree(begun.root, tmp_path / "home"))


def settings(text: str) -> Callable[[Path], None]:
    return lambda home: (home / SETTINGS).write_text(text, encoding="utf-8") and None


def as_real(home: Path) -> None:
    (home / SETTINGS).write_text(BEGINS.replace("true", "false"), encoding="utf-8")


# What is set, and what the refusal says: what was found, and how to put it right.
FAULTS = {
    "a set the register does not have": (
        settings(BEGINS + 'standards_set = "sexual_safety"\n'),
        ("standards_set is “sexual_safety”", "has only sexual_safety_placeholder", "standards.csv"),
    ),
    "a real programme with invented trusts": (
        as_real,
        ("Z01, Z02, Z08, Z09: codes Z01 to Z99 are for fictional programmes",),
    ),
    "a first month that is none": (
        settings(BEGINS.replace("2025-01", "2025-13")),
        ("first_month", "13 is not a month of the year"),
    ),
    "a last month before the first": (
        settings(BEGINS + 'last_month = "2024-12"\n'),
        ("last_month, 2024-12, is before first_month, 2025-01",),
    ),
    "a pause before the programme": (
        settings(BEGINS + PAUSE.format("2024-03", "2024-05")),
        ("the pause from 2024-03 to 2024-05 is outside", "begin in 2025-01"),
    ),
    "a pause after the programme": (
        settings(BEGINS + 'last_month = "2026-03"\n' + PAUSE.format("2026-05", "2026-06")),
        ("the pause from 2026-05 to 2026-06 is outside", "end in 2026-03"),
    ),
    "a pause that ends before it begins": (
        settings(BEGINS + PAUSE.format("2025-06", "2025-03")),
        ("pauses.0", "ends in 2025-03, before it begins in 2025-06"),
    ),
    "closed before it is due": (
        settings(BEGINS + "[deadlines]\ndue_working_days = 50\n"),
        ("deadlines", "due after 50 working days, closed after 40"),
    ),
    "a rule there is not": (
        settings(BEGINS + 'two_of_three = "abc"\n'),
        ("two_of_three", "'mdc' or 'ptd'"),
    ),
    "a policy number there is not": (
        settings(BEGINS + "[disclosure]\nsmallest = 5\n"),
        ("disclosure.smallest",),
    ),
    "a setting there is not": (settings(BEGINS + "colour = 1\n"), ("colour",)),
    "a source of support without an address": (
        settings(BEGINS + '[[support]]\nname = "A"\nhow = "Call"\nlink = "call us"\n'),
        ("support.0.link",),
    ),
}
COMMANDS = ("build", "status", "serve")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_setting_that_names_nothing_is_refused(home, command, fault):
    spoil, words = FAULTS[fault]
    spoil(home)
    assert_refused(command, home, (SETTINGS, *words))


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("line", "spoilt", "words"),
    [
        ('numerator = ["pt_safe"]', 'numerator = ["pt_sade"]', ("pt_sade", "which no return has")),
        ('numerator = ["pt_safe"]', "numerator = []", ("numerator",)),
        ('topic = "feeling_safe"', 'topic = "safety"', ("topic",)),
        ('status = "published"', 'status = "retired"', ("status",)),
    ],
)
def test_a_measure_that_names_nothing_is_refused(
    home, tmp_path, monkeypatch, command, line, spoilt, words
):
    folder = Path(shutil.copytree(measures.FOLDER, tmp_path / "measures"))
    (path,) = folder.glob("SS-O1_*")
    text = path.read_text(encoding="utf-8")
    assert line in text
    path.write_text(text.replace(line, spoilt), encoding="utf-8")
    load = measures.load
    monkeypatch.setattr(measures, "load", lambda: load(folder))
    assert_refused(command, home, (path.name, *words))


@pytest.mark.parametrize(
    ("name", "column", "value", "words"),
    [
        ("wards", "trust_code", "Z77", "wards.csv names trust Z77, which is not in trusts.csv"),
        ("trusts", "successor_code", "Z77", "became Z77, which is not in trusts.csv"),
        ("trusts", "region_code", "Y99", "region_code: “Y99” is not allowed"),
        ("wards", "mh_class", "999", "mh_class: “999” is not allowed"),
        ("access", "trusts", "Z77", "the trust Z77, which is not in trusts.csv"),
        ("access", "role", "boss", "role: “boss” is not allowed"),
        ("standards", "applies_to", "bed", "applies_to: “bed” is not allowed"),
        ("standards", "set_id", "other", "no such set is in the register, which has only other"),
    ],
)
def test_a_register_that_names_nothing_is_not_saved(home, name, column, value, words):
    assert run("register", "--fetch", "--home", home).exit_code == 0
    path = home / "register" / f"{name}.csv"
    rows = list(csv.DictReader(StringIO(path.read_text(encoding="utf-8-sig"))))
    for row in rows if name == "standards" else rows[-1:]:
        row[column] = value
    text = StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")
    saved = run("register", "--home", home)
    assert saved.exit_code == Exit.WRONG_USE
    assert words in saved.stderr


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "abc", "FEELING_SAFE_PORT is “abc”"),
        ("PORT", "99999", "less than or equal to 65535"),
        ("HOME", "/nowhere-at-all", "There is no programme in /nowhere-at-all"),
    ],
)
def test_an_environment_variable_that_names_nothing_is_refused(monkeypatch, name, value, words):
    monkeypatch.setenv(f"FEELING_SAFE_{name}", value)
    if name != "PORT":
        monkeypatch.setenv("FEELING_SAFE_PORT", str(free_port()))
    refused = run("serve", "--no-open")
    assert refused.exit_code == Exit.WRONG_USE
    assert words in refused.stderr
    assert "Sorry" not in refused.stderr


def test_settings_that_fit_are_not_refused(home):
    assert run("build", "--home", home).exit_code == 0
    assert run("status", "--home", home).exit_code == 0


def assert_refused(command: str, home: Path, words: tuple[str, ...]) -> None:
    more = ("--no-open", "--port", free_port()) if command == "serve" else ()
    refused = run(command, "--home", home, *more)
    assert refused.exit_code == Exit.WRONG_USE, refused.output
    for part in words:
        assert part in refused.stderr
    assert "Sorry" not in refused.stderr
    assert not list((home / "releases").glob("*.duckdb"))
