"""Collects the log of tests of change, each entry in the version in use."""

from typing import Any

import polars as pl

from pipelines.keeping.change_tests import Entry, log
from pipelines.keeping.entries import Entries
from pipelines.registers.successors import ward_id
from schemas.london_time import as_utc
from schemas.release import ChangeTests
from schemas.typed import typed, types_of

LOGGED = ["ward_id", "starts", "test_id"]


def change_tests(entries: Entries) -> pl.DataFrame:
    """One row for each test of change (`schemas.release.ChangeTests`), as it was recorded."""
    rows = [row for entry in log(entries.decisions) for row in _rows(entry)]
    return typed(pl.DataFrame(rows, types_of(ChangeTests)), ChangeTests)


def _rows(entry: Entry) -> list[dict[str, Any]]:
    newest = entry.newest
    tried, trust, ward = newest.tried, newest.trust_code, newest.ward_code
    if tried is None or trust is None or ward is None:
        return []
    about = tried.model_dump(exclude={"start", "end"})
    return [
        {
            **about,
            "test_id": entry.test_id,
            "ward_id": ward_id(trust, ward),
            "trust_code": trust,
            "starts": tried.start,
            "ends": tried.end,
            "version": len(entry.versions),
            "recorded_at": as_utc(newest.decided_at).replace(tzinfo=None),
        }
    ]
