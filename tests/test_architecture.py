"""The house keeps its shape: who may import what, and how long a file may grow."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

TREE = Path(__file__).parents[1]
PACKAGES = ("dashboard", "pipelines", "schemas")
LONGEST_FILE = 300
MOST_PARAMETERS = 6
BANNED_NAMES = {"utils", "helpers", "common", "misc"}
STREAMLIT = (
    "dashboard/app.py",
    "dashboard/server.py",
    "dashboard/screens/",
    "dashboard/panels/",
    "dashboard/page/",
)
DUCKDB = (
    "pipelines/releasing/release_file.py",
    "pipelines/releasing/last_release.py",
    "dashboard/store.py",
    "dashboard/queries/",
)
# Tests of several modules at once; every other one stands beside its module's mirror image.
CROSS_CUTTING = {
    "dashboard/api/test_figures": "from sending a return to asking whether it is shown",
    "dashboard/api/test_openapi": "what the document promises holds of every operation",
    "dashboard/charts/test_every_chart": "what every kind of chart keeps to",
    "dashboard/cli/test_settings_that_name_nothing": "every setting, by build, status and serve",
    "dashboard/queries/test_silent_programme": "the grid and the chase list agree on what is due",
    "dashboard/screens/test_address": "what every screen says of an address that names nothing",
    "dashboard/screens/test_every_archived_measure": "every screen and file without a measure",
    "dashboard/screens/test_every_count": "every number on every screen of the demo",
    "dashboard/screens/test_every_download": "every file that any screen offers",
    "dashboard/screens/test_every_empty_screen": "every screen of a programme that begins",
    "dashboard/screens/test_every_long_code": "a trust's code of five characters, everywhere",
    "dashboard/screens/test_links": "every link of every screen",
    "pipelines/checking/rules/test_chance_queries": "all the rules together, in quiet years",
    "pipelines/checking/test_documented_codes": "every rule's code is in the document for senders",
    "pipelines/demo/test_story_in_release": "the demo's story is found in its release",
    "pipelines/demo/test_story_of_starts": "what the whole demo's wards started, and what it did",
    "pipelines/keeping/test_chain_by_itself": "the chain and its checks, without a home",
    "pipelines/keeping/test_crashes": "a crash while keeping a return or building a release",
    "pipelines/reading/test_reading_traps": "what spreadsheets do, from reading to checking",
    "pipelines/reading/test_returns_as_they_come": "what others write, from reading to checking",
    "pipelines/reading/test_unsafe_files": "harmful files of every kind",
    "pipelines/spc/test_series_as_they_come": "what others write, from reading to charting",
    "pipelines/statistics/test_engines": "process charts on every engine",
    "pipelines/statistics/test_false_alarms": "all the rules of a process chart together",
    "pipelines/statistics/test_groups_on_engines": "all the statistics on every engine",
}
CLOCKS = {"today", "now", "utcnow", "time"}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((TREE / package).rglob("*.py")):
            name = path.relative_to(TREE).as_posix()
            yield name, ast.parse(path.read_text(encoding="utf-8"), filename=name)


def imported(module: ast.Module) -> set[str]:
    """Top-level packages that the module imports, anywhere in it and for whatever reason."""
    found = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def reads_a_clock(module: ast.Module) -> bool:
    calls = (node.func for node in ast.walk(module) if isinstance(node, ast.Call))
    return any(
        isinstance(call, ast.Attribute)
        and call.attr in CLOCKS
        and ast.unparse(call.value).split(".")[-1] in {"date", "datetime", "time"}
        for call in calls
    )


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    """What a function takes, however it is given, without the object or class it belongs to."""
    given = function.args
    every = [*given.posonlyargs, *given.args, given.vararg, *given.kwonlyargs, given.kwarg]
    return [one.arg for one in every if one and one.arg not in ("self", "cls")]


def test_the_import_contracts_hold():
    run = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=TREE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout
    assert "0 broken" in run.stdout


def test_no_folder_is_named_pages():
    # Streamlit serves every script in a folder named pages beside its entry, past the sign-in.
    assert not list((TREE / "dashboard").rglob("pages"))


@pytest.mark.parametrize(
    ("package", "homes"),
    [("streamlit", STREAMLIT), ("duckdb", DUCKDB), ("fastapi", ("dashboard/api/",))],
)
def test_a_package_is_imported_only_where_it_belongs(package, homes):
    users = [name for name, module in sources() if package in imported(module)]
    assert users
    assert [name for name in users if not name.startswith(homes)] == []


def test_only_the_edges_read_a_clock():
    allowed = ("dashboard/cli/", "dashboard/page/session.py")
    readers = [name for name, module in sources() if reads_a_clock(module)]
    assert readers
    assert [name for name in readers if not name.startswith(allowed)] == []


def test_no_file_grows_too_long():
    lengths = {
        name: len((TREE / name).read_text(encoding="utf-8").splitlines()) for name, _ in sources()
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_function_takes_too_many_arguments():
    # A command's options are what a person types, one by one; everything else has records.
    found = {
        f"{name}: {function.name}": taken
        for name, module in sources()
        if not name.startswith("dashboard/cli/")
        for function in ast.walk(module)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        and len(taken := parameters(function)) > MOST_PARAMETERS
    }
    assert found == {}


def test_files_are_named_for_what_they_do():
    assert [name for name, _ in sources() if Path(name).stem in BANNED_NAMES] == []


def test_every_module_and_public_function_says_what_it_is():
    silent = []
    for name, module in sources():
        if not ast.get_docstring(module):
            silent.append(name)
        for node in module.body:
            named = isinstance(node, ast.FunctionDef | ast.ClassDef)
            if named and not node.name.startswith("_") and not ast.get_docstring(node):
                silent.append(f"{name}: {node.name}")
    assert silent == []


def test_no_path_of_one_machine_is_in_the_tree():
    # A path of the machine a file was written on helps nobody who reads it on another one.
    endings = {".py", ".md", ".toml", ".csv", ".json", ".sh"}
    homes = ("/work" + "/", "/ro" + "ot/", "/Us" + "ers/")
    for folder in (*PACKAGES, "data", "docs", "benchmarks", "findings"):
        for path in (TREE / folder).rglob("*"):
            kept = path.suffix in endings and not {"demo", "programme"} & set(path.parts)
            if kept and path.is_file():
                text = path.read_text(encoding="utf-8")
                assert not [home for home in homes if home in text], path


@pytest.mark.parametrize("path", sorted((TREE / "findings").iterdir()), ids=lambda path: path.name)
def test_a_finding_runs_exact_releases_of_others_without_our_code(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    about = " ".join(line.lstrip("# ") for line in lines[: lines.index("set -euo pipefail")])
    code = "\n".join(line for line in lines if not line.startswith("#"))
    package, version = re.match(r"!/usr/bin/env bash (\S+) ([\d.]+)[ :]", about).groups()
    assert path.suffix == ".sh"
    assert path.stat().st_mode & 0o111
    assert f"{package}=={version}" in code or f"npm install {package}@{version} " in code
    assert not re.search("|".join(PACKAGES), code)
    for part in ("One would guess: ", "Seen", "Exits with 1 if that changes."):
        assert part in about


def test_tests_stand_beside_the_mirror_image_of_what_they_test():
    astray, known = [], set()
    for path in (TREE / "tests").rglob("test_*.py"):
        name = path.relative_to(TREE / "tests").with_suffix("").as_posix()
        if not name.startswith(PACKAGES):
            continue
        about = TREE / name.replace("/test_", "/")
        package_itself = about.name == about.parent.name
        known.add(name)
        mirrors = about.with_suffix(".py").is_file() or about.is_dir() or package_itself
        if not mirrors and name not in CROSS_CUTTING:
            astray.append(name)
    assert astray == []
    assert set(CROSS_CUTTING) <= known


def test_no_test_takes_anything_from_another_test_module():
    borrowed = []
    for path in (TREE / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            taken = isinstance(node, ast.Import | ast.ImportFrom) and ast.unparse(node)
            if taken and re.search(r"\btest_", taken):
                borrowed.append(f"{path.name}: {taken}")
    assert borrowed == []


def test_no_test_has_a_patience_of_its_own():
    """What must come is waited for as long as a busy machine takes: `tests/patience.py` says it."""
    found = [
        f"{path.relative_to(TREE)}:{call.lineno}"
        for path in sorted((TREE / "tests").rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and any(map(_seconds, call.keywords))
    ]
    assert found == []


def _seconds(keyword: ast.keyword) -> bool:
    """Whether an argument is a number of seconds, or milliseconds, to wait for something."""
    number = isinstance(keyword.value, ast.Constant) and keyword.value.value is not None
    return number and (keyword.arg or "").endswith("timeout")
