"""An example file for each thing that can be wrong; `make_files.py` writes them to `bad/`."""

import csv
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import polars as pl

from pipelines.checking.check import check
from pipelines.reading.read import read
from pipelines.registers.register import Register
from pipelines.registers.trust_acts import merge_trust
from pipelines.registers.ward_acts import moved
from pipelines.workbooks.template import template
from schemas.periods import Month
from schemas.returns import columns_of
from tests.returns import scene
from tests.returns.scene import COVER, MONTH, WARDS, figures, with_figures, workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@dataclass(frozen=True)
class Case:
    """A file by name, how to make it, and what is unusual about the context it is checked in."""

    filename: str
    make: Callable[[], bytes]
    context: Callable[[], dict[str, Any]] = field(default=dict)

    @property
    def name(self) -> str:
        return self.filename.rpartition(".")[0]


def cover(**changes: Any) -> bytes:
    return workbook(cover=[COVER | changes])


def charter(**changes: Any) -> bytes:
    first, *others = scene.values()["charter"]
    return workbook(charter=[first | changes, *others])


def items(**changes: Any) -> bytes:
    """A workbook with answers to one item of the confidence survey."""
    row = {"ward_code": "ALDER1", "question_id": "confident_talk", "item_answered": 12}
    return workbook(confidence=[row | {"item_confident": 7} | changes])


def with_total() -> bytes:
    """A workbook with a row under its wards that adds them up, and says so under “Month”."""
    total = {"period": "Total", "occupied_bed_days": 1340, "inc_harassment": 4}
    return workbook(monthly=[*map(figures, WARDS), total])


def items_without_total() -> bytes:
    """The same for a ward that says nothing of the survey as a whole."""
    first, *others = [figures(code) for code in WARDS]
    row = {"ward_code": "ALDER1", "question_id": "confident_talk"}
    answers = {"item_answered": 12, "item_confident": 7, "before_answered": 9}
    blank = {"conf_valid": None, "conf_positive": None}
    return workbook(monthly=[first | blank, *others], confidence=[row | answers])


def with_later_set() -> Register:
    """The register with a set of standards that is in use from the next month on."""
    later = (
        scene.register()
        .standards.filter(set_id="framework")
        .with_columns(set_id=pl.lit("later"), valid_from=pl.lit((MONTH + 1).first_day))
    )
    return replace(scene.register(), standards=pl.concat([scene.register().standards, later]))


def rated_twice() -> bytes:
    """A workbook with a rating of the trust as a whole on both sheets of ratings."""
    rating = {"set_id": "framework", "statement_id": "P1", "rating": "met"}
    among = rating | {"org_level": "trust", "org_code": "Z01"}
    return workbook(standards=[among], trust_standards=[rating])


def wards(**changes: Any) -> bytes:
    rows = [scene.ward("Z01", code, name) for code, name in WARDS.items()]
    return workbook(wards=[rows[0] | changes, *rows[1:]])


def zipped(files: dict[str, bytes]) -> bytes:
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


def without_column(title: str) -> bytes:
    """A workbook whose monthly sheet lacks a column."""
    rows = sheet_rows()
    lost = rows["monthly"][0].index(title)
    rows["monthly"] = [row[:lost] + row[lost + 1 :] for row in rows["monthly"]]
    return scene.plain_workbook(rows)


def sheet_rows() -> dict[str, list[list[Any]]]:
    """The cells of a good workbook as plain text, by sheet."""
    found = {}
    for sheet in read(workbook()).sheets:
        width = max(column for cells in sheet.rows.values() for column in cells)
        found[sheet.name] = [
            [cells[c].text if c in cells else None for c in range(1, width + 1)]
            for cells in (sheet.rows.get(row, {}) for row in range(1, max(sheet.rows) + 1))
        ]
    return {name: rows for name, rows in found.items() if name not in ("lists", "definitions")}


def formula_error() -> bytes:
    rows = sheet_rows()
    column = rows["monthly"][0].index("Sexual harassment")
    rows["monthly"][1][column] = "#REF!"
    return scene.plain_workbook(rows)


def hiding(
    sheets: tuple[str, ...] = (), rows: tuple[int, ...] = (), columns: tuple[str, ...] = ()
) -> bytes:
    """A good workbook with hidden parts: rows and columns on its monthly sheet, or sheets."""
    book = openpyxl.load_workbook(BytesIO(workbook()))
    for name in sheets:
        book[name].sheet_state = "hidden"
    for row in rows:
        book["monthly"].row_dimensions[row].hidden = True
    for column in columns:
        book["monthly"].column_dimensions[column].hidden = True
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def changed(sheet: str, change: Callable[[Any], None]) -> bytes:
    """A good workbook after somebody worked on one of its sheets."""
    book = openpyxl.load_workbook(BytesIO(workbook()))
    change(book[sheet])
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def with_cell(sheet: str, place: str, value: Any) -> bytes:
    """A good workbook with another value in one cell; a time is shown as a date and a time."""

    def change(cells: Any) -> None:
        cells[place].value = value
        if isinstance(value, datetime):
            cells[place].number_format = "dd/mm/yyyy hh:mm"

    return changed(sheet, change)


def moment(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 – a cell has no zone


def with_header_again() -> bytes:
    rows = sheet_rows()
    rows["monthly"].insert(3, rows["monthly"][0])
    return scene.plain_workbook(rows)


def not_filled_in() -> bytes:
    return template(scene.PROGRAMME, scene.register(), scene.TRUST, MONTH)


def grouped(**wards: list[tuple[int, int]]) -> list[dict[str, Any]]:
    """Rows of breakdowns: for each ward who answered and feels safe, category by category."""
    age = scene.BY_AGE.breakdowns[0]
    return [
        {"ward_code": ward, "breakdown": age.name, "category": c, "answered": a, "safe": s}
        for ward, counts in wards.items()
        for c, (a, s) in zip(age.every, counts, strict=False)
    ]


def by_group(twice: bool = False, **wards: list[tuple[int, int]]) -> bytes:
    rows = grouped(**wards)
    return workbook(programme=scene.BY_AGE, breakdowns=[*rows, *rows[:1]] if twice else rows)


def by_group_misnamed() -> bytes:
    first, second, third = grouped(ALDER1=AGES)
    rows = [first | {"category": "Under 35"}, second | {"breakdown": "Ages"}, third]
    return workbook(programme=scene.BY_AGE, breakdowns=rows)


def by_group_of_a_closed_ward() -> bytes:
    first, *others = [figures(code) for code in WARDS]
    nothing = {name: None for name in first if name not in ("period", "ward_code")}
    closed = first | nothing | {"return_status": "ward_closed"}
    rows = grouped(ALDER1=AGES)
    return workbook(programme=scene.BY_AGE, monthly=[closed, *others], breakdowns=rows)


AGES = [(3, 2), (5, 4), (4, 4)]


def asked_by_age() -> dict[str, Any]:
    return {"programme": scene.BY_AGE}


def known() -> dict[str, Any]:
    return {"known": {hashlib.sha256(workbook()).hexdigest(): "Z01/2026-03/1"}}


def history_with(month: Month, **rows: Any) -> pl.DataFrame:
    """The usual history, with one month sent again."""
    context = scene.context(history=None, today=scene.TODAY)
    cells = check(workbook(month, **rows), "past.xlsx", context).cells
    assert cells is not None
    sent = cells.with_columns(trust_code=pl.lit("Z01"), month=pl.lit(month.first_day))
    return pl.concat([scene.history().filter(pl.col("month") != month.first_day), sent])


def last_months(count: int, **changes: Any) -> dict[str, Any]:
    """A history in which the first ward's last months held these figures."""
    history = scene.history()
    for ago in range(1, count + 1):
        month = MONTH + -ago
        rows = [figures(code, month) for code in WARDS]
        changed = history_with(month, monthly=[rows[0] | changes, *rows[1:]])
        months = pl.col("month") == month.first_day
        history = pl.concat([history.filter(~months), changed.filter(months)])
    return {"history": history}


MERGED = date(2026, 3, 1)


def merged() -> Register:
    """The usual register after the first trust became part of the second."""
    return merge_trust(scene.register(), "Z01", "Z02", MERGED)


def two_wards_before() -> bytes:
    """A baseline with a row of a ward that joined long before."""
    rows = [figures(code, Month(2025, 7)) for code in ("ALDER1", "CEDAR3")]
    return scene.baseline_workbook(monthly=rows)


def with_charter(content: bytes) -> bytes:
    """A baseline to which somebody added the sheet of charters."""
    book = openpyxl.load_workbook(BytesIO(content))
    sheet = book.create_sheet("charter")
    titles = columns_of("charter")
    sheet.append([titles["ward_code"].title, titles["stage"].title])
    sheet.append(["CEDAR3", "displayed"])
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def with_cell_of(content: bytes, sheet: str, place: str, value: Any) -> bytes:
    """A workbook with another value in one cell."""
    book = openpyxl.load_workbook(BytesIO(content))
    book[sheet][place].value = value
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def baseline_in_use() -> dict[str, Any]:
    """The context of a baseline that was sent before, with every month."""
    world = scene.with_baseline()
    checked = check(scene.baseline_workbook(), "baseline.xlsx", scene.context(**world))
    assert checked.cells is not None, checked.as_dict()
    named = checked.cells.filter(field="period", sheet="monthly").select("row", named="text")
    month = pl.concat_str("named", pl.lit("-01")).str.to_date("%Y-%m-%d")
    first = pl.lit(scene.BASELINE.first_month.first_day)
    in_monthly = pl.col("sheet") == "monthly"
    sent = checked.cells.join(named, on="row", how="left").with_columns(
        trust_code=pl.lit(scene.TRUST),
        month=pl.when(in_monthly).then(month).otherwise(first),
        return_id=pl.lit("Z01/2025-07-baseline/1"),
    )
    return world | {"baselines": sent.drop("named")}


def sent_before() -> dict[str, Any]:
    """A history in which this month was sent already."""
    return {"history": history_with(MONTH)}


OTHER_DETAILS = {
    "ward_name": "Maple Ward",
    "site_code": None,
    "mh_class": "201",
    "security_level": "1",
    "intended_sex": "male",
    "age_group": "older",
    "beds": 18,
    "open_from": date(2020, 1, 1),
    "open_to": date(2026, 12, 31),
    "in_collaborative": "no",
}
PAIRS = {  # of the first ward's two incidents, by whom one affected a patient and one staff
    "inc_affected_patient": 1,
    "inc_affected_staff": 1,
    "inc_alleged_patient": 2,
    "inc_alleged_unknown": 0,
    "inc_patient_by_patient": 1,
    "inc_staff_by_patient": 1,
}
NONE_HAPPENED = {"inc_harassment": 0, "inc_assault": 0, "inc_other": 0}

CASES = [
    Case("F01.xlsx", lambda: OLE + "EncryptedPackage".encode("utf-16-le")),
    Case("F01-xls.xls", lambda: OLE + "Workbook".encode("utf-16-le")),
    Case("F01-macro.xlsm", lambda: zipped({"xl/workbook.xml": b"", "xl/vbaProject.bin": b"x"})),
    Case("F01-xlsb.xlsb", lambda: zipped({"xl/workbook.bin": b""})),
    Case(
        "F01-ods.ods",
        lambda: zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
    ),
    Case("F01-damaged.xlsx", lambda: workbook()[:9000]),
    Case("F01-pdf.xlsx", lambda: b"%PDF-1.7 nothing to see"),
    Case("F01-html.xls", lambda: b"<html><table><tr><td>1</td></tr></table></html>"),
    Case("F01-empty.xlsx", lambda: b""),
    Case("F01-other.zip", lambda: zipped({"photo.jpg": b"x"})),
    Case("F01-quote.csv", lambda: csv_of().replace(b"BIRCH2", b'"BIRCH2')),
    Case("F02.xlsx", lambda: cover(template_version="0.9")),
    Case("F03.xlsx", lambda: without_column("Occupied bed days")),
    Case("F03-text.csv", lambda: b"Dear team, here are our figures.\nAll is well.\n"),
    Case("F03-sheet.xlsx", lambda: scene.plain_workbook({"Sheet1": [["a"]], "Notes": [["b"]]})),
    Case(
        "F03-twice.xlsx",
        lambda: scene.plain_workbook(
            {n: [[*r, r[0]] for r in v] if n == "monthly" else v for n, v in sheet_rows().items()}
        ),
    ),
    Case("F03-cut-off.csv", lambda: csv_of().rstrip()[:-8]),
    Case("F03-comma.csv", lambda: csv_of().replace(b",data,428,", b",data,1,428,")),
    Case("F04.xlsx", lambda: cover(trust_code="Z02")),
    Case("F04-letter.xlsx", lambda: cover(trust_code="ZO1"), lambda: {"allowed_trusts": None}),
    Case("F04-blank.xlsx", lambda: cover(trust_code=None)),
    Case("F04-unknown.xlsx", lambda: cover(trust_code="Z77"), lambda: {"allowed_trusts": None}),
    Case(
        "F04-practice.xlsx",
        workbook,
        lambda: {"programme": scene.PROGRAMME.model_copy(update={"fictional": False})},
    ),
    Case("F04-merged.xlsx", workbook, lambda: {"register": merged(), "allowed_trusts": None}),
    Case(
        "F04-merged-yours.xlsx",
        workbook,
        lambda: {"register": merged(), "allowed_trusts": frozenset({"Z02"})},
    ),
    Case("F05.xlsx", not_filled_in),
    Case("F06.xlsx", lambda: cover(period="2026-09")),
    Case("F06-not-ended.xlsx", lambda: cover(period="2026-04")),
    Case("F06-early.xlsx", lambda: cover(period="2019-09")),
    Case("F06-before.xlsx", lambda: cover(period="2024-09")),
    Case("F06-paused.xlsx", lambda: cover(period="2025-02")),
    Case("F06-unclear.xlsx", lambda: cover(period="last month")),
    Case(
        "F06-final.xlsx",
        workbook,
        lambda: {
            "closed_months": frozenset({(scene.TRUST, MONTH)}),
            "today": date(2026, 7, 20),
        },
    ),
    Case("F06-closed.xlsx", workbook, lambda: {"closed_months": frozenset({(scene.TRUST, MONTH)})}),
    Case("F06-time.xlsx", lambda: with_cell("cover", "C8", moment(2026, 2, 28, 23))),
    Case("F06-day-first.xlsx", lambda: cover(period="04/10/2026")),
    Case("F06-baseline-not-asked.xlsx", scene.baseline_workbook),
    Case(
        "F06-baseline-months.xlsx",
        lambda: scene.baseline_workbook("2025-05 to 2025-12"),
        scene.with_baseline,
    ),
    Case(
        "F06-baseline-order.xlsx",
        lambda: with_cell_of(scene.baseline_workbook(), "cover", "C8", "Dec 2025 to Jul 2025"),
        scene.with_baseline,
    ),
    Case(
        "F06-baseline-over.xlsx",
        scene.baseline_workbook,
        lambda: scene.with_baseline() | {"today": date(2026, 7, 1)},
    ),
    Case(
        "E12-baseline-month.xlsx",
        lambda: scene.baseline_workbook(
            monthly=[figures("CEDAR3", Month(2025, 7)), figures("CEDAR3", Month(2026, 1))]
        ),
        scene.with_baseline,
    ),
    Case("E12-baseline-ward.xlsx", two_wards_before, scene.with_baseline),
    Case("E12-baseline-joined.xlsx", two_wards_before, lambda: scene.with_baseline(wards=())),
    Case(
        "W18-baseline.xlsx",
        lambda: scene.baseline_workbook(
            monthly=[figures("CEDAR3", Month(2025, n)) for n in (7, 8, 9, 11, 12)]
        ),
        baseline_in_use,
    ),
    Case(
        "N02-baseline.xlsx",
        lambda: with_charter(scene.baseline_workbook()),
        scene.with_baseline,
    ),
    Case("F07.xlsx", workbook, known),
    Case("F08.xlsx", formula_error),
    Case("F08-no-result.xlsx", lambda: with_cell("monthly", "R2", "=SUM(R3:R4)")),
    Case("E01.xlsx", lambda: with_figures(ward_code="ADLER1")),
    Case("E01-far.xlsx", lambda: with_figures(ward_code="X7")),
    Case("E01-total.xlsx", lambda: with_figures(ward_code="Total")),
    Case("E10-total.xlsx", with_total),
    Case("E01-date.xlsx", lambda: with_cell("monthly", "B2", moment(2026, 3, 1))),
    Case("E01-number.xlsx", lambda: with_cell("monthly", "B2", 100000)),
    Case(
        "E02.xlsx",
        lambda: workbook(monthly=[*[figures(c) for c in WARDS], figures("ALDER1", pt_safe=9)]),
    ),
    Case("E02-rating.xlsx", rated_twice),
    Case("E03.xlsx", lambda: with_figures(inc_assault=None)),
    Case(
        "E03-row.xlsx",
        lambda: workbook(
            monthly=[
                {"period": "2026-03", "ward_code": "ALDER1", "return_status": "data"},
                figures("BIRCH2"),
                figures("CEDAR3"),
            ]
        ),
    ),
    Case("E03-whole.xlsx", lambda: with_figures(conf_valid=None)),
    Case("E03-cover.xlsx", lambda: cover(declaration=None)),
    Case("E03-merged.xlsx", lambda: changed("monthly", lambda cells: cells.merge_cells("A2:A4"))),
    Case("E04.xlsx", lambda: with_figures(inc_harassment="3.5")),
    Case("E04-percent.xlsx", lambda: with_figures(pt_safe="83%")),
    Case("E04-proportion.xlsx", lambda: with_figures(pt_safe="0.83")),
    Case("E04-less-than.xlsx", lambda: with_figures(inc_harassment="<5")),
    Case("E04-mark.xlsx", lambda: with_figures(inc_harassment="[c]", conf_positive="*")),
    Case("E04-not-applicable.xlsx", lambda: with_figures(inc_other="n/a")),
    Case("E04-comma.xlsx", lambda: with_figures(inc_other="1,2")),
    Case("E04-letter.xlsx", lambda: with_figures(inc_other="1O")),
    Case("E04-minus.xlsx", lambda: with_figures(inc_other="-1")),
    Case("E04-words.xlsx", lambda: with_figures(st_safe="13 staff")),
    Case("E04-large.xlsx", lambda: with_figures(occupied_bed_days="45200000")),
    Case("E04-beds.xlsx", lambda: wards(beds=90)),
    Case("E05.xlsx", lambda: with_figures(pt_answered=12, pt_safe=14)),
    Case("E05-incidents.xlsx", lambda: with_figures(support_offered_n=9)),
    Case("E05-pairs.xlsx", lambda: with_figures(**PAIRS | {"inc_staff_by_patient": 2})),
    Case("E06.xlsx", lambda: with_figures(occupied_bed_days=0)),
    Case("E07.xlsx", lambda: with_figures(occupied_bed_days=4520)),
    Case("E08.xlsx", lambda: with_figures(return_status="nil_incidents")),
    Case("E09.xlsx", lambda: with_figures(return_status="ward_closed")),
    Case("E10.xlsx", lambda: charter(agreed_on=date(2026, 11, 4), last_reviewed_on=None)),
    Case("E10-unclear.xlsx", lambda: charter(agreed_on="soon", last_reviewed_on=None)),
    Case("E10-time.xlsx", lambda: with_cell("charter", "C2", moment(2025, 11, 3, 23))),
    Case("E11.xlsx", lambda: with_figures(return_status="dat")),
    Case(
        "E11-standard.xlsx",
        lambda: workbook(
            standards=[
                {
                    "set_id": "sexual_safety_placeholder",
                    "statement_id": "P9",
                    "org_level": "trust",
                    "org_code": "Z01",
                    "rating": "met",
                }
            ]
        ),
    ),
    Case("E11-item.xlsx", lambda: items(question_id="I feel confident to run.")),
    Case(
        "E11-not-in-use.xlsx",
        lambda: workbook(
            trust_standards=[{"set_id": "later", "statement_id": "P1", "rating": "met"}]
        ),
        lambda: {"register": with_later_set()},
    ),
    Case("E12.xlsx", lambda: workbook(monthly=[*[figures(c) for c in WARDS], figures("OLDER9")])),
    Case("E12-day-first.xlsx", lambda: with_figures(period="03/02/2026")),
    Case("E12-month.xlsx", lambda: with_figures(period="2026-02")),
    Case(
        "E12-not-yet.xlsx",
        lambda: workbook(monthly=[*[figures(c) for c in WARDS], figures("DOGWD4")]),
    ),
    Case(
        "E12-moved.xlsx",
        workbook,
        lambda: {"register": moved(scene.register(), "Z01", "CEDAR3", "Z02", "CEDAR9", MERGED)},
    ),
    Case(
        "E13.xlsx", lambda: charter(agreed_on=date(2026, 2, 10), last_reviewed_on=date(2025, 11, 4))
    ),
    Case("E13-blank.xlsx", lambda: charter(agreed_on=None, last_reviewed_on=None)),
    Case("E14.xlsx", lambda: with_figures(days_since_assault=12)),
    Case("E14-with.xlsx", lambda: with_figures(inc_assault=1, days_since_assault=61)),
    Case(
        "E15.xlsx",
        lambda: with_figures(
            inc_alleged_patient=0, inc_alleged_staff=0, inc_alleged_visitor=0, inc_alleged_unknown=0
        ),
    ),
    Case("E16.xlsx", lambda: with_figures(explain="Half the ward was closed. " * 9)),
    Case("E16-mailbox.xlsx", lambda: cover(contact_email="sexual safety team")),
    Case("E17.xlsx", lambda: items(item_answered=15, item_confident=9)),
    Case("E17-blank.xlsx", items_without_total),
    Case(
        "E19.xlsx",
        lambda: with_figures(
            **PAIRS
            | {
                "inc_alleged_patient": 1,
                "inc_alleged_staff": 1,
                "inc_alleged_visitor": 0,
                "inc_patient_by_staff": 1,
            }
        ),
    ),
    Case("E19-fewer.xlsx", lambda: with_figures(**PAIRS | {"inc_staff_by_patient": None})),
    Case("E19-incidents.xlsx", lambda: with_figures(inc_patient_by_patient=1)),
    Case("W01.xlsx", lambda: with_figures(pt_answered=3, pt_safe=3)),
    Case("W02.xlsx", lambda: with_figures(patients_present=9)),
    Case("W03.xlsx", lambda: with_figures(pt_answered=14, pt_safe=1)),
    Case("W03-incidents.xlsx", lambda: with_figures(inc_harassment=14)),
    Case("W04.xlsx", lambda: with_figures(occupied_bed_days=510)),
    Case("W04-empty.xlsx", lambda: with_figures(occupied_bed_days=200)),
    Case("W04-change.xlsx", lambda: with_figures(occupied_bed_days=320)),
    Case(
        "W05.xlsx", lambda: with_figures(**NONE_HAPPENED), lambda: last_months(2, **NONE_HAPPENED)
    ),
    Case(
        "W06.xlsx",
        workbook,
        lambda: last_months(1, **{k: v for k, v in figures("ALDER1").items() if k != "period"}),
    ),
    Case(
        "W07.xlsx",
        lambda: workbook(
            monthly=[
                figures("ALDER1"),
                figures("ALDER1") | {"ward_code": "BIRCH2"},
                figures("CEDAR3"),
            ]
        ),
    ),
    Case("W08.xlsx", lambda: with_figures(pt_answered=12, pt_safe=12, inc_assault=1)),
    Case(
        "W09.xlsx",
        lambda: with_figures(pt_answered=0, pt_safe=0),
        lambda: last_months(2, pt_answered=0, pt_safe=0),
    ),
    Case("W10.xlsx", lambda: wards(beds=18)),
    Case("W10-every-detail.xlsx", lambda: wards(**OTHER_DETAILS)),
    Case("W11.xlsx", workbook, lambda: {"today": date(2026, 4, 27)}),
    Case(
        "W12.xlsx",
        workbook,
        lambda: {
            "history": history_with(
                MONTH,
                cover=[COVER | {"data_status": "final"}],
                monthly=[figures("ALDER1", st_safe=11), figures("BIRCH2"), figures("CEDAR3")],
            )
        },
    ),
    Case(
        "W13.xlsx",
        lambda: charter(stage="drafting", agreed_on=None, last_reviewed_on=None),
        lambda: {"history": history_with(MONTH + -1, charter=scene.values()["charter"])},
    ),
    Case("W14.xlsx", lambda: with_figures(inc_affected_patient=1)),
    Case("W14-above.xlsx", lambda: with_figures(inc_affected_patient=9)),
    Case("W15.xlsx", lambda: cover(category_mapping="mapped")),
    Case(
        "W16.xlsx",
        lambda: workbook(
            cover=[COVER | {"staff_on_staff_source": "incident_system"}],
            monthly=[figures("ALDER1", inc_alleged_staff=1), figures("BIRCH2"), figures("CEDAR3")],
        ),
    ),
    Case("W17.xlsx", lambda: with_figures(explain="Sarah Bennet was moved to another ward")),
    Case("W17-number.xlsx", lambda: with_figures(explain="See record 943 476 5919")),
    Case("W17-birth.xlsx", lambda: with_figures(explain="Person born 12/03/1984")),
    Case("W17-mail.xlsx", lambda: with_figures(explain="Ask jo@trust.example")),
    Case(
        "W18.xlsx",
        lambda: workbook(monthly=[figures("ALDER1"), figures("CEDAR3")]),
        sent_before,
    ),
    Case(
        "W18-cells.xlsx",
        lambda: with_figures(patients_present=None, conf_valid=None, conf_positive=None),
        sent_before,
    ),
    Case("W18-sheets.csv", lambda: csv_of(), sent_before),
    Case("W19.xlsx", lambda: charter(carers_n=2)),
    Case("W19-none.xlsx", lambda: charter(patients_n=0, staff_n=9)),
    Case("E04-charter.xlsx", lambda: charter(patients_n="about 6")),
    Case("E10-charter.xlsx", lambda: charter(coproduced_on=date(2027, 3, 1))),
    Case(
        "N01.xlsx",
        lambda: scene.plain_workbook(
            {
                n: [[*r, "Our notes" if i == 0 else None] for i, r in enumerate(v)]
                if n == "monthly"
                else v
                for n, v in sheet_rows().items()
            }
        ),
    ),
    Case("E03-breakdowns.xlsx", lambda: by_group(ALDER1=AGES[:2]), asked_by_age),
    Case("E05-breakdowns.xlsx", lambda: by_group(ALDER1=[(3, 4), (5, 3), (4, 3)]), asked_by_age),
    Case("E11-breakdowns.xlsx", by_group_misnamed, asked_by_age),
    Case("E02-breakdowns.xlsx", lambda: by_group(ALDER1=AGES, twice=True), asked_by_age),
    Case("E18.xlsx", lambda: by_group(ALDER1=[(3, 2), (5, 4), (3, 3)]), asked_by_age),
    Case("E18-blank.xlsx", by_group_of_a_closed_ward, asked_by_age),
    Case("N02-breakdowns.xlsx", lambda: by_group(ALDER1=AGES)),
    Case("N02.xlsx", lambda: scene.plain_workbook(sheet_rows() | {"Sheet9": [["a"]]})),
    Case("N03.xlsx", lambda: with_figures(restraint_n="1,204")),
    Case("N04.csv", lambda: csv_of()),
    Case("N05.csv", lambda: csv_of(explain="Café corner closed", encoding="cp1252")),
    Case("N07.xlsx", lambda: hiding(rows=(3,), columns=("K",))),
    Case("N07-sheet.xlsx", lambda: hiding(sheets=("charter",))),
    Case("N08.csv", lambda: csv_of() + b"\r\n* Provisional, not for publication\r\n"),
    Case("N08-header.xlsx", with_header_again),
    Case("N06.xlsx", lambda: workbook(monthly=[figures("ALDER1"), figures("BIRCH2")])),
]


def as_csv(rows: list[list[Any]]) -> bytes:
    """Rows as a CSV file."""
    text = StringIO()
    csv.writer(text).writerows([["" if v is None else v for v in row] for row in rows])
    return text.getvalue().encode()


def csv_of(encoding: str = "utf-8", **changes: Any) -> bytes:
    """The monthly sheet as a CSV file, with the trust on each row."""
    rows = [figures(code) for code in WARDS]
    rows[0] |= changes
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = StringIO()
    writer = csv.DictWriter(text, ["trust_code", *names], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({"trust_code": "Z01", **row} for row in rows)
    return text.getvalue().encode(encoding)
