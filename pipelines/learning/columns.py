"""Reads the CSV files of learning forums by the headings that they must and may have."""

from collections.abc import Mapping, Sequence

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors

from pipelines.reading.compared import normal
from pipelines.reading.tidy_cells import CsvTable, Unusable, csv_table, first_of
from schemas.typed import typed
from schemas.wording import listed, quoted


def read_columns(
    file: str, content: bytes, headings: Mapping[str, Sequence[str]], needed: Sequence[str]
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The named columns as text, with their `row`, and notes; empty cells are null.

    `headings` has what each column may be headed. A column that is none of them is refused by its
    name, so that nothing is silently left out. Raises Unusable.
    """
    table = filled_table(file, content)
    meant = {normal(text): name for name, texts in headings.items() for text in (name, *texts)}
    places: dict[str, int] = {}
    for place, heading in enumerate(table.header):
        name = meant.get(normal(heading))
        if name is None and not normal(heading):
            continue
        if name is None:
            raise Unusable(
                f"{file} has a column {quoted(heading)}, which has no place here: remove it. The "
                f"columns can be {listed(headings)}."
            )
        if name in places:
            raise Unusable(f"{file} has two columns for {name}: remove one of them.")
        places[name] = place
    if missing := [name for name in needed if name not in places]:
        raise Unusable(
            f"{file} has no column {listed(missing, 'or')}: it needs {listed(needed)}, each with "
            "its name in the first row."
        )
    if problems := list(table.uneven()):
        raise Unusable("\n".join(first_of(problems)))
    cell = pl.exclude("row").str.strip_chars()
    frame = table.columns(places).with_columns(pl.when(cell != "").then(cell))
    absent = [pl.lit(None, pl.String).alias(name) for name in headings if name not in places]
    return frame.with_columns(absent), table.notes


def filled_table(file: str, content: bytes) -> CsvTable:
    """A CSV file that has headings and at least one row under them; raises Unusable."""
    table = csv_table(file, content)
    if not any(normal(heading) for heading in table.header):
        raise Unusable(f"{file} has no headings in its first row: add them.")
    if not table.rows:
        raise Unusable(f"{file} has no row under its headings: there is nothing to save.")
    return table


def as_model(file: str, rows: list[dict[str, object]], model: type[pa.DataFrameModel]):
    """Rows as a frame that satisfies a model; raises Unusable with what doesn't."""
    columns = list(model.to_schema().columns)
    known = [{name: row[name] for name in columns} for row in rows]
    frame = typed(pl.DataFrame(known, infer_schema_length=None), model)
    try:
        return model.validate(frame, lazy=True)
    except SchemaErrors as error:
        found = error.failure_cases.select("column", "check").unique().sort("column", "check")
        raise Unusable(
            f"{file} can't be used: "
            + "; ".join(f"{column} breaks the rule {check}" for column, check in found.iter_rows())
            + "."
        ) from error
