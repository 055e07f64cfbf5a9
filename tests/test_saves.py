"""Every place where something is saved is in docs/saving.md, with how to undo it from there.

The places are found in the code: whatever refers to a function that reaches the archive, the
drafts, the tokens or the subscriptions. A new one fails here until it has a line and an undo.
"""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "saving.md"
KEEPS = {"keep_return", "keep_register", "keep_measures", "keep_forum", "record"}
STORES = {
    "pipelines.keeping.drafts.save",
    "pipelines.keeping.drafts.remove",
    "pipelines.keeping.tokens.issue",
    "pipelines.keeping.tokens.revoke",
    "dashboard.subscriptions.choose",
}
FOR_PEOPLE = ("dashboard.screens", "dashboard.panels", "dashboard.api", "dashboard.cli")
NOT_BY_A_PERSON = ("dashboard.cli.demo", "dashboard.cli.init", "pipelines.demo")
HERE, COMMAND, NEVER = "Undo", "`feeling-safe", "Can’t be undone"


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the program, by its name."""
    files = [path for top in ("dashboard", "pipelines") for path in (ROOT / top).rglob("*.py")]
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): ast.parse(path.read_text("utf-8"))
        for path in files
    }


def imported(tree: ast.AST) -> dict[str, str]:
    """What each name that a module imports, at its top or within functions, stands for."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {each.asname or each.name: f"{node.module}.{each.name}" for each in node.names}
    return names


def references(function: ast.AST, known: dict[str, str]) -> set[str]:
    """The full names of all that a function refers to, and `keeps` for what the archive keeps."""
    found = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute):
            of = ast.unparse(node.value)
            if node.attr in KEEPS and of.endswith(("archive", "Archive")):
                found.add("keeps")
            if of in known:
                found.add(f"{known[of]}.{node.attr}")
        elif isinstance(node, ast.Name) and node.id in known:
            found.add(known[node.id])
    return found


@cache
def graph() -> dict[str, set[str]]:
    """What each function of each module refers to; those within a class count as the class's."""
    edges: dict[str, set[str]] = {}
    for module, tree in modules().items():
        tops = [n for n in tree.body if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
        known = imported(tree) | {top.name: f"{module}.{top.name}" for top in tops}
        edges |= {f"{module}.{top.name}": references(top, known) for top in tops}
    return edges


@cache
def savers() -> frozenset[str]:
    """Every function outside the screens, commands and API through which something is saved."""
    found = set(STORES)
    while True:
        more = {
            name
            for name, to in graph().items()
            if not name.startswith((*FOR_PEOPLE, *NOT_BY_A_PERSON, "dashboard.page"))
            and ("keeps" in to or to & found)
        }
        if more <= found:
            return frozenset(found)
        found |= more


def places() -> set[str]:
    """Every function for people that refers to one of these."""
    return {
        name
        for name, to in graph().items()
        if name.startswith(FOR_PEOPLE)
        and not name.startswith(NOT_BY_A_PERSON)
        and (to & savers() or "keeps" in to)
    }


def documented() -> dict[str, str]:
    """The places in the document, with how each is undone."""
    lines = [line for line in DOCUMENT.read_text("utf-8").splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {
        f"dashboard.{name.strip().strip('`')}": row[2]
        for row in cells
        if row[3].startswith("`")
        for name in row[3].split(",")
    }


def test_every_place_where_something_is_saved_is_documented_with_its_undo():
    assert len(places()) > 30  # the search finds what is there
    assert set(documented()) == places()


@pytest.mark.parametrize("place", sorted(documented()))
def test_each_is_undone_as_it_is_documented(place):
    how, module = documented()[place], place.rpartition(".")[0]
    source = ast.unparse(modules()[module])
    if how.startswith(HERE):
        assert "undo" in place.lower() or "Plan(" in source or "LastSave(" in source, place
    elif how.startswith(COMMAND):
        assert "To undo it: " in source or "To end it: " in source or "Undo again" in source, place
    else:
        assert how.startswith(NEVER), how


def test_whatever_a_screen_saves_comes_with_an_undo_that_saves():
    plans = 0
    for module, tree in modules().items():
        if not module.startswith(("dashboard.screens", "dashboard.panels")):
            continue
        tops = [n for n in tree.body if isinstance(n, ast.FunctionDef)]
        known = imported(tree) | {top.name: f"{module}.{top.name}" for top in tops}
        for top in tops:
            for call in (n for n in ast.walk(top) if isinstance(n, ast.Call)):
                if ast.unparse(call.func) not in ("Plan", "LastSave"):
                    continue
                if module == "dashboard.panels.decision_form":
                    continue  # passes on what a plan holds
                plans += 1
                undo = undo_of(call)
                local = {n.targets[0].id: n.value for n in ast.walk(top) if is_named(n)}
                undo = local.get(undo.id, undo) if isinstance(undo, ast.Name) else undo
                reached = references(undo, known)
                reached |= {far for name in reached for far in graph().get(name, ())}
                reached |= {far for name in reached for far in graph().get(name, ())}
                assert "keeps" in reached or reached & savers(), f"{module}: {ast.unparse(call)}"
    assert plans > 12


def is_named(node: ast.AST) -> bool:
    return isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)


def undo_of(call: ast.Call) -> ast.expr:
    """The argument of a plan or of what was saved that says how it is undone."""
    starred = [n for n, each in enumerate(call.args) if isinstance(each, ast.Starred)]
    if starred:  # the question, the word for yes and what is said afterwards, in one
        return call.args[3]
    return call.args[3 if ast.unparse(call.func) == "LastSave" else 5]
