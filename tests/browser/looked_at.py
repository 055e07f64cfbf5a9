"""A screen at three widths: anything wrong with it, and pictures if they are asked for."""

from pathlib import Path

from tests.browser.ten_things import pictures_of_parts
from tests.browser.visit import Visit

WIDTHS = {"desktop": 1300, "tablet": 820, "phone": 390}


def problems_of(
    visit: Visit, path: str, first: str, pictures: Path | None, name: str
) -> dict[str, list[str]]:
    """Open a screen at its first width, then at the others; what is wrong, by width.

    Errors of the browser's console are those of the whole visit. Where `pictures` is a folder, a
    picture of each width is left in it, as the screen is before anything is unfolded, and one of
    each of the ten things that are on it.
    """
    names = sorted(WIDTHS, key=lambda width: width != first)
    visit.errors.clear()
    visit.as_wide_as(WIDTHS[first])
    visit.open(path)
    problems = {}
    for width in names if pictures else ():
        visit.as_wide_as(WIDTHS[width])
        visit.picture(pictures / f"{name}-{width}.png")
        if absent := pictures_of_parts(visit, pictures, name, width):
            problems[f"{path}, its pictures at {width}"] = absent
    if twice := visit.said_twice():
        problems[f"{path} before anything is opened"] = twice
    visit.unfold()
    for width in reversed(names) if pictures else names:
        visit.as_wide_as(WIDTHS[width])
        found = [*visit.broken(), *visit.inaccessible(), *visit.cut_off()]
        if found:
            problems[f"{path} at {width}"] = found
    if visit.errors:
        problems[path] = list(visit.errors)
    return problems
