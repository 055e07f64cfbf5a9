"""No pattern takes more than a step or so for each letter, whatever text it is given.

Patterns that polars, pandera and pydantic match are linear by their engine (Rust's `regex`). This
finds every pattern that Python's own engine matches, and counts its steps over texts that double.
"""

import ast
import importlib
import re
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from types import ModuleType

import pytest

from schemas.returns import SHEETS
from tests.matching_steps import Matcher, TooManySteps, examples

pytestmark = pytest.mark.slow

TREE = Path(__file__).parents[1]
METHODS = ("match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer")
AS_SEARCH = ("sub", "subn", "split", "findall", "finditer")
SHORT, LONG = 60, 120
MOST_GROWTH = 3  # twice the text: twice the steps, and four times if it is quadratic
MOST_TEXTS = 150  # for each pattern
MOST_BEGUN = 1000  # for each example
# Put together from patterns that are in the schemas, and so are found there.
FROM_SCHEMAS = {("pipelines/checking/structure.py", "limits['pattern']")}

Found = tuple[str, str, int, str]  # where, pattern, flags, method


def sources() -> list[Path]:
    return [
        path
        for top in ("dashboard", "pipelines", "schemas")
        for path in sorted((TREE / top).rglob("*.py"))
    ]


def uses(path: Path) -> Iterator[Found]:
    """Each pattern of a module, with the way in which it is used."""
    text = path.read_text(encoding="utf-8")
    if "re." not in text:
        return
    tree, where = ast.parse(text), str(path.relative_to(TREE))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    calls = [call for call in calls if isinstance(call.func, ast.Attribute)]
    module: ModuleType | None = None
    for call in calls:
        of_re = isinstance(call.func.value, ast.Name) and call.func.value.id == "re"
        if of_re and call.func.attr in METHODS:
            first = ast.unparse(call.args[0])
            if (where, first) in FROM_SCHEMAS:
                continue
            module = module or _module(path)
            pattern = eval(first, vars(module))  # noqa: S307 - our own source
            flags = [k.value for k in call.keywords if k.arg == "flags"]
            place = 3 if call.func.attr in ("sub", "subn", "split") else 2
            flags += call.args[place:]
            known = eval(ast.unparse(flags[0]), vars(module)) if flags else 0  # noqa: S307
            yield where, pattern, int(known), call.func.attr
    for name, compiled in _compiled(path, tree):
        used = {
            c.func.attr
            for c in calls
            if isinstance(c.func.value, ast.Name) and c.func.value.id == name
        }
        for method in (used & set(METHODS)) or {"search"}:
            yield where, compiled.pattern, compiled.flags, method


def _compiled(path: Path, tree: ast.Module) -> Iterator[tuple[str, re.Pattern[str]]]:
    """The compiled patterns of a module, by its name for them or for the list they are in."""
    if "re.compile" in path.read_text(encoding="utf-8"):
        for name, value in vars(_module(path)).items():
            yield from ((name, pattern) for pattern in _patterns(value))


def _patterns(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _patterns(each)


def _module(path: Path) -> ModuleType:
    return importlib.import_module(".".join(path.relative_to(TREE).with_suffix("").parts))


def of_schemas() -> Iterator[Found]:
    for name, model in SHEETS.items():
        for column in model.to_schema().columns.values():
            for check in column.checks:
                if check.name == "str_matches":
                    yield f"schemas {name}", check.statistics["pattern"], 0, "fullmatch"


EVERY = sorted({found for path in sources() for found in uses(path)} | set(of_schemas()), key=str)


def pumped(pattern: str, flags: int, length: int) -> list[str]:
    """Texts of about a length that begin as a match does, then repeat a part of one, then fail."""
    found = examples(pattern, flags)
    letters = {letter for example in found for letter in example}
    units = letters | {e[i : i + n] for e in found for n in (2, 3) for i in range(len(e) - n + 1)}
    # Every beginning of an example, or a thousand of a very long one.
    steps = {example: len(example) // MOST_BEGUN + 1 for example in found}
    begun = {example[:i] for example in found for i in range(0, len(example) + 1, steps[example])}
    pairs = sorted(product(begun, units))
    few = pairs[:: len(pairs) // MOST_TEXTS + 1]
    return [begun + unit * (length // len(unit)) + "\0" for begun, unit in few]


def growth(pattern: str, flags: int, method: str) -> float:
    """How many times as many steps twice the text takes, at worst; infinite if far too many."""
    matcher = Matcher(pattern, flags, method)
    worst = 0.0
    texts = zip(pumped(pattern, flags, SHORT), pumped(pattern, flags, LONG), strict=True)
    for small, large in texts:
        try:
            matcher.found(small)
            fewer = matcher.steps
            matcher.found(large)
        except TooManySteps:
            return float("inf")
        worst = max(worst, matcher.steps / fewer)
    return worst


@pytest.fixture(autouse=True)
def _deep_enough(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    yield
    sys.setrecursionlimit(before)


@pytest.mark.parametrize(
    ("where", "pattern", "flags", "method"), EVERY, ids=lambda part: str(part)[:40]
)
def test_a_text_twice_as_long_takes_twice_the_steps(where, pattern, flags, method):
    text = pattern.decode("ascii") if isinstance(pattern, bytes) else pattern
    way = "search" if method in AS_SEARCH else method
    assert growth(text, flags & ~re.UNICODE, way) < MOST_GROWTH


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        (r"(a+)+$", "fullmatch"),
        (r"(a|a)*b", "match"),
        (r"(\w+\s?)*!", "match"),
        (r"[^@\s]+@[^@\s]+", "search"),
        (r"\s+$", "search"),
        (r"\d+\.0+$", "search"),
        (r"a*a*b", "match"),
        (r"x.*?y", "search"),
    ],
)
def test_a_pattern_that_is_not_linear_is_noticed(pattern, method):
    assert growth(pattern, 0, method) > MOST_GROWTH


@pytest.mark.parametrize(
    ("where", "pattern", "flags", "method"), EVERY, ids=lambda part: str(part)[:40]
)
def test_the_steps_are_those_of_the_same_matches_as_pythons(where, pattern, flags, method):
    text = pattern.decode("ascii") if isinstance(pattern, bytes) else pattern
    way = "search" if method in AS_SEARCH else method
    matcher, python = Matcher(text, flags & ~re.UNICODE, way), re.compile(text, flags)
    for example in [
        *examples(text, flags & ~re.UNICODE),
        "",
        "a1 -",
        "Z01-2026-10-1",
        "12/03/2026",
    ]:
        for sent in (example, example.upper(), f" {example}!", example + example):
            if way == "search":
                expected = [match.span() for match in python.finditer(sent)]
            else:
                match = getattr(python, way)(sent)
                expected = [match.span()] if match else []
            assert matcher.found(sent) == expected, sent
