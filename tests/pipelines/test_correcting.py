"""Correcting a month: the workbook holds the version in use, and nothing is lost unseen."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import openpyxl
import polars as pl
import pytest

from pipelines.accepting.preview import Preview, preview
from pipelines.keeping.home import Home
from pipelines.keeping.uploads import Upload
from pipelines.sending import workbook_for
from schemas.problems import Severity
from tests import worlds

MONTH = worlds.LAST
AT = worlds.received(MONTH + 1)
OWN = frozenset({"Z01"})


def looked(home: Home, content: bytes, filename: str = "x.xlsx") -> Preview:
    return preview(home, Upload(filename, content, AT), AT, OWN)


def queries(look: Preview) -> list[str]:
    return [p.code for p in look.checked.problems if p.severity is Severity.QUERY]


def sent_again(home: Home, **sheets: list[dict[str, Any]]) -> Preview:
    return looked(home, worlds.return_file("Z01", MONTH, **sheets), "x.zip")


def whole() -> Mapping[str, list[dict[str, Any]]]:
    """A return with something on every sheet, some of it text and some of it zeros."""
    wards = worlds.WARDS["Z01"]
    monthly = [worlds.monthly_row(ward, MONTH, restraint_n=0, seclusion_n=2) for ward in wards]
    monthly[0] |= {"explain": "Half closed in the first week"}
    return {
        "monthly": monthly,
        "charter": [worlds.charter_row(ward, MONTH) for ward in wards],
        "standards": [row for ward in wards for row in worlds.standards_rows(ward)],
        "events": [
            {"ward_code": ward, "date": str(MONTH.first_day), "kind": "training", "label": "Talks"}
            for ward in ("ALL", "BIRCH1")
        ],
    }


def values(cells: pl.DataFrame) -> set[tuple[object, ...]]:
    """Every value that a return holds, but for details that the register fills in."""
    kept = cells.filter(pl.col("text").is_not_null(), pl.col("field") != "trust_name")
    kept = kept.filter(pl.col("sheet") != "wards")
    return set(kept.select("sheet", "ward_code", "field", "text", "state").iter_rows())


def test_the_workbook_of_a_sent_month_sent_unchanged_changes_nothing(own_home: Home) -> None:
    worlds.send(own_home, "Z01", MONTH, **whole())
    active = next(r for r in own_home.archive.entries().active if r.trust_code == "Z01" and r.month == str(MONTH))
    look = looked(own_home, workbook_for(own_home, "Z01", MONTH, OWN))
    assert look.checked.cells is not None, look.checked.as_dict()
    assert values(look.checked.cells) == values(own_home.archive.cells(active))
    asked = {(q.code, q.message) for q in active.queries if q.severity == "query"}
    again = {(p.code, p.message) for p in look.checked.problems if p.severity is Severity.QUERY}
    assert again <= asked
    assert look.changes is not None
    assert look.changes.filter(pl.col("sheet") != "wards")["field"].to_list() in ([], ["trust_name"])
