"""The documents are true: links lead somewhere, commands exist, promises name tests that exist."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from datetime import date
from importlib.metadata import distributions
from pathlib import Path

import pytest

from pipelines.reading.file_kind import LARGEST_FILE
from pipelines.settings import Settings

TREE = Path(__file__).parents[1]
DOCUMENTS = [*TREE.glob("*.md"), *(TREE / "docs").rglob("*.md"), *(TREE / "data").glob("*.md")]
SOURCES = [path for p in ("dashboard", "pipelines", "schemas") for path in (TREE / p).rglob("*.py")]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
NAMED_DOCUMENT = re.compile(r"\bdocs/[\w./-]+\.md\b")
DECISION = re.compile(r"^## (\d+)\. (.+)\n\n\*(\d{4}-\d\d-\d\d) · (.+)\*$", re.MULTILINE)
STATUS = re.compile(r"(Accepted|Replaced by (\d+)|Accepted, partly replaced by (\d+))")
KINDS_OF_CHANGE = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
# Plain English has a shorter word for these, such as “again”, “correct” or “confirm”.
AVOIDED = (
    "anew",
    "are told",
    "furniture",
    "is told of",
    "mend",
    "mended",
    "second yes",
    "take away",
    "they leave with",
    "what came of",
    "whoever",
)
NAMED_TEST = re.compile(r"`(tests/[\w/.-]+\.py)::(\w+)`")
DECISIONS = TREE / "docs" / "decisions"
RUN = "PIP_BREAK_SYSTEM_PACKAGES=1 python3 -m pip install uv && python3 -m uv run feeling-safe demo"
TEST = "python3 -m uv run pytest"


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def anchor_of(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def anchors(path: Path) -> set[str]:
    """The anchors that the headings of a Markdown file make."""
    return {anchor_of(h) for h in re.findall(r"^#+ (.*)$", text_of(path), flags=re.MULTILINE)}


def decisions() -> list[tuple[int, str, str, str, str]]:
    """Each decision by number: number, title, date, status, and the name of its file."""
    files = [path for path in DECISIONS.glob("*.md") if path.name != "README.md"]
    return sorted(
        (int(number), title, written, status, path.name)
        for path in files
        for number, title, written, status in DECISION.findall(text_of(path))
    )


def promises() -> list[tuple[str, list[tuple[str, str]]]]:
    """Each promise with the tests named for it."""
    parts = re.split(r"^## ", text_of(TREE / "docs" / "promises.md"), flags=re.MULTILINE)[1:]
    return [(part.splitlines()[0], NAMED_TEST.findall(part)) for part in parts]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(TREE).as_posix())
def test_every_link_leads_somewhere(path):
    for target in LINK.findall(text_of(path)):
        if "://" in target:
            continue
        file, _, anchor = target.partition("#")
        linked = (path.parent / file).resolve() if file else path
        assert linked.exists(), f"{target} does not exist"
        assert not anchor or anchor in anchors(linked), f"{target}: there is no such heading"


def test_every_document_that_is_mentioned_exists():
    mentioned = {
        (name, path.relative_to(TREE).as_posix())
        for path in (*SOURCES, *DOCUMENTS)
        for name in NAMED_DOCUMENT.findall(text_of(path))
    }
    assert {(name, where) for name, where in mentioned if not (TREE / name).exists()} == set()


@pytest.mark.parametrize("command", [RUN, TEST])
def test_the_two_commands_stand_on_a_line_of_their_own_in_the_readme(command):
    assert text_of(TREE / "README.md").splitlines().count(command) == 1


def test_ci_calls_the_readmes_test_command_with_the_browser_required():
    lines = text_of(TREE / ".ci" / "run").splitlines()
    assert TEST in lines
    assert any("FEELING_SAFE_REQUIRE_BROWSER=1" in line for line in lines)


@pytest.mark.parametrize("promise", promises(), ids=lambda promise: promise[0])
def test_every_promise_names_tests_that_exist(promise):
    _, named = promise
    assert named, "no test is named for this promise"
    for file, test in named:
        module = ast.parse(text_of(TREE / file))
        functions = {node.name for node in ast.walk(module) if isinstance(node, ast.FunctionDef)}
        assert test in functions, f"{file} has no {test}"


def test_every_dependency_has_its_decision():
    project = tomllib.loads(text_of(TREE / "pyproject.toml"))["project"]
    names = [re.split(r"[\[><=]", dependency)[0] for dependency in project["dependencies"]]
    assert set(names) <= {title for _, title, *_ in decisions()}


def test_decisions_are_numbered_without_a_gap():
    assert [number for number, *_ in decisions()] == list(range(1, len(decisions()) + 1))


def test_every_decision_has_a_date_and_a_status():
    records = [path for path in DECISIONS.glob("*.md") if path.name != "README.md"]
    headings = [h for path in records for h in re.findall(r"^## .*$", text_of(path), re.MULTILINE)]
    assert len(headings) == len(decisions()), "a heading has no number, or no date and status"
    for number, _, written, status, _ in decisions():
        date.fromisoformat(written)
        kind = STATUS.fullmatch(status)
        assert kind, f"decision {number} is {status}"
        later = kind[2] or kind[3]
        assert later is None or number < int(later) <= len(decisions())


def test_the_index_lists_every_decision_with_its_date_and_status():
    index = text_of(DECISIONS / "README.md")
    listed = re.findall(r"^\| (\d+) \| .*$", index, re.MULTILINE)
    assert sorted(map(int, listed)) == [number for number, *_ in decisions()]
    for number, title, written, status, file in decisions():
        link = f"[{title}]({file}#{anchor_of(f'{number}. {title}')})"
        assert f"| {number} | {link} | {written} | {status} |" in index.splitlines()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(TREE).as_posix())
def test_documents_are_in_plain_english(path):
    text = re.sub(r"“[^”]*”|`[^`]*`", "", text_of(path))  # what is quoted may be anything
    words = " ".join(text.split()).casefold()
    assert [word for word in AVOIDED if re.search(rf"\b{word}\b", words)] == []


def test_every_command_is_documented():
    from typer.main import get_command

    from dashboard.cli.app import app

    documents = " ".join(text_of(path) for path in DOCUMENTS)
    assert [c for c in get_command(app).commands if f"feeling-safe {c}" not in documents] == []


def test_every_setting_is_documented():
    from pipelines.settings import Settings

    page = text_of(TREE / "docs" / "running-the-service.md")
    names = {f"FEELING_SAFE_{name}".upper() for name in Settings.model_fields}
    assert names == set(re.findall(r"^\| `(FEELING_SAFE_\w+)`", page, flags=re.MULTILINE))


def test_lists_in_the_documents_are_those_of_the_code():
    from typing import get_args

    from dashboard.cli import export
    from pipelines.statistics.chart_choice import NAMES
    from schemas.receipts import LinkKind

    page = text_of(TREE / "docs" / "running-the-service.md")
    downloads = page.partition("## Downloads")[2].partition("\n### ")[0]
    assert re.findall(r"^\| `(\w+)` \|", downloads, flags=re.MULTILINE) == list(export.Reader)
    (parts,) = re.findall(
        r"^`--part tables` \(or (.*?);", downloads, flags=re.MULTILINE | re.DOTALL
    )
    assert ["tables", *re.findall(r"`([\w-]+)`", parts)] == list(export.Part)
    (kinds,) = re.findall(r"^\| `entries_total` .*: (.*) \|$", page, flags=re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", kinds)) == set(get_args(LinkKind)) - {"start"}
    (charts,) = re.findall(
        r"^\| `--chart` \| (.*) \|$", text_of(TREE / "docs" / "spc.md"), re.MULTILINE
    )
    assert set(re.findall(r"`(\w+)`", charts)) == {"auto", *NAMES}


def test_the_examples_for_systemd_write_one_audit_log():
    files = [path.read_text(encoding="utf-8") for path in (TREE / "docs").glob("*.service")]
    named = re.findall(r"FEELING_SAFE_AUDIT_LOG=(.*)", "".join(files))
    assert len(named) == 2
    assert len(set(named)) == 1


def test_the_changelog_begins_with_this_version():
    version = tomllib.loads(text_of(TREE / "pyproject.toml"))["project"]["version"]
    headings = re.findall(r"^## (.*)$", text_of(TREE / "CHANGELOG.md"), flags=re.MULTILINE)
    form = re.compile(r"\[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d|not yet released)")
    versions = [form.fullmatch(heading) for heading in headings]
    assert all(versions), headings
    assert versions[0][1] == version


def test_the_changelog_sorts_changes_by_kind():
    kinds = re.findall(r"^### (.*)$", text_of(TREE / "CHANGELOG.md"), flags=re.MULTILINE)
    assert kinds
    assert set(kinds) <= KINDS_OF_CHANGE


RECIPES = re.split(
    r"^### ",
    re.search(
        r"^## Recipes\n(.*?)^## ", text_of(TREE / "CONTRIBUTING.md"), re.DOTALL | re.MULTILINE
    )[1],
    flags=re.MULTILINE,
)[1:]
NAMED_FILE = re.compile(r"`((?:schemas|pipelines|dashboard|data|tests|docs)/[\w./-]*)`")


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.splitlines()[0])
def test_every_file_that_a_recipe_names_exists(recipe):
    named = NAMED_FILE.findall(recipe)
    assert len(named) > 1, "a recipe names the files to open"
    assert [name for name in named if not (TREE / name).exists()] == []


def test_there_is_a_recipe_for_each_thing_people_add():
    titles = {recipe.splitlines()[0] for recipe in RECIPES}
    assert titles >= {
        "Add a measure",
        "Add a check",
        "Add a screen",
        "Add a chart type",
        "Change a suppression rule",
        "Add a command",
    }


def test_the_tree_in_contributing_is_the_tree():
    tree = re.search(r"```\n(schemas/.*?)```", text_of(TREE / "CONTRIBUTING.md"), re.DOTALL)[1]
    path: list[str] = []
    missing, listed = [], set()
    for line in tree.splitlines():
        name = line.split()[0]
        depth = (len(line) - len(line.lstrip())) // 2
        path[depth:] = [name]
        where = "".join(path)
        listed.add(where)
        if not (TREE / where).exists():
            missing.append(where)
    packages = {
        f"{found.parent.relative_to(TREE).as_posix()}/"
        for top in ("dashboard", "pipelines", "schemas")
        for found in (TREE / top).rglob("__init__.py")
        if len(found.relative_to(TREE).parts) <= 3
    }
    assert missing == []
    assert packages <= listed


def glossary() -> list[tuple[str, str]]:
    """Each name in the glossary's column for code, with its term."""
    rows = re.findall(r"^\| (.+?) \| .+ \| (.*) \|$", text_of(TREE / "docs" / "glossary.md"), re.M)
    names = [(term, name) for term, column in rows for name in re.findall(r"`([\w./]+)`", column)]
    return [(term, name) for term, name in names if "/" not in name]


def test_every_name_in_the_glossary_is_in_the_code():
    """A dotted name can be imported; a bare one is a class, a column, or a table of the release."""
    from schemas.release import TABLES

    words = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(text_of(path))):
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                words.add(node.name)
            elif isinstance(node, ast.AnnAssign | ast.Assign):
                targets = [node.target] if isinstance(node, ast.AnnAssign) else node.targets
                words |= {ast.unparse(target) for target in targets}
    words |= {*TABLES, "return_id"}
    wrong = []
    for term, name in glossary():
        parts = name.split(".")
        if parts[0] in ("dashboard", "pipelines", "schemas"):
            found = _resolves(parts)
        else:
            found = set(parts) <= words
        if not found:
            wrong.append((term, name))
    assert glossary()
    assert wrong == []


def _resolves(parts: list[str]) -> bool:
    """Whether a dotted name is a module, or something in one."""
    from importlib import import_module
    from importlib.util import find_spec

    for length in range(len(parts), 0, -1):
        module = ".".join(parts[:length])
        try:
            if find_spec(module) is None:
                continue
        except ModuleNotFoundError:
            continue
        thing = import_module(module)
        for name in parts[length:]:
            fields = getattr(thing, "model_fields", {}) | getattr(thing, "__annotations__", {})
            if not hasattr(thing, name) and name not in fields:
                return False
            thing = getattr(thing, name, None)
        return True
    return False


def test_the_example_for_nginx_passes_on_what_the_service_needs():
    example = (TREE / "docs" / "nginx.conf").read_text(encoding="utf-8")
    (megabytes,) = re.findall(r"client_max_body_size (\d+)m;", example)
    assert int(megabytes) * 2**20 > LARGEST_FILE
    passed_on = set(re.findall(r"proxy_set_header (\S+)", example))
    assert passed_on >= {"Upgrade", "Connection", "Host", "X-Forwarded-For", "X-Forwarded-Proto"}
    assert f":{Settings.model_fields['port'].default};" in example
    assert example.count("{") == example.count("}")


def test_the_documented_bill_of_materials_lists_what_is_installed(tmp_path):
    start = "uvx --from 'cyclonedx-bom>=7,<8' "
    lines = text_of(TREE / "docs/running-the-service.md").splitlines()
    (command,) = [line.removeprefix(start) for line in lines if line.startswith(start)]
    program, kind, folder, option, file = command.split()
    assert (program, folder) == ("cyclonedx-py", ".venv")
    written = tmp_path / file
    run = [sys.executable, "-m", "cyclonedx_py", kind, sys.prefix, option, str(written)]
    subprocess.run(run, check=True, capture_output=True)
    listed = {part["name"]: part["version"] for part in json.loads(text_of(written))["components"]}
    assert listed == {one.name: one.version for one in distributions()}
