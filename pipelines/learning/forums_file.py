"""Reads the programme's list of learning forums: one row for each."""

from pydantic import ValidationError

from pipelines.learning.columns import read_columns
from pipelines.reading.compared import normal
from pipelines.reading.tidy_cells import Unusable, day_in, first_of
from schemas.forums import LONGEST_TITLE, Forum
from schemas.vocabularies import FORUM_KIND
from schemas.wording import listed, quoted

HEADINGS = {
    "forum": ("code", "forum_code"),
    "date": ("day",),
    "title": ("theme",),
    "kind": ("type",),
    "materials": ("link_to_materials", "materials_link"),
    "recording": ("link_to_recording", "recording_link"),
}
_KINDS = {normal(text): kind for kind, title in FORUM_KIND.items() for text in (kind, title)}


def read_forums(file: str, content: bytes) -> tuple[list[Forum], tuple[str, ...]]:
    """The forums in a CSV file, and notes; raises Unusable with everything that is wrong."""
    cells, notes = read_columns(file, content, HEADINGS, ("forum", "date", "title", "kind"))
    found, problems = [], []
    for cell in cells.iter_rows(named=True):
        try:
            found.append(forum_of(cell))
        except Unusable as error:
            problems += [f"Row {cell['row']}: {line}" for line in str(error).splitlines()]
    codes = [forum.forum for forum in found]
    problems += [
        f"{file} has the forum {code} twice: give each a code of its own."
        for code in sorted({code for code in codes if codes.count(code) > 1})
    ]
    if problems:
        raise Unusable("\n".join(first_of(problems)))
    return found, notes


def forum_of(cell: dict[str, object]) -> Forum:
    """A forum from the texts of its fields; raises Unusable with a sentence for each that is wrong.

    The date may be any that people write, day first.
    """
    texts = {name: str(cell[name] or "").strip() for name in HEADINGS}
    day, _ = day_in(texts["date"])
    if day is None:
        raise Unusable(
            f"the date {quoted(texts['date'])} can't be read: write it as 2026-03-12 or 12/03/2026."
        )
    try:
        return Forum(
            forum=texts["forum"].upper(),
            day=day,
            title=texts["title"],
            kind=_KINDS.get(normal(texts["kind"]), texts["kind"]),
            materials=texts["materials"],
            recording=texts["recording"],
        )
    except ValidationError as error:
        fields = dict.fromkeys(str(each["loc"][0]) for each in error.errors())
        raise Unusable("\n".join(_wrong(name, texts[name]) for name in fields)) from error


def _wrong(name: str, text: str) -> str:
    return {
        "forum": f"the code {quoted(text)} can't be used: write up to 20 letters, digits and "
        "hyphens, such as LF07.",
        "title": f"the title must have 1 to {LONGEST_TITLE} characters.",
        "kind": f"the kind {quoted(text)} is none of {listed(FORUM_KIND.values(), 'or')}.",
    }.get(name, f"the link under {name} must begin with https:// or be left blank.")
