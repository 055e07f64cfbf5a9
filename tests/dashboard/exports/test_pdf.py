"""A PDF of any report."""

from datetime import datetime

from dashboard.exports import (
    html_document,
    pdf,
)


def test_a_missing_letter_is_not_the_end_of_a_pdf() -> None:
    report = html_document.Report(
        "“A” – ’b’",
        datetime.fromisoformat("2026-04-15T09:30"),
        ("→ 日本",),
        ("Note",),
        (html_document.Section("Heading", ("Said.",)),),
    )
    assert pdf.report_pdf(report).startswith(b"%PDF")
