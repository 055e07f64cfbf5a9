"""A screen at three widths: its pictures, and anything wrong with it."""

from pathlib import Path

from tests.browser.visit import Visit

WIDTHS = {"desktop": 1300, "tablet": 820, "phone": 390}


def problems_of(
    visit: Visit, path: str, first: str, pictures: Path, name: str
) -> dict[str, list[str]]:
    """Open a screen at its first width, then at the others; what is wrong, by width.

    A picture of each is left; errors of the browser's console are those of the whole visit.
    """
    names = sorted(WIDTHS, key=lambda width: width != first)
    visit.errors.clear()
    visit.as_wide_as(WIDTHS[first])
    visit.open(path)
    for width in names:
        visit.as_wide_as(WIDTHS[width])
        visit.picture(pictures / f"{name}-{width}.png")
    visit.unfold()
    problems = {}
    for width in reversed(names):
        visit.as_wide_as(WIDTHS[width])
        found = [*visit.broken(), *visit.inaccessible(), *visit.cut_off()]
        if found:
            problems[f"{path} at {width}"] = found
    if visit.errors:
        problems[path] = list(visit.errors)
    return problems
