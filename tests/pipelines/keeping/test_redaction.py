"""Text that must not be kept is nowhere in the file that is kept."""

from io import BytesIO
from zipfile import ZipFile, is_zipfile

import pytest
from openpyxl import load_workbook

from pipelines.checking.check import check
from pipelines.keeping.redaction import MADE, redacted
from tests.returns import scene
from tests.returns.cases import as_csv, csv_of, zipped
from tests.returns.scene import COVER, figures, with_figures, workbook

NAMED = "Sarah Bennet was moved"


def rows_as_zip() -> bytes:
    text = csv_of(explain=NAMED).replace(b"trust_code,", b"x,")
    cover = [["field", "answer"], *[[k, v] for k, v in COVER.items()]]
    cover += [["template_version", "1.0"], ["trust_code", "Z01"], ["period", "2026-03"]]
    return zipped({"monthly.csv": text, "cover.csv": as_csv(cover)})


@pytest.mark.parametrize(
    "content",
    [
        with_figures(explain=NAMED),
        csv_of(explain=NAMED, encoding="utf-16"),
        rows_as_zip(),
        workbook(
            cover=[COVER | {"notes": NAMED}],
            monthly=[
                figures("ALDER1", explain=f" {NAMED} "),
                figures("BIRCH2"),
                figures("CEDAR3"),
            ],
        ),
    ],
    ids=["workbook", "csv", "zip", "twice"],
)
def test_the_text_is_gone_and_every_figure_stands_where_it_stood(content: bytes) -> None:
    sent = check(content, "f", scene.context())
    kept = redacted(content, sent)
    assert b"Sarah" not in everything(kept)
    again = check(kept, "f", scene.context())
    assert "W17" not in {problem.code for problem in again.problems}
    assert again.cells.drop("entered").equals(sent.cells.drop("entered"))


def test_the_same_file_is_kept_as_the_same_bytes() -> None:
    content = with_figures(explain=NAMED)
    checked = check(content, "f", scene.context())
    kept = redacted(content, checked)
    assert kept == redacted(content, checked)
    made = load_workbook(BytesIO(kept)).properties.created
    assert made == MADE.replace(tzinfo=None), "not when it was kept"


def test_a_file_without_such_text_is_kept_as_it_is() -> None:
    content = workbook()
    assert redacted(content, check(content, "f", scene.context())) is content


def everything(content: bytes) -> bytes:
    if not is_zipfile(BytesIO(content)):
        return content + content.replace(b"\0", b"")
    with ZipFile(BytesIO(content)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())
