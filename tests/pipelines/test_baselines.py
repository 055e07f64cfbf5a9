"""A baseline from before a trust or ward joined, from its file to the release."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from pipelines.accepting.submission import Arrival, Submission
from pipelines.keeping.home import Home, create_home
from pipelines.releasing.build import build
from pipelines.releasing.release_tables import tables
from pipelines.releasing.sources import sources_of
from pipelines.submit import submit
from schemas.periods import Month, months
from schemas.programme import BaselineWindow
from tests import worlds

# A ward that joins a trust which sends already, and a trust that joins.
FIR = BaselineWindow(
    trust="Z01", first="2025-01", last="2025-10", until=date(2026, 9, 30), wards=("FIR1",)
)
GORSE = BaselineWindow(trust="Z03", first="2024-11", last="2025-10", until=date(2026, 9, 30))
JOINED = Month(2025, 11)
AT = worlds.received(worlds.LAST)
NOW = AT + timedelta(hours=1)


def made(root: Path) -> Home:
    """The small world with a ward and a trust that joined late, and none of their baselines."""
    frames = worlds.register_frames()
    day = JOINED.first_day
    trust = worlds.trust_row("Z03", joined=day)
    wards = [
        worlds.ward_row("Z01", "FIR1", in_collaborative="no", valid_to=day - timedelta(days=1)),
        worlds.ward_row("Z01", "FIR1", valid_from=day),
        worlds.ward_row("Z03", "GORSE1", valid_from=day),
    ]
    frames["trusts"] = pl.concat([frames["trusts"], pl.DataFrame([trust])], how="vertical_relaxed")
    frames["wards"] = pl.concat(
        [frames["wards"], pl.DataFrame(wards, infer_schema_length=None)], how="vertical_relaxed"
    )
    settings = worlds.programme(baselines=(FIR, GORSE))
    home = create_home(root, settings, frames, worlds.TEAM, worlds.START)
    for month in months(worlds.FIRST, worlds.LAST):
        for trust_code, own in worlds.WARDS.items():
            joined = ("FIR1",) if trust_code == "Z01" and month >= JOINED else ()
            rows = [worlds.monthly_row(ward, month) for ward in (*own, *joined)]
            worlds.send(home, trust_code, month, monthly=rows)
        if month >= JOINED:
            worlds.send(home, "Z03", month, monthly=[worlds.monthly_row("GORSE1", month)])
    return home


def baseline_file(window: BaselineWindow, ward: str, **changes: object) -> bytes:
    rows = [
        worlds.monthly_row(ward, month, **changes)
        for month in months(window.first_month, window.last_month)
    ]
    span = f"{window.first} to {window.last}"
    cover = worlds.cover_row(window.trust, window.first_month, period=span)
    return worlds.return_file(
        window.trust, window.first_month, cover=[cover], monthly=rows, charter=[], standards=[]
    )


def sent(home: Home, content: bytes, **changes: object) -> Submission:
    arrival = {"answers": {"*": "Checked with the ward"}} | changes
    return submit(home, Arrival(content, "baseline.zip", worlds.LEAD, AT, **arrival))


def rows_of(home: Home) -> dict[str, pl.DataFrame]:
    return tables(sources_of(home), NOW)


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return made(tmp_path_factory.mktemp("without") / "home")


@pytest.fixture
def home(without: Home, tmp_path: Path) -> Home:
    import shutil

    return Home(Path(shutil.copytree(without.root, tmp_path / "home")))


def test_it(home: Home) -> None:
    before = rows_of(home)
    got = sent(home, baseline_file(FIR, "FIR1"))
    assert got.receipt, [p for p in got.checked.problems]
    print(got.receipt)
    got = sent(home, baseline_file(GORSE, "GORSE1"))
    assert got.receipt, [p for p in got.checked.problems]
    after = rows_of(home)
    for name in before:
        same = before[name].equals(after[name])
        print(name, same, before[name].height, after[name].height)
    print(
        after["points"]
        .filter(unit_id="Z03-GORSE1", measure="SS-O1")
        .select("month", "value", "state", "phase", "centre")
    )
    print(
        after["signals"]
        .filter(unit_id="Z03-GORSE1", measure="SS-O1")["headline", "sentence"]
        .rows()
    )
    print(after["baselines"])
    build(home, NOW)
