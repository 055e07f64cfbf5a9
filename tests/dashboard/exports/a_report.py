"""A small report with everything a report can have, to be made into files."""

from datetime import datetime

from dashboard.charts.table import Column, Table
from dashboard.exports.html_document import Picture, Report, Section

MADE = datetime.fromisoformat("2026-04-15T09:30:00.123456")
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="820" height="300" viewBox="0 0 820 300">'
    '<rect x="20" y="40" width="300" height="90"/></svg>'
)
ROWS = [{"ward": f"Ward {n}", "says": "Concern, lower than usual"} for n in range(15)]
TABLE = Table("Who", [Column("ward", "Ward", row_header=True), Column("says", "Shows")], ROWS)
REPORT = Report(
    "Programme, March 2026",
    MADE,
    ("Built on Tuesday.",),
    ("Fictional.", "Do not share."),
    (
        Section("Who changed", ("One did.",), table=TABLE, in_place=True),
        Section(
            "Patients feel safe",
            ("They said so.",),
            Picture(DRAWING, "A chart of 12 months."),
            TABLE,
            ("It can’t tell why.", ""),
        ),
    ),
    (Section("What to ask next", points=("Who asked?", "Who answered?")),),
)
