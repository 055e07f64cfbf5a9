"""One typeface and one scale: what every screen is set in, and what its first page shows."""

import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from pypdf import PdfReader

from pipelines.typography import GAPS, SIZES
from tests.browser.visit import Visit, begin

SET_IN = """() => {
    const found = {};
    for (const e of document.querySelectorAll('[data-testid="stApp"] *')) {
        const words = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
        if (!words || !e.getClientRects().length || e.closest('style')) continue;
        const look = getComputedStyle(e);
        if (look.fontFamily.includes('Material Symbols')) continue;
        const key = `${look.fontSize} ${look.fontFamily.split(',')[0]}`;
        found[key] ??= `${e.tagName}.${e.getAttribute('class')}: ${e.textContent.trim()}`;
    }
    return found;
}"""
GAPS_OF_OURS = """() => {
    const found = {}, sides = ['top', 'right', 'bottom', 'left'];
    const names = sides.flatMap(side => ['margin-' + side, 'padding-' + side]);
    for (const e of document.querySelectorAll('.stHtml [class*="fs-"], .stHtml .fs-table *')) {
        if (!e.getClientRects().length || e.closest('.fs-hidden, .fs-tip, svg')) continue;
        const look = e.computedStyleMap();  // “auto” stays so: what is left over is no gap of ours
        for (const name of [...names, 'row-gap', 'column-gap']) {
            const gap = look.get(name);
            if (gap.value !== 0 && !(gap instanceof CSSKeywordValue))
                found[gap] ??= `${name} of ${e.className}`;
        }
    }
    return found;
}"""
LOADED = """() => document.fonts.ready.then(
    () => [...document.fonts].some(f => f.family.includes('Arimo') && f.status === 'loaded'))"""
# What each role opens the product for, on its first screen.
CAME_FOR = {
    "programme": '[class*="st-key-chart_programme_programme_"] svg.marks',
    "trust": ".fs-answer",
    "region": ".fs-multiples li:nth-child(-n + 4)",
}


@pytest.fixture(params=list(CAME_FOR))
def visit(request, browser, address) -> Iterator[Visit]:
    visit = begin(browser, address, request.param)
    visit.role = request.param
    visit.page.set_viewport_size({"width": 1300, "height": 900})
    visit.settle()
    yield visit
    visit.page.context.close()


def test_the_first_screen_shows_what_a_person_came_for(visit):
    parts = visit.page.locator(CAME_FOR[visit.role]).all()
    assert parts
    for part in parts:
        box = part.bounding_box()
        assert box["y"] > 0
        assert box["y"] + box["height"] <= 900, (visit.role, box)


def test_every_screen_is_set_in_one_typeface_on_one_scale(visit):
    sizes, gaps = set(SIZES.values()), set(GAPS)
    for path in visit.screens().values():
        visit.open(path)
        assert visit.page.evaluate(LOADED), path
        found = visit.page.evaluate(SET_IN)
        others = {
            look: where
            for look, where in found.items()
            if float(look.split("px")[0]) not in sizes or not re.search("arimo", look, re.I)
        }
        assert others == {}, path
        between = visit.page.evaluate(GAPS_OF_OURS)
        assert {g: w for g, w in between.items() if float(g[:-2]) not in gaps} == {}, path


def test_on_paper_a_grid_of_every_ward_is_whole_and_has_no_menu(browser, address):
    visit = begin(browser, address, "programme")
    visit.open("compare")
    named = visit.page.locator(".fs-icons tbody th").all_inner_texts()
    pages = PdfReader(BytesIO(visit.page.pdf(prefer_css_page_size=True))).pages
    visit.page.context.close()
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert len(pages) <= 2, "one sheet"
    assert [name for name in named if " ".join(name.split()) not in text] == []
    assert "Contains small numbers" in text
    assert "As known on another day" not in text
