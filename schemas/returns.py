"""The monthly return: its sheets, columns, types, vocabularies and operational definitions.

Each pandera model in `schemas/sheets` is the only description of one sheet: the template, reader,
parser, checks, archive and data dictionary all follow from these models. A field's title is the
label people see, and its description is the definition where they enter it. Its metadata says how
the cell is read (`kind`) and when it must be filled in (`required`), gives an example, and says
whether it is `restricted` to the trust itself and the programme team. Neighbouring columns that
most wards leave blank have a heading of their own (`together`): the workbook and the form keep them
shut.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import pandera.polars as pa

from schemas.programme import Programme
from schemas.sheets.breakdowns import Breakdowns
from schemas.sheets.charter import Charter
from schemas.sheets.confidence import Confidence
from schemas.sheets.cover import Cover
from schemas.sheets.events import Events
from schemas.sheets.fields import (
    ALWAYS,
    FICTIONAL_TRUST_CODE,
    LONGEST_CELL,
    OPTIONAL,
    SITE_CODE,
    TEMPLATE_VERSION,
    TRUST_CODE,
    UNLESS_CLOSED,
    WARD_CODE,
    WITH_DATA,
)
from schemas.sheets.monthly import Monthly
from schemas.sheets.standards import Standards, TrustStandards
from schemas.sheets.wards import Wards

__all__ = [
    "ALWAYS",
    "EVERY_WARD",
    "FICTIONAL_TRUST_CODE",
    "INCIDENT_COUNTS",
    "LONGEST_CELL",
    "OPTIONAL",
    "REQUIRED_SHEETS",
    "SHEETS",
    "SITE_CODE",
    "TEMPLATE_VERSION",
    "TRUST_CODE",
    "UNLESS_CLOSED",
    "WARD_CODE",
    "WITH_DATA",
    "Breakdowns",
    "Charter",
    "Column",
    "Confidence",
    "Cover",
    "Events",
    "Monthly",
    "Standards",
    "TrustStandards",
    "Wards",
    "columns_of",
    "sheets_of",
]

EVERY_WARD = "ALL"

SHEETS: dict[str, type[pa.DataFrameModel]] = {
    "cover": Cover,
    "wards": Wards,
    "monthly": Monthly,
    "charter": Charter,
    "confidence": Confidence,
    "standards": Standards,
    "trust_standards": TrustStandards,
    "events": Events,
    "breakdowns": Breakdowns,
}
REQUIRED_SHEETS = ("cover", "monthly")
INCIDENT_COUNTS = ("inc_harassment", "inc_assault", "inc_other")


def sheets_of(programme: Programme) -> tuple[str, ...]:
    """The sheets that a programme's returns have: breakdowns only if it asks for any."""
    return tuple(name for name in SHEETS if name != "breakdowns" or programme.breakdowns)


@dataclass(frozen=True)
class Column:
    """One column of a sheet, as its pandera model describes it; `longest` counts characters.

    Of a choice, `allowed` are the codes and `words` what people read for each.
    """

    name: str
    title: str
    description: str
    kind: str
    required: str
    example: str
    restricted: bool
    together: str
    allowed: tuple[str, ...]
    longest: int
    words: tuple[str, ...] = ()

    def in_words(self, value: Any) -> Any:
        """A code of a choice as people read it; any other value as it is."""
        known = dict(zip(self.allowed, self.words, strict=True))
        return known.get(value, value) if isinstance(value, str) else value


@cache
def columns_of(sheet: str) -> dict[str, Column]:
    """The columns of a sheet in template order, by name."""
    described = SHEETS[sheet].to_schema().columns.items()
    return {name: _column(name, column) for name, column in described}


def _column(name: str, column: Any) -> Column:
    allowed = [c.statistics["allowed_values"] for c in column.checks if c.name == "isin"]
    longest = [c.statistics["max_value"] for c in column.checks if c.name == "str_length"]
    return Column(
        name=name,
        title=column.title,
        description=column.description,
        kind=column.metadata["kind"],
        required=column.metadata["required"],
        example=column.metadata["example"],
        restricted=column.metadata["restricted"],
        together=column.metadata["together"],
        allowed=tuple(allowed[0]) if allowed else (),
        longest=longest[0] if longest else LONGEST_CELL,
        words=column.metadata["words"],
    )
