"""The ten things that the programme is asked to do, each where three persons find it.

Pictures of screens (`FEELING_SAFE_SCREENSHOTS`) are accompanied by one of each, such as
`ten-03-charter-ward-manager.png`: the part of a screen from one heading to the next. A ward manager
works with their trust's access, on a phone.
"""

from pathlib import Path

from tests.browser.visit import Visit

THINGS = (
    "learning-forum",
    "co-production",
    "charter",
    "awareness-and-confidence",
    "standards",
    "trauma-informed-care",
    "ambitions",
    "engagement",
    "resources",
    "evaluation",
)
PERSONS = {"programme-member": "desktop", "trust-lead": "desktop", "ward-manager": "phone"}
# By the name of a screen's pictures: which things are under which of its headings, for whom.
# Without a heading it is the top of the screen.
WHERE: dict[str, tuple[tuple[str, str, str], ...]] = {
    "programme-learning": (
        ("learning-forum", "programme-member", "Who was reached"),
        ("evaluation", "programme-member", "What people said"),
    ),
    "programme-charters": (
        ("co-production", "programme-member", "What charters contain, and who wrote them"),
        ("charter", "programme-member", ""),
        ("awareness-and-confidence", "programme-member", "Staff confidence"),
        ("standards", "programme-member", "Standards"),
        ("trauma-informed-care", "programme-member", "Trauma-informed care"),
    ),
    "programme-first": (("ambitions", "programme-member", "Ambitions"),),
    "programme-engagement": (("engagement", "programme-member", ""),),
    "programme-about": (("resources", "programme-member", "What helps"),),
    "trust-learning": (
        ("learning-forum", "trust-lead", "The forums, and what your trust attended"),
        ("learning-forum", "ward-manager", "The forums, and what your trust attended"),
    ),
    "trust-first": (
        ("engagement", "trust-lead", "What you sent last"),
        ("engagement", "ward-manager", "What you sent last"),
    ),
    "trust-our-wards": (("charter", "trust-lead", "Every core measure"),),
    "trust-tests-of-change": (
        ("evaluation", "trust-lead", "Finished"),
        ("evaluation", "ward-manager", "Finished"),
    ),
    "trust-trust": (
        ("ambitions", "trust-lead", "Ambitions"),
        ("ambitions", "ward-manager", "Ambitions"),
        ("awareness-and-confidence", "trust-lead", ""),
        ("trauma-informed-care", "trust-lead", "Every measure"),
    ),
    "trust-ward": (
        ("co-production", "trust-lead", "Charter"),
        ("standards", "trust-lead", "Standards"),
        ("co-production", "ward-manager", "Charter"),
        ("charter", "ward-manager", "Charter"),
        ("standards", "ward-manager", "Standards"),
        ("awareness-and-confidence", "ward-manager", ""),
        ("trauma-informed-care", "ward-manager", "Every measure"),
    ),
    "trust-about": (
        ("resources", "trust-lead", "What helps"),
        ("resources", "ward-manager", "What helps"),
    ),
}
# Where a part of a screen begins and ends: at a heading, and at the next or below everything. What
# is too far down even for so tall a window is scrolled to.
PART = """heading => {
    const main = document.querySelector('[data-testid="stMain"]');
    main.scrollTop = 0;
    const all = [...main.querySelectorAll('h1, h2')].filter(e => e.getClientRects().length);
    const first = all.findIndex(e => heading ? e.innerText.trim() === heading : e.tagName === 'H1');
    if (first < 0) return null;
    const top = e => e.getBoundingClientRect().top;
    if (top(all[first]) > innerHeight / 2) main.scrollTop = top(all[first]) - innerHeight / 4;
    const end = all[first + 1] ? top(all[first + 1]) : main.scrollHeight - main.scrollTop;
    return [heading ? top(all[first]) - 24 : 0, end - 24];
}"""


def pictures_of_parts(visit: Visit, folder: Path, name: str, width: str) -> list[str]:
    """Leave a picture of each of the ten things on a screen; the headings that are not there.

    The screen is as tall as all that is on it (`Visit.picture`).
    """
    absent = []
    for thing, person, heading in WHERE.get(name, ()):
        if PERSONS[person] != width:
            continue
        if place := visit.page.evaluate(PART, heading):
            file = folder / f"ten-{THINGS.index(thing) + 1:02}-{thing}-{person}.png"
            size = visit.page.viewport_size
            top, end = place
            clip = {"x": 0, "y": top, "width": size["width"], "height": end - top}
            visit.page.screenshot(path=file, clip=clip)
        else:
            absent.append(f"no heading “{heading}” for {thing}, {person}")
    return absent
