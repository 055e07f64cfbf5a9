"""Writes the data dictionary, `docs/data-dictionary.md`, from the models that check the data.

Run `python -m pipelines.data_dictionary`; a test fails when the file and the models differ.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandera.polars as pa

from pipelines.measures import load
from schemas.measures import Measure
from schemas.register import REGISTER_FILES
from schemas.release import TABLES
from schemas.returns import SHEETS, TEMPLATE_VERSION, Column, columns_of
from schemas.tidy import Tidy

FILE = Path(__file__).parents[1] / "docs" / "data-dictionary.md"
OPENING = """# Data dictionary

Written by `python -m pipelines.data_dictionary` from the models that check the data. Don't edit it
by hand: change the model in `schemas/`, or the measure in `data/measures/`, and run it again.

1. [The return](#1-the-return): what a trust sends
2. [The register](#2-the-register): which trusts and wards there are, and who may see what
3. [The measures](#3-the-measures): what is counted, over what
4. [The release](#4-the-release): the tables the dashboard reads
5. [The tidy table](#5-the-tidy-table): one row for each figure, to download or by program
"""
RETURN_OPENING = f"""## 1 The return

Template version {TEMPLATE_VERSION}. Only the trust itself and the programme team see restricted
columns. *Longest* is how many characters a cell can hold.
"""
TYPES = {
    "String": "text",
    "Int64": "whole number",
    "Float64": "number",
    "Boolean": "true or false",
    "Date": "date",
}
REQUIRED = {
    "always": "always",
    "with_data": "when the row has data",
    "unless_closed": "unless the ward was closed",
    "optional": "optional",
}
DIRECTIONS = {"up": "higher is better", "down": "lower is better", "none": "neither"}
UNITS = {
    "percent": "%",
    "per_1000_bed_days": "per 1,000 occupied bed days",
    "count": "count",
    "days": "days",
}


def dictionary(measures: Sequence[Measure]) -> str:
    """The whole data dictionary as Markdown."""
    parts = [
        OPENING,
        RETURN_OPENING,
        *(_sheet(name) for name in SHEETS),
        "## 2 The register\n",
        *_models(REGISTER_FILES, ".csv"),
        "## 3 The measures\n",
        _measures(measures),
        "## 4 The release\n",
        *_models(TABLES, ""),
        "## 5 The tidy table\n",
        *_models({"tidy": Tidy}, ""),
    ]
    return "\n".join(parts).rstrip() + "\n"


def _sheet(name: str) -> str:
    rows = [
        (
            f"`{column.name}`",
            column.title,
            column.kind,
            REQUIRED[column.required],
            _allowed(_choices(column)),
            str(column.longest),
            column.description + (" *Restricted.*" if column.restricted else ""),
            column.example,
        )
        for column in columns_of(name).values()
    ]
    head = ("column", "label", "kind", "needed", "allowed", "longest", "definition", "example")
    return f"### Sheet `{name}`\n\n{_docstring(SHEETS[name])}\n\n{_table(head, rows)}"


def _choices(column: Column) -> list[str]:
    """Each code of a choice, with the words that the workbook has for it."""
    return [f"{code} ({said})" for code, said in zip(column.allowed, column.words, strict=True)]


def _models(models: Mapping[str, type[pa.DataFrameModel]], ending: str) -> Iterable[str]:
    head = ("column", "type", "may be empty", "allowed", "meaning")
    for name, model in models.items():
        rows = [(f"`{column}`", *about) for column, *about in columns(model, "`")]
        yield f"### `{name}{ending}`\n\n{_docstring(model)}\n\n{_table(head, rows)}"


def columns(model: type[pa.DataFrameModel], quote: str = "") -> list[tuple[str, ...]]:
    """For each column: its name, its type, whether it may be empty, what it allows and its meaning.

    `quote` goes around each allowed value.
    """
    return [_row(name, column, quote) for name, column in model.to_schema().columns.items()]


def _row(name: str, column: Any, quote: str) -> tuple[str, ...]:
    lists = [check.statistics["allowed_values"] for check in column.checks if check.name == "isin"]
    return (
        name,
        _type(str(column.dtype)),
        "yes" if column.nullable else "",
        _allowed(lists[0] if lists else (), quote),
        column.description or "",
    )


def _type(dtype: str) -> str:
    return "date and time" if dtype.startswith("Datetime") else TYPES[dtype]


def _measures(measures: Sequence[Measure]) -> str:
    head = ("id", "measure", "numerator", "denominator", "unit", "direction", "target", "status")
    rows = [
        (
            measure.id,
            measure.name + (" (core)" if measure.core else ""),
            measure.numerator_text,
            measure.denominator_text or "none",
            UNITS[measure.unit],
            DIRECTIONS[measure.direction],
            _target(measure),
            measure.status.replace("_", " "),
        )
        for measure in measures
    ]
    return _table(head, rows)


def _target(measure: Measure) -> str:
    """The target of every month, or the ambitions that are not one trust's or group's own."""
    if measure.target is not None:
        return f"{measure.target:g}"
    shared = [ambition.in_words for ambition in measure.ambitions if ambition.own is None]
    return "; ".join(shared) or "none"


def _docstring(model: type[pa.DataFrameModel]) -> str:
    return " ".join((model.__doc__ or "").split())


def _allowed(values: Iterable[object], quote: str = "`") -> str:
    return ", ".join(f"{quote}{value}{quote}" for value in values)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    FILE.write_text(dictionary(load()), encoding="utf-8")
