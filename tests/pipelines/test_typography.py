"""The typeface comes with the program, with its licence, and everything that is drawn uses it."""

import vl_convert

from dashboard.exports import html_document
from pipelines import typography

_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="30"><text x="5" y="20" '
    'font-family="{}" font-weight="{}">Ŵard 84% ≥ − →</text></svg>'
)


def test_the_typeface_is_here_with_its_licence() -> None:
    assert "SIL Open Font License" in (typography.FOLDER / "LICENSE").read_text(encoding="utf-8")
    assert typography.WEB.read_bytes()[:4] == b"wOF2"
    assert typography.WEB.stat().st_size < 50_000, "a phone on a ward loads it"


def test_pictures_are_drawn_in_it_in_both_weights() -> None:
    typography.use_in_pictures()

    def drawn(font: str, weight: str) -> bytes:
        return vl_convert.svg_to_png(_SVG.format(font, weight))

    assert drawn(typography.FONT, "normal") == drawn("Arimo", "normal")
    assert drawn("Arimo", "normal") != drawn("DejaVu Sans, no such font", "normal")
    assert drawn("Arimo", "normal") != drawn("Arimo", "bold")


def test_a_web_page_brings_it_along() -> None:
    page = html_document.html("A page", "<h1>A page</h1>")
    assert "@font-face { font-family: Arimo;" in page
    assert page.count("url(data:font/woff2;base64,") == 1
    assert "http" not in page.split("</style>")[0]


def test_paper_is_the_screen_at_96_pixels_an_inch() -> None:
    assert {name: size * 3 / 4 for name, size in typography.SIZES.items()} == typography.POINTS
    assert "--fs-text: 1rem;" in typography.variables()
    assert "--fs-gap-8: 8px;" in typography.variables()
