"""What stops a return: errors to fix, or a file for another trust or month."""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby

import streamlit as st

from dashboard.charts.table import Column, html
from dashboard.exports.order import MIME
from dashboard.page import page
from dashboard.screens.send import upload
from dashboard.screens.send.upload import Sending
from dashboard.words import findings
from dashboard.words import sending as words
from pipelines.accepting.preview import Preview
from schemas import wording
from schemas.problems import Problem, Severity

SHOWN = 25
COLUMNS = (
    Column("cells", "Cell", row_header=True),
    Column("wards", "Ward"),
    Column("column", "Column"),
    Column("entered", "You entered"),
    Column("problem", "Problem"),
    Column("fix", "How to fix"),
)
_MISTAKES = (
    Column("problem", "Mistake", row_header=True),
    Column("times", "How often", number=True),
    *(column for column in COLUMNS if column.key != "problem"),
)
_VIEWS = {"mistake": "Mistake by mistake", "row": "Row by row"}
WHOLE_FILE = (Column("problem", "Problem", row_header=True), Column("fix", "How to fix"))
_COMPARED = (
    Column("what", "What", row_header=True),
    Column("chosen", "You chose"),
    Column("file", "This file is for"),
)


def show(look: Preview) -> None:
    """The errors that must be fixed, some at a time, and every finding as a download."""
    problems = look.checked.problems
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    page.section("Fix these", words.summary(problems))
    download(look)
    view = "mistake"
    if len(errors) > 1:
        view = st.radio("Show them", list(_VIEWS), format_func=_VIEWS.__getitem__, horizontal=True)
    if view == "row":
        table("Errors to fix", findings.row_by_row(errors))
    else:
        table("Errors to fix", findings.mistakes(errors), _MISTAKES)
    notes(problems)


def another_one(sending: Sending, look: Preview) -> None:
    """The file names another trust or month than the one chosen: stop, and show both."""
    trust, label = look.checked.trust or sending.trust, look.checked.label or sending.label
    page.section(
        "This file is for a different trust or month",
        "Nothing has been sent. First make sure whose figures these are, and for which month.",
    )
    rows = [
        {"what": "Trust", "chosen": sending.trust, "file": trust},
        {"what": "Month", "chosen": sending.label, "file": label},
    ]
    page.html(html("What you chose, and what the file says", _COMPARED, rows))
    if look.may_be_sent:
        with st.container(horizontal=True):
            other = f"Continue with {label} for {trust}"
            st.button(other, on_click=upload.move, args=(sending, look))
            st.button("Choose another file", on_click=upload.forget, args=(sending,))
        return
    codes = ("F04", "F06")  # errors in the trust or the month only
    wrong = [problem for problem in look.checked.problems if problem.code in codes]
    table("What is wrong", findings.row_by_row(wrong))
    upload.take(sending, f"Upload the file for {sending.label}")


def download(look: Preview) -> None:
    """The problem report as a workbook."""
    of = f"{look.checked.trust or 'return'}_{look.checked.month or 'unknown'}"
    st.download_button(
        "Download the problem report (Excel)",
        data=look.workbook,
        file_name=f"problems_{of}.xlsx",
        mime=MIME["xlsx"],
        on_click="ignore",
    )


def table(title: str, lines: Sequence[findings.Line], columns: Sequence[Column] = COLUMNS) -> None:
    """Findings sheet by sheet, a readable number of them at a time."""
    first = 0
    if len(lines) > SHOWN:
        starts = range(0, len(lines), SHOWN)
        spans = {start: f"{start + 1} to {min(start + SHOWN, len(lines))}" for start in starts}
        first = st.selectbox(
            f"{title}: {len(lines)} different ones", list(spans), format_func=spans.__getitem__
        )
    shown = sorted(lines[first : first + SHOWN], key=lambda line: line.sheet)
    for sheet, group in groupby(shown, key=lambda line: line.sheet):
        where = f"sheet “{sheet}”" if sheet else "the whole file"
        narrow(f"{title}: {where}", list(group), columns=columns)


def narrow(
    caption: str,
    lines: Sequence[findings.Line],
    note: str = "",
    columns: Sequence[Column] = COLUMNS,
) -> None:
    """A table of findings; on a phone each row becomes a short list."""
    rows = [asdict(line) for line in lines]
    if all(not line.sheet for line in lines):  # no row, ward or column to look for
        page.html(html(caption, WHOLE_FILE, rows, note))
        return
    page.html(html(caption, columns, rows, note))


def notes(problems: Sequence[Problem]) -> None:
    """The notes, which need no action, in an expander."""
    found = [problem for problem in problems if problem.severity is Severity.NOTE]
    if found:
        with st.expander(f"For your information: {wording.counted(len(found), 'note')}"):
            table("Notes", findings.lines(found))
