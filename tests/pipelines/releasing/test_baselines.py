"""A baseline from before a trust or ward joined, from its file to the release."""

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from pipelines.accepting.submission import Arrival, Submission
from pipelines.backup import backup, restore
from pipelines.keeping import decide
from pipelines.keeping.decisions import Decided
from pipelines.keeping.home import Home, create_home
from pipelines.keeping.layout import ARCHIVE
from pipelines.mirror import mirror
from pipelines.receipt_check import check_receipt
from pipelines.releasing.baselines import added_up, with_baselines
from pipelines.releasing.build import build
from pipelines.releasing.release_tables import tables
from pipelines.releasing.sources import sources_of
from pipelines.submit import submit
from pipelines.verify_home import verify
from schemas.baseline_window import BaselineWindow
from schemas.disclosure import mask, with_years
from schemas.periods import Month, months
from tests import worlds
from tests.released import tables_of

pytestmark = pytest.mark.slow

# A ward that joins a trust which sends already, and a trust that joins.
UNTIL = date(2026, 9, 30)
FIR = BaselineWindow(trust="Z01", first="2025-01", last="2025-10", until=UNTIL, wards=("FIR1",))
GORSE = BaselineWindow(trust="Z03", first="2024-11", last="2025-10", until=UNTIL)
OF = {"FIR1": FIR, "GORSE1": GORSE}
WARDS = ["Z01-FIR1", "Z03-GORSE1"]
JOINED = Month(2025, 11)
AT = worlds.received(worlds.LAST)
NOW = AT + timedelta(hours=1)
SERIES = ["level", "unit_id", "measure", "month"]
EXPLAINED = {"*": "Checked with the ward"}


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A ward and a trust that joined late, and none of their baselines."""
    frames, day = worlds.register_frames(), JOINED.first_day
    trust = worlds.trust_row("Z03", joined=day)
    wards = [
        worlds.ward_row("Z01", "FIR1", in_collaborative="no", valid_to=day - timedelta(days=1)),
        worlds.ward_row("Z01", "FIR1", valid_from=day),
        worlds.ward_row("Z03", "GORSE1", valid_from=day),
    ]
    more = {"trusts": [trust], "wards": wards}
    for name, rows in more.items():
        added = pl.DataFrame(rows, infer_schema_length=None)
        frames[name] = pl.concat([frames[name], added], how="vertical_relaxed")
    root = tmp_path_factory.mktemp("without") / "home"
    settings = worlds.programme(baselines=(FIR, GORSE))
    home = create_home(root, settings, frames, worlds.TEAM, worlds.START)
    for month in months(worlds.FIRST, worlds.LAST):
        for code, own in worlds.WARDS.items():
            joined = ("FIR1",) if code == "Z01" and month >= JOINED else ()
            rows = [worlds.monthly_row(ward, month) for ward in (*own, *joined)]
            worlds.send(home, code, month, monthly=rows)
        if month >= JOINED:
            worlds.send(home, "Z03", month, monthly=[worlds.monthly_row("GORSE1", month)])
    build(home, AT)
    return home


@pytest.fixture
def home(without: Home, tmp_path: Path) -> Home:
    return Home(Path(shutil.copytree(without.root, tmp_path / "home")))


def brought(ward: str, *left_out: str, **changes: object) -> bytes:
    """The file of a ward's baseline, without some of its months."""
    window = OF[ward]
    span = months(window.first_month, window.last_month)
    rows = [worlds.monthly_row(ward, m, **changes) for m in span if str(m) not in left_out]
    cover = worlds.cover_row(
        window.trust, window.first_month, period=f"{window.first} to {window.last}"
    )
    return worlds.return_file(
        window.trust, window.first_month, cover=[cover], monthly=rows, charter=[], standards=[]
    )


def sent(home: Home, content: bytes, answers: dict[str, str] | None = None) -> Submission:
    given = EXPLAINED if answers is None else answers
    return submit(home, Arrival(content, "baseline.zip", worlds.LEAD, AT, given))


def kept(home: Home, content: bytes) -> str:
    submission = sent(home, content)
    assert submission.receipt, [p.message for p in submission.checked.problems]
    return submission.receipt.return_id


def rows_of(home: Home) -> dict[str, pl.DataFrame]:
    return tables(sources_of(home), NOW)


def shared(home: Home, seen: pl.DataFrame) -> list[pl.DataFrame]:
    """Everything of these observations that peers and the public may have."""
    sources = sources_of(home)
    policy = sources.programme.disclosure
    years = with_years(seen, sources.measures)
    return [mask(years, sources.measures, policy, who) for who in ("peer", "public")]


def test_nothing_of_anybody_else_changes_and_no_total_or_shared_figure_does(home: Home) -> None:
    before = rows_of(home)
    for ward in OF:
        kept(home, brought(ward))
    after = rows_of(home)
    own = {"release", "returns", "cells", "queries", "baselines", "points", "signals"}
    for name in before.keys() - own:
        assert before[name].equals(after[name]), name
    for name in ("points", "signals"):
        others = ~pl.col("unit_id").is_in(WARDS)
        assert before[name].filter(others).equals(after[name].filter(others)), name
    for name in ("returns", "cells", "queries"):
        others = ~pl.col("return_id").str.contains("-baseline")
        assert before[name].equals(after[name].filter(others)), name
    for one, other in zip(
        *(shared(home, world["observations"]) for world in (before, after)), strict=True
    ):
        assert one.equals(other)


def test_control_a_baseline_among_the_observations_is_noticed(home: Home) -> None:
    before = rows_of(home)["observations"]
    kept(home, brought("GORSE1"))
    after = rows_of(home)
    leak = with_baselines(after["observations"], after["baselines"])
    assert not shared(home, leak)[1].equals(shared(home, before)[1])


def test_a_wards_chart_begins_with_its_baseline_and_says_so(home: Home) -> None:
    for ward in OF:
        kept(home, brought(ward))
    made = rows_of(home)
    by_month = made["points"].filter(pl.col("months") == 1)
    drawn = by_month.filter(pl.col("unit_id").is_in(WARDS), state="baseline")
    kinds = by_month.select("unit_id", "measure").unique()
    valued = made["baselines"].join(kinds, on=["unit_id", "measure"], how="semi")
    assert drawn.join(valued, on=SERIES, how="anti").is_empty()
    felt = made["points"].filter(unit_id="Z03-GORSE1", measure="SS-O1")
    assert felt["state"].to_list() == ["baseline"] * 12 + ["value"] * 4
    assert felt["used_in_limits"].all()
    said = made["signals"].filter(unit_id="Z03-GORSE1", measure="SS-O1")["headline"].item()
    assert said == (
        "no change that stands out in 16 months; its baseline is November 2024 to October 2025"
    )
    (row,) = made["returns"].filter(return_id="Z03/2024-11-baseline/1").to_dicts()
    assert (row["timeliness"], row["month"], row["baseline_to"]) == (
        "baseline",
        date(2024, 11, 1),
        date(2025, 10, 1),
    )
    cells = made["cells"].filter(pl.col("number").is_not_null(), ward_id="Z03-GORSE1")
    (figure,) = (
        made["baselines"]
        .filter(unit_id="Z03-GORSE1", measure="SS-O1", month=date(2025, 3, 1))
        .to_dicts()
    )
    named = cells.filter(month=date(2025, 3, 1), field="pt_safe").to_dicts()
    assert [(c["return_id"], c["number"]) for c in named] == [
        (figure["return_id"], figure["numerator"])
    ]


def test_a_ward_with_nothing_but_its_baseline_is_not_judged(home: Home) -> None:
    for month in months(JOINED, worlds.LAST):
        decide.withdraw(home, f"Z03/{month}/1", Decided(worlds.TEAM, AT, "A test"))
    kept(home, brought("GORSE1"))
    now = rows_of(home)["signals"].filter(unit_id="Z03-GORSE1", measure="SS-O1")
    assert now.select("headline", "variation", "assurance").row(0) == (
        "only its baseline so far, November 2024 to October 2025",
        None,
        None,
    )


def test_a_release_built_on_the_last_one_is_the_same(home: Home) -> None:
    def built() -> dict[str, pl.DataFrame]:
        path = build(home, NOW)
        whole = rows_of(home)
        made = tables_of(path, whole)
        for name, frame in whole.items():
            if name != "release":
                found = made[name].cast(dict(frame.schema)).sort(frame.columns[:7])
                assert frame.sort(frame.columns[:7]).equals(found), name
        assert verify(home) == []
        return made

    first = kept(home, brought("GORSE1"))
    assert built()["baselines"].height
    second = kept(home, brought("GORSE1", pt_safe=9))
    assert set(built()["baselines"]["return_id"]) == {second}
    decide.withdraw(home, second, Decided(worlds.TEAM, AT, "The second was wrong"))
    assert set(built()["baselines"]["return_id"]) == {first}
    gone = decide.withdraw(home, first, Decided(worlds.TEAM, AT, "So was the first"))
    assert built()["baselines"].is_empty()
    decide.undo(home, gone.id, Decided(worlds.TEAM, NOW, "It was right"))
    assert set(built()["baselines"]["return_id"]) == {first}


def test_a_correction_may_leave_out_a_month_and_is_asked_why(home: Home) -> None:
    kept(home, brought("FIR1"))
    again = sent(home, brought("FIR1", "2025-03", occupied_bed_days=380), {})
    asked = {(p.code, p.message) for p in again.checked.problems}
    assert (
        "W18",
        "The baseline in use has figures for March 2025, and this file has none.",
    ) in asked
    assert "W12" in {code for code, _ in asked}  # the month is long final, as for any correction
    assert again.receipt is None
    assert kept(home, brought("FIR1", "2025-03", occupied_bed_days=380)).endswith("/2")
    assert date(2025, 3, 1) not in set(rows_of(home)["baselines"]["month"])


def test_the_same_file_again_is_not_a_new_version(home: Home) -> None:
    first = kept(home, brought("FIR1"))
    again = sent(home, brought("FIR1"))
    assert again.already_kept
    assert again.receipt is not None
    assert again.receipt.return_id == first


def test_a_month_that_a_ward_takes_part_in_after_all_is_no_baseline(home: Home) -> None:
    kept(home, brought("FIR1"))
    month = Month(2025, 10)
    rows = [worlds.monthly_row(w, month) for w in (*worlds.WARDS["Z01"], "FIR1")]
    about = Decided(worlds.TEAM, AT, "The ward took part after all")
    decide.reopen(home, "Z01", str(month), about, until=AT.date(), owner=worlds.TEAM)
    worlds.send(home, "Z01", month, at=AT, monthly=rows)
    made = rows_of(home)
    assert month.first_day not in set(made["baselines"]["month"])
    twice = made["points"].select(SERIES).is_duplicated()
    assert not twice.any()


def test_its_receipt_proves_it_and_copies_hold_it(home: Home, tmp_path: Path) -> None:
    content = brought("GORSE1")
    name = kept(home, content)
    (receipt,) = (r for r in home.archive.receipts() if r.return_id == name)
    given = json.dumps(home.archive.given(receipt)).encode()
    assert all(result.holds for result in check_receipt(given, content))
    build(home, NOW)
    assert verify(home) == []
    mirror(home, tmp_path / "copy")
    held = tmp_path / "copy" / ARCHIVE / "returns" / "Z03" / "2024-11-baseline" / "1"
    assert (held / "receipt.json").exists()
    backup(home.root, tmp_path / "backup.zip")
    restore(tmp_path / "backup.zip", tmp_path / "again")
    assert rows_of(Home(tmp_path / "again"))["baselines"].equals(rows_of(home)["baselines"])


def test_a_damaged_baseline_stops_nobody_and_leaves_the_month_alone(home: Home) -> None:
    before = rows_of(home)
    kept(home, brought("FIR1"))
    second = kept(home, brought("FIR1", pt_safe=9))
    (home.root / ARCHIVE / "returns" / second / "receipt.json").write_bytes(b"{")
    after = rows_of(home)
    assert after["baselines"].is_empty()  # the first was replaced
    assert after["observations"].equals(before["observations"])
    assert after["completeness"].equals(before["completeness"])


def test_a_figure_of_several_months_adds_up_none_from_before_the_ward_joined() -> None:
    before = [{"state": "baseline", "numerator": n} for n in (5, 6)]
    outside = {"state": "not_applicable", "numerator": None}
    assert added_up([*before, outside]) == [*before, outside]
    for state in ("value", "nil", "missing"):
        since = {"state": state, "numerator": 1}
        assert added_up([*before, outside, since]) == [outside, since]
