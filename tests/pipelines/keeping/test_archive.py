import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest

from pipelines.accepting.context import context_for
from pipelines.checking.check import check
from pipelines.keeping.damaged import DamagedEntry, DamagedRows
from pipelines.keeping.decisions import Decided, decision
from pipelines.keeping.home import Home
from pipelines.keeping.layout import chain_file
from pipelines.keeping.registering import RegisterChanged
from pipelines.keeping.verify import archive_problems
from pipelines.registers.register import RegisterError, register_of
from schemas.cells import Cells
from schemas.periods import Month
from schemas.problems import Severity
from schemas.receipts import Proof, Receipt
from tests import worlds

MONTH = Month(2025, 1)
NOON = datetime(2025, 2, 5, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def empty_home(tmp_path_factory):
    return worlds.empty_world(tmp_path_factory.mktemp("empty") / "home")


@pytest.fixture
def home(empty_home, tmp_path):
    """A copy of the home before the first return, which the test may change."""
    return copied(empty_home, tmp_path)


@pytest.fixture
def sent_home(made_home, tmp_path):
    """A copy of the home with a return of each of two trusts, which the test may change."""
    return copied(made_home, tmp_path)


def copied(home, folder):
    return Home(Path(shutil.copytree(home.root, folder / "home")))


def checked(home, content, name="Z01.zip"):
    return check(content, name, context_for(home, date(2025, 2, 5)))


def test_a_return_is_kept_whole_and_its_receipt_says_what(home):
    content = worlds.return_file("Z01", MONTH)
    seen = checked(home, content, "C:/My Documents/Z01.ZIP")
    receipt = home.archive.keep_return(seen, content, worlds.LEAD, NOON, {})
    assert (receipt.return_id, receipt.size) == ("Z01/2025-01/1", len(content))
    assert receipt.sha256 == sha256(content).hexdigest()
    assert receipt.rows_by_sheet == {"monthly": 3, "charter": 3, "standards": 9}
    assert receipt.filename == "Z01.ZIP"
    assert home.archive.original(receipt).name == "original.zip"
    assert home.archive.original(receipt).read_bytes() == content
    assert home.archive.cells(receipt).equals(seen.cells)
    Cells.validate(home.archive.cells(receipt))
    assert home.archive.receipts() == [receipt]
    assert archive_problems(home.archive) == []


def test_a_receipt_repeats_everything_that_the_check_found(home):
    rows = [worlds.monthly_row(ward, MONTH) for ward in worlds.WARDS["Z01"]]
    rows[0] |= {"pt_answered": 4, "pt_safe": 3}  # so few answers raise a query
    content = worlds.return_file("Z01", MONTH, monthly=rows)
    seen = checked(home, content)
    (query,) = seen.problems
    seen = replace(seen, problems=(replace(query, severity=Severity.NOTE), query))
    summer = NOON.astimezone(timezone(timedelta(hours=1)))
    receipt = home.archive.keep_return(seen, content, worlds.LEAD, summer, {"*": "Few were well"})
    assert (receipt.received_by, receipt.received_at.isoformat()) == (worlds.LEAD, NOON.isoformat())
    assert (receipt.rows, receipt.template_version) == (seen.rows, seen.template_version)
    assert (receipt.data_status, receipt.kept_sha256) == (seen.data_status, receipt.sha256)
    for kept in receipt.queries:
        for name in ("code", "sheet", "cell", "row", "column", "ward", "value", "message"):
            assert getattr(kept, name) == getattr(query, name), name
    answers = [(kept.severity, kept.answer) for kept in receipt.queries]
    assert answers == [("note", None), ("query", "Few were well")]
    written = (home.archive.folder(receipt) / "receipt.json").read_text(encoding="utf-8")
    assert Receipt.model_validate_json(written) == receipt
    assert written.startswith('{\n  "trust_code": "Z01",\n')
    assert written.endswith("}\n")


@pytest.mark.parametrize("lacking", ["cells", "trust", "month"])
def test_a_return_that_lacks_what_it_is_kept_by_cannot_be_kept(home, lacking):
    content = worlds.return_file("Z01", MONTH)
    seen = replace(checked(home, content), **{lacking: None})
    with pytest.raises(ValueError, match=r"^Only a return without errors can be kept\.$"):
        home.archive.keep_return(seen, content, worlds.LEAD, NOON, {})
    assert home.archive.receipts() == []


def test_text_that_was_blocked_is_not_kept_and_the_receipt_has_both_fingerprints(home):
    rows = [worlds.monthly_row(ward, MONTH) for ward in worlds.WARDS["Z01"]]
    rows[0]["explain"] = "Sarah Bennet was moved"
    content = worlds.return_file("Z01", MONTH, monthly=rows)
    receipt = home.archive.keep_return(checked(home, content), content, worlds.LEAD, NOON, {})
    kept = home.archive.original(receipt).read_bytes()
    assert kept != content
    assert receipt.sha256 == sha256(content).hexdigest()
    assert receipt.kept_sha256 == sha256(kept).hexdigest()


def test_a_resubmission_is_a_new_version_and_the_newest_is_active(home):
    first = worlds.send(home, "Z01", MONTH).receipt
    rows = [worlds.monthly_row(ward, MONTH, pt_safe=1) for ward in worlds.WARDS["Z01"]]
    second = worlds.send(home, "Z01", MONTH, monthly=rows).receipt
    entries = home.archive.entries()
    assert entries.receipts == (first, second)
    assert entries.active == (second,)


def test_an_earlier_day_sees_what_was_there_by_its_end(home):
    worlds.send(home, "Z01", MONTH, at=datetime(2025, 2, 5, 12, tzinfo=UTC))
    worlds.send(home, "Z02", MONTH, at=datetime(2025, 2, 6, 12, tzinfo=UTC))
    taken = decision("annotation", Decided(worlds.TEAM, datetime(2025, 2, 7, tzinfo=UTC), "So"))
    home.archive.record(taken)
    on = {day: home.archive.entries(date(2025, 2, day)) for day in (4, 5, 6, 7)}
    assert [len(on[day].receipts) for day in on] == [0, 1, 2, 2]
    assert [len(on[day].decisions) for day in on] == [0, 0, 0, 1]
    assert len({entries.state for entries in on.values()}) == 4
    assert [len(home.archive.receipts(date(2025, 2, day))) for day in on] == [0, 1, 2, 2]
    assert [len(home.archive.decisions(date(2025, 2, day))) for day in on] == [0, 0, 0, 1]
    assert [home.archive.state(date(2025, 2, day)) for day in on] == [e.state for e in on.values()]
    assert on[7].state == home.archive.state()
    assert on[6].last_day == date(2025, 2, 6)


def test_the_state_does_not_depend_on_where_the_archive_is(made_home, sent_home):
    assert made_home.archive.state() == sent_home.archive.state()


def test_a_register_is_versioned_and_forgets_nothing(home):
    frames = worlds.register_frames()
    frames["wards"] = frames["wards"].with_columns(beds=pl.lit(20))
    at = datetime(2025, 3, 1, tzinfo=UTC)
    kept = home.archive.keep_register(register_of(frames), Decided(worlds.TEAM, at, "Twenty beds"))
    assert kept.version == 2
    assert home.archive.register().wards["beds"].unique().to_list() == [20]
    assert home.archive.register(date(2025, 2, 28)).wards["beds"].unique().to_list() == [16]
    frames["wards"] = frames["wards"].filter(pl.col("ward_code") != "ALDER1")
    with pytest.raises(RegisterError, match=r"wards\.csv no longer includes Z01-ALDER1"):
        home.archive.keep_register(register_of(frames), Decided(worlds.TEAM, at, "Without one"))
    assert home.archive.register().version == 2
    with pytest.raises(RegisterChanged, match="you started from version 1"):
        home.archive.keep_register(
            register_of(frames), Decided(worlds.TEAM, at, "Late"), based_on=1
        )
    again = home.archive.keep_register(
        register_of(frames),
        Decided(worlds.TEAM, at, "Closed"),
        based_on=2,
        may_forget=[("Z01", "ALDER1")],
    )
    receipts = home.archive.registers()
    assert [receipt.version for receipt in receipts] == [1, 2, 3]
    assert (receipts[1].reason, receipts[1].received_by) == ("Twenty beds", worlds.TEAM)
    assert home.archive.newest_register().version == again.version == 3


def test_an_archive_without_a_register_has_an_empty_one(tmp_path):
    from pipelines.keeping.archive import Archive

    assert Archive(tmp_path).register().trusts.is_empty()
    assert Archive(tmp_path).receipts() == []
    assert Archive(tmp_path).entries().last_day is None


def test_a_decision_recorded_twice_is_one_decision(home):
    taken = decision("annotation", Decided(worlds.TEAM, NOON, "So"), month="2025-01")
    home.archive.record(taken)
    home.archive.record(taken)
    assert home.archive.decisions() == [taken]
    (path,) = home.archive.root.rglob(f"{taken.id}.json")
    assert path.read_text(encoding="utf-8") == taken.model_dump_json(indent=2) + "\n"


def test_an_attempt_is_logged_with_codes_and_never_with_a_value(home):
    rows = [worlds.monthly_row("NOWARD", MONTH, explain="Mrs Secret")]
    content = worlds.return_file("Z01", MONTH, monthly=rows)
    seen = checked(home, content)
    home.archive.log_attempt(seen, worlds.LEAD, NOON)
    (line,) = home.archive.attempts()
    assert line["sha256"] == sha256(content).hexdigest()
    assert (line["by"], line["outcome"]) == (worlds.LEAD, "errors")
    assert line["problems"]["E01"] == 1
    text = next((home.archive.root / "attempts").iterdir()).read_text()
    assert "NOWARD" not in text
    assert "Secret" not in text


def test_a_line_that_a_crash_cut_short_is_left_out(home):
    seen = checked(home, b"not a return")
    home.archive.log_attempt(seen, worlds.LEAD, NOON)
    log = home.archive.root / "attempts" / "2025-02.jsonl"
    log.write_text(log.read_text() + '{"at": "2025-')
    assert len(home.archive.attempts()) == 1


def test_attempts_are_no_part_of_the_state(home):
    before = home.archive.state()
    home.archive.log_attempt(checked(home, b"x"), worlds.LEAD, NOON)
    assert home.archive.state() == before


def test_the_cells_of_many_returns_are_those_of_each(made_home):
    receipts = made_home.archive.receipts()
    together = made_home.archive.cells_of(receipts)
    assert list(together["return_id"].unique(maintain_order=True)) == [
        "Z01/2025-01/1",
        "Z02/2025-01/1",
    ]
    for receipt in receipts:
        one = together.filter(return_id=receipt.return_id).drop("return_id")
        assert one.equals(made_home.archive.cells(receipt))
        assert set(one["ward_code"].drop_nulls()) == set(worlds.WARDS[receipt.trust_code])
    assert made_home.archive.cells_of([]).is_empty()
    assert made_home.archive.cells_of([]).schema == together.schema


def other_columns(path):
    pl.DataFrame({"sheet": ["monthly"]}).write_parquet(path)


def half(path):
    path.write_bytes(path.read_bytes()[:100])


@pytest.mark.parametrize("spoil", [Path.unlink, half, other_columns])
def test_returns_whose_cells_cannot_be_read_are_each_named(sent_home, spoil):
    archive = sent_home.archive
    one, other = archive.receipts()
    spoil(archive.folder(other) / "rows.parquet")
    for receipts in ([one, other], [other]):
        with pytest.raises(DamagedRows) as raised:
            archive.cells_of(receipts)
        assert raised.value.returns == {"Z02/2025-01/1"}
    assert archive.cells(one).height


def test_a_file_that_is_gone_is_named_with_what_to_do(sent_home):
    one, other = sent_home.archive.receipts()
    sent_home.archive.original(one).unlink()
    with pytest.raises(
        DamagedEntry,
        match=r"^The file of return Z01/2025-01/1 is not in the archive any more: restore it "
        r"from a backup\.$",
    ):
        sent_home.archive.original(one)
    assert sent_home.archive.original(other).name == "original.zip"


def test_a_receipt_is_given_out_with_what_lets_anyone_check_it(sent_home):
    archive = sent_home.archive
    receipt = archive.receipts()[1]
    (link,) = (link for link in archive.links() if link.entry == "returns/Z02/2025-01/1")
    kept = (archive.folder(receipt) / "receipt.json").read_text(encoding="utf-8")
    files = {
        path.name: sha256(path.read_bytes()).hexdigest()
        for path in archive.folder(receipt).iterdir()
    }
    assert archive.proof(receipt) == Proof(link=link, files=files, kept=kept)
    proof = {"link": link.model_dump(), "files": files, "kept": kept}
    given = receipt.model_dump(mode="json") | {"return_id": "Z02/2025-01/1", "proof": proof}
    assert archive.given(receipt) == given
    chain_file(archive.root).unlink()
    assert archive.proof(receipt) is None
    assert archive.given(receipt) == given | {"proof": None}


def test_a_receipt_says_who_typed_which_ward_and_of_a_baseline_its_last_month(home):
    content = worlds.return_file("Z01", MONTH)
    seen = checked(home, content)
    plain = home.archive.keep_return(seen, content, worlds.LEAD, NOON, {})
    assert (plain.drafted_by, plain.baseline_to, plain.slot) == ({}, "", "2025-01")
    baseline = replace(seen, baseline_to=MONTH + 2)
    typed = {"ALDER1": "ward@trust.example"}
    kept = home.archive.keep_return(baseline, content, worlds.LEAD, NOON, {}, typed)
    assert (kept.drafted_by, kept.baseline_to) == (typed, "2025-03")
    assert kept.return_id == "Z01/2025-01-baseline/1"
    assert home.archive.receipts() == [plain, kept]
    assert home.archive.cells(kept).equals(seen.cells)


def test_a_home_may_lie_in_a_folder_of_any_name(tmp_path):
    home = worlds.empty_world(tmp_path / "Ward's [new] 100% #1" / "home")
    worlds.send(home, "Z01", MONTH, release=True)
    assert home.archive.cells_of(home.archive.receipts()).height
