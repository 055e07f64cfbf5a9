"""Reads and checks the reviewed measure files in `data/measures/`."""

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from schemas.measures import Measure

FOLDER = Path(__file__).parents[1] / "data" / "measures"


class MeasureError(ValueError):
    """A measure file that can't be used; the message names the file and the field."""


@cache
def load(folder: Path = FOLDER) -> list[Measure]:
    """Every measure, in the order people see them; raises MeasureError for a faulty file."""
    by_file = {path.name: _read(path) for path in sorted(folder.glob("*.toml"))}
    if not by_file:
        raise MeasureError(f"There are no measures in {folder}: put at least one .toml file there.")
    _refuse_doubles(by_file, "id")
    _refuse_doubles(by_file, "sort")
    return sorted(by_file.values(), key=lambda measure: measure.sort)


def _read(path: Path) -> Measure:
    try:
        measure = Measure.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MeasureError(f"{path.name} is not a readable TOML file: {error}.") from error
    except ValidationError as error:
        raise MeasureError(f"{path.name}: {'; '.join(_sentences(error))}.") from error
    if not path.name.startswith(f"{measure.id}_"):
        raise MeasureError(f"{path.name} holds {measure.id}: start its name with “{measure.id}_”.")
    return measure


def _sentences(error: ValidationError) -> Iterable[str]:
    for finding in error.errors():
        field = ".".join(str(part) for part in finding["loc"]) or "the measure"
        yield f"{field} – {finding['msg'].removeprefix('Value error, ').rstrip('.')}"


def _refuse_doubles(by_file: dict[str, Measure], field: str) -> None:
    taken: dict[object, str] = {}
    for file, measure in by_file.items():
        value = getattr(measure, field)
        if value in taken:
            raise MeasureError(f"{taken[value]} and {file} have the same {field}, {value}.")
        taken[value] = file
