"""Every file that can be ordered is what it claims to be, whichever way it is asked for."""

from html.parser import HTMLParser
from io import BytesIO
from itertools import pairwise

import pytest
from pypdf import PdfReader

from dashboard import store
from dashboard.access import Scope
from dashboard.exports import monthly_pack
from dashboard.exports.make import Source, make, source
from dashboard.exports.order import EASY_READ, KINDS, Order
from schemas.programme import Programme
from tests.dashboard import tiny_release
from tests.dashboard.exports import tags
from tests.dashboard.exports.sources import source_of

TRUST, WARD, MEASURE = "Z01", "Z01-ALDER1", "SS-O1"
ABOUT = {
    "chart": {"measure": MEASURE},
    "sheet": {"trust": TRUST, "ward": WARD},
    "sheets": {"trust": TRUST},
    "easy-read": {"trust": TRUST},
    "large-print": {"trust": TRUST, "ward": WARD},
    "pack": {},
}
SHARED = ("pack", *EASY_READ)  # of so small a release no month may be shared, so nothing is drawn
PDFS = [
    Order(what, audience, "pdf", **ABOUT[what])
    for what, kinds in KINDS.items()
    if "pdf" in kinds
    for audience in ("programme", "public")
    if audience == "programme" or what in SHARED
]


class Page(HTMLParser):
    """What a screen reader is told about an HTML file."""

    def __init__(self, whole: str) -> None:
        super().__init__()
        self.language, self.title, self.tables = "", "", 0
        self.headings: list[int] = []
        self.pictures: list[str] = []
        self.hidden = False
        self.captions: list[str] = []
        self.scopes: list[str | None] = []
        self.inside = ""
        self.feed(whole)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about, self.inside = dict(attrs), tag
        if tag == "html":
            self.language = about.get("lang") or ""
        elif tag in ("h1", "h2", "h3", "h4"):
            self.headings.append(int(tag[1]))
        elif tag == "svg" and "aria-hidden" in about:
            self.hidden = True
        elif tag == "svg":
            self.pictures.append(
                about.get("aria-label") or "" if about.get("role") == "img" else ""
            )
        elif tag == "table":
            self.tables += 1
        elif tag == "th":
            self.scopes.append(about.get("scope"))

    def handle_data(self, data: str) -> None:
        if self.inside == "title":
            self.title += data
        elif self.inside == "caption":
            self.captions.append(data)
        self.inside = ""


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Source:
    home = tmp_path_factory.mktemp("home")
    tiny_release.write(home)
    current = store.current(home / "releases")
    scope = Scope(role="programme", trusts=frozenset(), email="team@example.org", name="Team")
    programme = Programme(name="Tiny programme", fictional=True, first_month="2025-01")
    return source_of(current, scope, programme)


def another(known: Source) -> Source:
    """The same source, with nothing kept from earlier orders."""
    return source(known.ask, known.facts, known.measures, known.programme)


@pytest.mark.parametrize("order", PDFS, ids=lambda order: f"{order.what} for {order.audience}")
def test_every_pdf_can_be_read_by_a_screen_reader(release: Source, order: Order) -> None:
    made = make(release, order).content
    reader = PdfReader(BytesIO(made))
    assert reader.root_object["/Lang"] == "en-GB"
    assert reader.metadata.title
    assert "<pdfuaid:part>1<" in reader.root_object["/Metadata"].get_data().decode()
    levels = [level for level, _ in tags.headings(made)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    found = list(tags.document(made).all())
    pictures = [tag for tag in found if tag.kind == "Figure"]
    assert bool(pictures) != order.shared
    assert all(picture.alt.strip() for picture in pictures)
    for table in (tag for tag in found if tag.kind == "Table"):
        rows = [row for row in table.all() if row.kind == "TR"]
        assert {(head.kind, head.scope) for head in rows[0].inside} == {("TH", "Column")}
        assert {len(row.inside) for row in rows} == {len(rows[0].inside)}
    assert all(tag.words() for tag in found if tag.kind in ("H1", "H2", "H3", "P", "TH", "TD"))
    assert make(another(release), order).content == made


PAGES = [
    Order(order.what, order.audience, "html", **ABOUT[order.what])
    for order in PDFS
    if "html" in KINDS[order.what]
]


@pytest.mark.parametrize("order", PAGES, ids=lambda order: f"{order.what} for {order.audience}")
def test_every_page_can_be_read_by_a_screen_reader(release: Source, order: Order) -> None:
    read = Page(make(release, order).content.decode())
    assert read.language == "en-GB"
    assert read.title
    assert read.headings[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(read.headings))
    assert bool(read.pictures) != order.shared
    assert read.hidden == (order.what in EASY_READ)  # symbols and marks, beside their words
    assert all(label.strip() for label in read.pictures)
    assert all(caption.strip() for caption in read.captions)
    assert len(read.captions) == read.tables
    assert set(read.scopes) <= {"col", "row"}


def test_a_pack_is_put_together_once_for_all_its_kinds_of_file(release, monkeypatch):
    orders, put_together = [], monthly_pack.pack

    def noted(*about):
        orders.append(about[3])
        return put_together(*about)

    monkeypatch.setattr(monthly_pack, "pack", noted)
    known = another(release)
    for trust in (None, TRUST):
        for kind in KINDS["pack"]:
            assert make(known, Order("pack", "programme", kind, trust)).content
    assert [order.trust for order in orders] == [None, TRUST]
