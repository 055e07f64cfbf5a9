"""What a person may download, for which audience, and in which format."""

from dataclasses import dataclass

from dashboard.exports import masked
from schemas.disclosure import Audience

WHAT = {
    "figures": "Figures, as a table",
    "tidy": "Tidy table, for analysts",
    "tests-of-change": "Tests of change, as a table",
    "charters": "Charters, as a table",
    "ratings": "Ratings against the standards, as a table",
    "confidence": "Staff confidence by item, as a table",
    "pairs": "Who was affected, by whom, as a table",
    "chart": "One chart, as a picture",
    "sheet": "One ward’s sheet, to print",
    "sheets": "The sheets of all a trust’s wards, to print",
    "easy-read": "Easy-read sheet for a ward’s meeting",
    "large-print": "Easy-read sheet in large print",
    "pack": "The monthly pack, for a board",
    "attendance": "Who came to learning forums",
    "evaluation": "What people said about learning forums",
}
KINDS = {
    "figures": {"xlsx": "Spreadsheet (XLSX)", "csv": "Plain table (CSV)"},
    "tidy": {"csv": "Plain table (CSV)", "parquet": "Typed table (Parquet)"},
    "tests-of-change": {"xlsx": "Spreadsheet (XLSX)", "csv": "Plain table (CSV)"},
    "charters": {"xlsx": "Spreadsheet (XLSX)", "csv": "Plain table (CSV)"},
    "ratings": {"xlsx": "Spreadsheet (XLSX)", "csv": "Plain table (CSV)"},
    "confidence": {"xlsx": "Spreadsheet (XLSX)", "csv": "Plain table (CSV)"},
    "pairs": {"xlsx": "Spreadsheet (XLSX)", "csv": "Plain table (CSV)"},
    "chart": {
        "png": "Picture (PNG)",
        "svg": "Drawing (SVG)",
        "pdf": "Document (PDF)",
        "pptx": "Slide to edit (PPTX)",
    },
    "sheet": {"pdf": "Page to print (PDF)", "html": "Page to print (HTML)"},
    "sheets": {"pdf": "Pages to print (PDF)", "html": "Pages to print (HTML)"},
    "easy-read": {"pdf": "Pages to print (PDF)", "html": "Web page (HTML)"},
    "large-print": {"pdf": "Pages to print (PDF)", "html": "Web page (HTML)"},
    "attendance": {"xlsx": "Spreadsheet (XLSX)", "csv": "Plain table (CSV)"},
    "evaluation": {"xlsx": "Spreadsheet (XLSX)", "csv": "Plain table (CSV)"},
    "pack": {
        "pdf": "Document to print (PDF)",
        "docx": "Document to edit (Word)",
        "pptx": "Slides to edit (PPTX)",
        "html": "Web page (HTML)",
    },
}
MIME = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "html": "text/html",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
EASY_READ = ("easy-read", "large-print")
EXACT: dict[str, Audience] = {
    "programme": "programme",
    "trust": "own",
    "region": "own",
    "group": "own",
}
_FOR_SHARING = ("figures", "tidy", "chart", "pack", *EASY_READ)
_PROGRAMME = "programme"
_ROLES = {
    "evaluation": (_PROGRAMME,),
    "attendance": (_PROGRAMME, "trust"),
    "tests-of-change": (_PROGRAMME, "trust"),
    "charters": (_PROGRAMME, "trust"),
    "confidence": (_PROGRAMME, "trust"),
    "pairs": (_PROGRAMME, "trust"),
}
OF_MEASURES = ("figures", "tidy", "chart")  # what may hold one measure only
OF_GROUPS = (*OF_MEASURES, "pack")


class CannotMake(ValueError):
    """An order that can't be fulfilled; the message is a sentence for the person who placed it."""


@dataclass(frozen=True)
class Order:
    """A request for one file; None for a trust, ward or measure means all of them.

    What `OF_GROUPS` lists can be about a `group` in place of a trust; it is made in the scope of
    the group's readers (`access.reading`).
    """

    what: str
    audience: Audience
    kind: str
    trust: str | None = None
    ward: str | None = None
    measure: str | None = None
    group: str | None = None

    @property
    def shared(self) -> bool:
        """Whether people other than those whose figures they are may have it."""
        return self.audience in masked.SHARED

    @property
    def unit(self) -> tuple[str, str]:
        """The level and the unit that a chart or sheet is about."""
        if self.ward:
            return "ward", self.ward
        if self.group:
            return "group", self.group
        return ("trust", self.trust) if self.trust else (_PROGRAMME, _PROGRAMME)


@dataclass(frozen=True)
class File:
    """A file ready to download."""

    name: str
    mime: str
    content: bytes


def offered(role: str, audience: Audience) -> dict[str, str]:
    """What a role may download for an audience: one-page sheets are exact, easy read is either.

    Nothing about learning forums or tests of change is for sharing, nor for a region; nor are the
    counts in charters, of staff confidence or of who was affected, by whom, for a region. Charters,
    ratings, items and pairs are never shared.
    """
    shared = audience in masked.SHARED
    return {
        what: words
        for what, words in WHAT.items()
        if (not shared or what in _FOR_SHARING) and role in _ROLES.get(what, (role,))
    }


def name_of(order: Order, month: str) -> str:
    """A file name that says what is in the file, up to which month, and whether to share it."""
    unit = order.unit[1]
    measure = [order.measure] if order.measure and order.what in OF_MEASURES else []
    use = "for-sharing" if order.shared else "exact-do-not-share"
    parts = [order.what, unit, *measure, f"to-{month}", use]
    return f"feeling-safe_{'_'.join(parts)}.{order.kind}"
