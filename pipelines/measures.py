"""Reads and checks measure files: those that ship, in `data/measures/`, and a programme's own."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from schemas.measures import Measure

FOLDER = Path(__file__).parents[1] / "data" / "measures"
_IN_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "there is no such field: check its spelling",
}


class MeasureError(ValueError):
    """A measure file that can't be used; the message names the file and the field."""


@cache
def load(folder: Path = FOLDER) -> list[Measure]:
    """Every measure that ships, in the order people see them.

    Raises MeasureError for a faulty file.
    """
    by_file = read(contents(folder))
    _refuse_doubles(by_file, "sort")
    return _ordered(by_file.values())


def contents(folder: Path) -> dict[str, bytes]:
    """The content of each measure file in a folder, by name; MeasureError if there are none."""
    files = {path.name: path.read_bytes() for path in sorted(folder.glob("*.toml"))}
    if not files:
        raise MeasureError(f"There are no measures in {folder}: put at least one .toml file there.")
    return files


def read(files: Mapping[str, bytes]) -> dict[str, Measure]:
    """The measure in each of some files, by the file's name; raises MeasureError for a faulty one.

    No two of them hold the same measure.
    """
    by_file = {name: _read(name, content) for name, content in files.items()}
    _refuse_doubles(by_file, "id")
    return by_file


def over_shipped(own: Iterable[Measure]) -> list[Measure]:
    """The measures that ship, with a programme's own in their place or beside them.

    In the order people see them: by `sort`, then by id. Raises MeasureError for a faulty file.
    """
    by_id = {measure.id: measure for measure in (*load(), *own)}
    return _ordered(by_id.values())


def _ordered(measures: Iterable[Measure]) -> list[Measure]:
    return sorted(measures, key=lambda measure: (measure.sort, measure.id))


def _read(name: str, content: bytes) -> Measure:
    try:
        measure = Measure.model_validate(tomllib.loads(content.decode("utf-8-sig")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MeasureError(f"{name} is not a readable TOML file: {error}.") from error
    except ValidationError as error:
        raise MeasureError(f"{name}: {'; '.join(_sentences(error))}.") from error
    if not name.startswith(f"{measure.id}_"):
        raise MeasureError(f"{name} holds {measure.id}: start its name with “{measure.id}_”.")
    return measure


def _sentences(error: ValidationError) -> Iterable[str]:
    for finding in error.errors():
        places = (f"number {at + 1}" if isinstance(at, int) else at for at in finding["loc"])
        said = finding["msg"].removeprefix("Value error, ").replace("Input should", "should")
        said = _IN_WORDS.get(finding["type"], said).rstrip(".")
        yield f"{', '.join(places) or 'the measure'} – {said}"


def _refuse_doubles(by_file: dict[str, Measure], field: str) -> None:
    taken: dict[object, str] = {}
    for file, measure in by_file.items():
        value = getattr(measure, field)
        if value in taken:
            raise MeasureError(f"{taken[value]} and {file} have the same {field}, {value}.")
        taken[value] = file
