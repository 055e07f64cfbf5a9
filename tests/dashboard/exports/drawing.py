"""What pictures are drawn from: every chart with its rows, and every drawing made into pixels."""

import ast
import json
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
import vl_convert

import dashboard
from tests.dashboard.exports.inside import PLACES

ROOT = Path(dashboard.__file__).parent
_PIXELS: dict[object, object] = {}


@cache
def renderers() -> list[tuple[ModuleType, str]]:
    """Every function of vl_convert that the dashboard calls, and the module that calls it."""
    found = []
    for path in ROOT.rglob("*.py"):
        module = ".".join(path.relative_to(ROOT.parent).with_suffix("").parts)
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if "vl_convert" in text else ():
            if isinstance(node, ast.ImportFrom) and node.module == "vl_convert":
                found += [(import_module(module), name.asname or name.name) for name in node.names]
            elif isinstance(node, ast.Attribute) and ast.unparse(node.value) == "vl_convert":
                found.append((vl_convert, node.attr))
    return found


def watch(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is drawn from now on, as text: a chart's spec with its rows, or a drawing.

    The same words are made into pixels once, whoever orders them.
    """
    drawn: list[str] = []

    def watched(draw: Callable[..., object]) -> Callable[..., object]:
        def call(given: object, *about: object, **more: object) -> object:
            said = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
            drawn.append(PLACES.sub("", said))
            key = (draw, said, about, tuple(sorted(more.items())))
            if key not in _PIXELS:
                _PIXELS[key] = draw(given, *about, **more)
            return _PIXELS[key]

        return call

    for module, name in renderers():
        monkeypatch.setattr(module, name, watched(getattr(module, name)))
    return drawn
