"""Nothing sent is ever lost or overwritten."""

from datetime import timedelta
from hashlib import sha256
from io import BytesIO

import duckdb
import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.accepting.submission import Arrival
from pipelines.keeping.home import Home
from pipelines.releasing.build import build
from pipelines.submit import submit
from schemas.receipts import Receipt
from schemas.returns import columns_of


def fingerprints(home: Home) -> dict[str, str]:
    """Every file of the archive but the log of attempts and the chain, which only grow."""
    root = home.root / "archive"
    grow = ("attempts", "chain.jsonl")
    files = [p for p in root.rglob("*") if p.is_file() and p.relative_to(root).parts[0] not in grow]
    return {p.relative_to(root).as_posix(): sha256(p.read_bytes()).hexdigest() for p in files}


def newest(home: Home) -> Receipt:
    """An active return for the last month that was sent, which is still open."""
    return max(home.archive.entries().active, key=lambda receipt: receipt.month)


def columns_in(sheet: Worksheet) -> dict[str, int]:
    """Where each column of the contract is on the monthly sheet: its number, from 1."""
    titles = {cell.value: cell.column for cell in sheet[1]}
    return {column.name: titles[column.title] for column in columns_of("monthly").values()}


def corrected(content: bytes) -> bytes:
    """The same workbook with one more patient answering on its first ward with data."""
    workbook = openpyxl.load_workbook(BytesIO(content))
    sheet = workbook["monthly"]
    columns = columns_in(sheet)
    for row in range(2, sheet.max_row + 1):
        answered = sheet.cell(row, columns["pt_answered"])
        if answered.value is not None:
            answered.value = int(answered.value) + 1
            break
    written = BytesIO()
    workbook.save(written)
    return written.getvalue()


def test_a_correction_is_a_new_version_and_every_old_one_stays_as_it_was(own_home):
    before = fingerprints(own_home)
    old = newest(own_home)
    content = corrected(own_home.archive.original(old).read_bytes())
    at = max(r.received_at for r in own_home.archive.receipts()) + timedelta(days=1)
    sent = submit(
        own_home, Arrival(content, old.filename, "lead@trust.example", at, {"*": "Checked"})
    )
    assert sent.receipt, [problem.message for problem in sent.checked.problems]
    assert (sent.receipt.month, sent.receipt.version) == (old.month, old.version + 1)
    after = fingerprints(own_home)
    assert before.items() <= after.items()
    assert own_home.archive.original(sent.receipt).read_bytes() == content
    with duckdb.connect() as connection:
        path = build(own_home, at)
        connection.execute("ATTACH ? AS release (READ_ONLY)", [str(path)])
        shown = connection.execute(
            "SELECT version, status FROM release.returns "
            "WHERE trust_code = ? AND month = ?::DATE ORDER BY version DESC LIMIT 2",
            [old.trust_code, f"{old.month}-01"],
        ).fetchall()
    assert shown == [(old.version + 1, "active"), (old.version, "superseded")]


def test_a_file_with_an_error_changes_nothing_and_leaves_none_of_its_words(own_home):
    before = fingerprints(own_home)
    workbook = openpyxl.load_workbook(own_home.archive.original(newest(own_home)))
    sheet = workbook["monthly"]
    columns = columns_in(sheet)
    sheet.cell(2, columns["ward_code"]).value = "QUEXZIL"
    sheet.cell(2, columns["explain"]).value = "Said Zorblatt to Quexzil"
    written = BytesIO()
    workbook.save(written)
    at = max(r.received_at for r in own_home.archive.receipts()) + timedelta(days=1)
    sent = submit(
        own_home, Arrival(written.getvalue(), "x.xlsx", "lead@trust.example", at, {"*": "So"})
    )
    assert sent.checked.problems
    assert sent.receipt is None
    assert fingerprints(own_home) == before
    for path in own_home.root.rglob("*"):
        if path.is_file():
            assert b"quexzil" not in path.read_bytes().lower(), path
            assert b"zorblatt" not in path.read_bytes().lower(), path


def test_the_same_file_again_is_not_a_new_version(own_home):
    old = newest(own_home)
    content = own_home.archive.original(old).read_bytes()
    before = fingerprints(own_home)
    sent = submit(
        own_home, Arrival(content, old.filename, "lead@trust.example", old.received_at, {})
    )
    assert sent.already_kept
    assert sent.receipt == old
    assert fingerprints(own_home) == before


def test_text_that_identifies_somebody_is_kept_nowhere_and_the_figures_are(own_home):
    old = newest(own_home)
    workbook = openpyxl.load_workbook(own_home.archive.original(old))
    sheet = workbook["monthly"]
    sheet.cell(2, columns_in(sheet)["explain"]).value = "Ask zorblatt@nhs.example, 943 476 5919"
    written = BytesIO()
    workbook.save(written)
    at = max(r.received_at for r in own_home.archive.receipts()) + timedelta(days=1)
    sent = submit(
        own_home, Arrival(written.getvalue(), old.filename, "lead@x.example", at, {"*": "So"})
    )
    assert sent.receipt, [problem.message for problem in sent.checked.problems]
    assert "W17" in {problem.code for problem in sent.checked.problems}
    kept = openpyxl.load_workbook(own_home.archive.original(sent.receipt))
    texts = {str(cell.value) for rows in kept["monthly"].iter_rows() for cell in rows}
    assert not [text for text in texts if "zorblatt" in text or "943 476" in text]
    for path in own_home.root.rglob("*"):
        if path.is_file():
            assert b"zorblatt" not in path.read_bytes().lower(), path
