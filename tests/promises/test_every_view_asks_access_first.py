"""Every screen checks who is there before anything else, and lets in only its own roles."""

import ast
import inspect
from pathlib import Path

import pytest

from dashboard.access import NoAccess
from dashboard.page import session
from dashboard.screens import menu, sign_in

SCREENS = [
    (role, show)
    for menus in (menu.SCREENS, menu.IF_ASKED)
    for role, screens in menus.items()
    for show, _, _ in screens
]


def first_statement(function) -> ast.stmt:
    """The first thing a function does, after its docstring."""
    definition = ast.parse(inspect.getsource(function)).body[0]
    return definition.body[1 if ast.get_docstring(definition) else 0]


@pytest.mark.parametrize(("role", "show"), SCREENS)
def test_the_first_statement_admits_the_roles_of_the_menu(role, show):
    statement = first_statement(show)
    assert isinstance(statement, ast.Assign)
    assert ast.unparse(statement.value.func) == "session.admit"
    admitted = {argument.value for argument in statement.value.args}
    menus = {other for other, screen in SCREENS if screen is show}
    assert admitted == menus
    assert role in admitted


def test_every_module_with_a_screen_is_in_the_menu():
    shown = {inspect.getmodule(show).__name__ for _, show in SCREENS} | {sign_in.__name__}
    folder, seen = Path(menu.__file__).parent, set()
    for path in folder.rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name == "show" and not node.args.args:
                module = ".".join(path.relative_to(folder).with_suffix("").parts)
                seen.add(f"dashboard.screens.{module}")
    assert seen == shown


def test_the_entry_reads_no_figure():
    tree = ast.parse(Path(sign_in.__file__).read_text(encoding="utf-8"))
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not {name for name in modules if name and name.startswith("dashboard.queries")}


@pytest.mark.parametrize("scope", [None])
def test_nobody_is_admitted_without_a_scope(monkeypatch, scope):
    said = []
    monkeypatch.setattr(session, "visitor", lambda: scope)
    monkeypatch.setattr(session.st, "error", said.append)
    monkeypatch.setattr(session.st, "stop", _stop)
    with pytest.raises(Stopped):
        session.admit("programme", "trust", "region")
    assert said == [str(NoAccess("You do not have access to this programme."))]


class Stopped(Exception):
    """Stands in for the end of a script."""


def _stop() -> None:
    raise Stopped
