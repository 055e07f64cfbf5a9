"""Every file that can be ordered is what it claims to be, whichever way it is asked for."""

from io import BytesIO
from itertools import pairwise

import pytest
from pypdf import PdfReader

from dashboard import store
from dashboard.access import Scope
from dashboard.exports.make import Source, make, source
from dashboard.exports.order import KINDS, Order
from pipelines import measures as measure_files
from schemas.programme import Programme
from tests.dashboard import tiny_release
from tests.dashboard.exports import tags

TRUST, WARD, MEASURE = "Z01", "Z01-ALDER1", "SS-O1"
ABOUT = {
    "chart": {"measure": MEASURE},
    "sheet": {"trust": TRUST, "ward": WARD},
    "sheets": {"trust": TRUST},
    "pack": {},
}
SHARED = ("pack",)  # so small a release has no chart that may be shared
PDFS = [
    Order(what, audience, "pdf", **ABOUT[what])
    for what, kinds in KINDS.items()
    if "pdf" in kinds
    for audience in ("programme", "public")
    if audience == "programme" or what in SHARED
]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Source:
    home = tmp_path_factory.mktemp("home")
    tiny_release.write(home)
    current = store.current(home / "releases")
    scope = Scope(role="programme", trusts=frozenset(), email="team@example.org", name="Team")
    connection = store.open(current, scope)
    programme = Programme(name="Tiny programme", fictional=True, first_month="2025-01")

    def ask(question, **about):
        return question(connection, **about)

    return source(ask, store.facts(current), measure_files.load(), programme)


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
    assert pictures
    assert all(picture.alt.strip() for picture in pictures)
    for table in (tag for tag in found if tag.kind == "Table"):
        rows = [row for row in table.all() if row.kind == "TR"]
        assert {(head.kind, head.scope) for head in rows[0].inside} == {("TH", "Column")}
        assert {len(row.inside) for row in rows} == {len(rows[0].inside)}
    assert all(tag.words() for tag in found if tag.kind in ("H1", "H2", "H3", "P", "TH", "TD"))
    assert make(release, order).content == made
