"""Choosing a mark on a chart: some fields of its row are the value of the selection `CHOSEN`."""

from collections.abc import Mapping
from typing import Any

import altair as alt

CHOSEN = "chosen"
POINTER: dict[str, Any] = {"cursor": "pointer"}  # how a mark that can be chosen is drawn


def by(*fields: str) -> alt.Parameter:
    """The parameter of a chart whose marks can be chosen by these fields of a row."""
    return alt.selection_point(name=CHOSEN, fields=[*fields], empty=False, toggle=False)


def fields(spec: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields by which a finished chart's marks can be chosen; empty if they can't be."""
    found = [param for param in spec.get("params", ()) if param["name"] == CHOSEN]
    return tuple(found[0]["select"]["fields"]) if found else ()
