"""A trust of forty wards that has never sent a return, and the figures for its returns."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from pipelines.keeping.home import Home, create_home
from pipelines.releasing.build import build
from schemas.london_time import london_day
from schemas.periods import Month
from schemas.programme import Deadlines
from tests import worlds

LAST = Month.of(london_day(datetime.now(UTC))) + -1
WARDS = tuple(f"WARD{number:02}" for number in range(1, 41))
Row = dict[str, object]


def big_home(root: Path) -> Home:
    """A trust of forty wards that has never sent a return; the last nine months are open."""
    frames = worlds.register_frames(
        wards=pl.DataFrame([worlds.ward_row("Z01", ward) for ward in WARDS])
    )
    dates = Deadlines(closed_working_days=300, locked_working_days=320)
    programme = worlds.programme(first_month=str(LAST + -8), deadlines=dates)
    home = create_home(root, programme, frames, worlds.TEAM, worlds.START)
    build(home, worlds.START)
    return home


def rows(month: Month) -> list[Row]:
    """A month of forty wards in which no two are alike and nothing is unusual."""
    return [
        worlds.monthly_row(ward, month, occupied_bed_days=400 + number)
        for number, ward in enumerate(WARDS)
    ]


def return_file(folder: Path, month: Month, monthly: list[Row]) -> Path:
    """The return of a month as a file to upload."""
    charters = [worlds.charter_row(ward, month) for ward in WARDS]
    # In some months there would be standards too, of other wards.
    sheets = {"monthly": monthly, "charter": charters, "standards": []}
    content = worlds.return_file("Z01", month, **sheets)
    path = folder / "return.zip"
    path.write_bytes(content)
    return path
