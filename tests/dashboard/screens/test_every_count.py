"""Every screen of the demo gives the same number for the same thing.

A figure that leads to its source is known by that address, and must be the same wherever it stands.
What only a sentence says is known by the sentence: each pattern below names the thing it counts,
and on how many screens it must be found, so that none is forgotten by rewording it.
"""

import re
from collections import defaultdict
from datetime import UTC
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import store
from dashboard.screens import menu

pytestmark = pytest.mark.slow

Said = dict[tuple[str, ...], dict[str, set[str]]]

_FEW = "too few to say whether anything has changed"
_LINK = re.compile(r'<a href="(figure\?[^"]+)"[^>]*>(.*?)</a>', re.DOTALL)
_READ = re.compile(r"(?P<value>[\d.,]+%?)(?:[^(]*\((?P<n>[\d,]+) (?:of|in) (?P<d>[\d,]+))?")
# The thing, the numbers it is given as, and how many kinds of screen say it.
_SENTENCES = {
    "charters in place": (r"([\d,]+) of (?:the )?([\d,]+) wards (?:that reported|in [A-Z])", 2),
    "trusts that sent the newest month": (r"([\d,]+) of ([\d,]+) trusts have sent", 2),
    "returns missing": (r"months, ([\d,]+) returns? from ([\d,]+) trusts? (?:is|are) missing", 2),
    "open wards": (
        r"(?:latest (?:ratings|answer) of|trusts, ) ?([\d,]+) open wards|"
        r"are in place on [\d,]+(?: to [\d,]+)? of ([\d,]+) wards",
        2,
    ),
    "wards that reported none": (r"([\d,]+) of [\d,]+ wards? reported no incidents", 1),
    "patients feel safe, ward by ward": (
        r"Patients who feel safe from sexual harm: of ([^.]+; [^.]+)\.",
        2,
    ),
}


@pytest.fixture
def screens(demo_home, at_the_door, open_screen) -> dict[str, AppTest]:
    """Every screen as the programme team, a trust lead and a region reader."""
    release = store.current(demo_home / "releases")
    at_the_door(demo_home, store.facts(release)["built_at"].replace(tzinfo=UTC))
    people = store.people(release).filter(store.people(release)["valid_to"].is_null())
    found = {}
    for role in ("programme", "trust", "region"):
        who = people.filter(people["role"] == role)["email"][0]
        for _, _, path in menu.SCREENS[role]:
            found[f"{role} {path}"] = open_screen(who, path)
            if path == "compare":
                found[f"{role} {path} trusts"] = open_screen(who, path, look="Trusts")
    return found


def test_no_two_screens_give_different_numbers_for_the_same_figure(screens):
    said: Said = defaultdict(lambda: defaultdict(set))
    for screen, app in screens.items():
        for address, text in figures(markup(app)):
            for part, number in numbers(text).items():
                said[address, part][number].add(screen)
    assert sum(len(set.union(*where.values())) > 1 for where in said.values()) > 100
    assert {what: where for what, where in said.items() if len(where) > 1} == {}


def test_no_two_screens_count_the_same_thing_differently(screens):
    for thing, (pattern, screens_at_least) in _SENTENCES.items():
        said = defaultdict(set)
        for screen, app in screens.items():
            if not screen.startswith("programme"):
                continue  # other roles count only what they may see
            for match in re.finditer(pattern, words(app)):
                said[" ".join(filter(None, match.groups()))].add(screen)
        assert len(set().union(*said.values())) >= screens_at_least, (thing, dict(said))
        assert len(said) == 1, (thing, dict(said))


def test_a_list_is_as_long_as_the_sentence_above_it_says(screens):
    incidents = screens["programme incidents"]
    (none,) = re.findall(r"([\d,]+) of [\d,]+ wards? reported no incidents", words(incidents))
    (table,) = [m for m in tables(incidents) if "Wards that reported none" in m]
    listed = len(re.findall(r"Always a nil return|Reported none\.", table))
    assert listed == int(none)


def test_no_more_wards_are_compared_over_time_than_are_counted_now(screens):
    said = words(screens["programme overview"])
    counted = re.findall(r": of (?:the )?([\d,]+) wards", said)
    together = re.findall(r"Together, the ([\d,]+) wards", said)
    assert len(counted) == len(together) == 2
    for now, over_time in zip(counted, together, strict=True):
        assert int(over_time) <= int(now)


def test_the_wards_of_a_total_are_those_its_headline_names(screens):
    overview = screens["programme overview"]
    (answered,) = re.findall(r"\(([\d,]+ of [\d,]+ wards) answered\)", words(overview))
    (table,) = [m for m in tables(overview) if "measures now" in m]
    row = next(row for row in table.split("<tr") if "Patients who feel safe" in row)
    assert answered in row


def test_a_total_of_few_wards_says_so_and_is_called_no_improvement(screens):
    (table,) = [m for m in tables(screens["programme overview"]) if "measures now" in m]
    few = 0
    for row in table.split("<tr"):
        based_on = re.search(r">([\d,]+) of ([\d,]+) wards?<", row)
        if based_on is None:
            continue
        wards, expected = map(int, based_on.groups())
        assert (_FEW in row) == (wards * 2 < expected), row
        few += wards * 2 < expected
        assert not (wards * 2 < expected and "Improvement" in row), row
    assert few, "the demo has a total of few wards: standards, which are rated twice a year"


def figures(text: str) -> list[tuple[str, str]]:
    """The address of each figure that leads to its source, and what it says."""
    return [(unescape(address), plain(inside)) for address, inside in _LINK.findall(text)]


def numbers(text: str) -> dict[str, str]:
    """A figure's value, numerator `n` and denominator `d`, as far as they are given.

    A whole number without a unit is the numerator: of a rate, the number of incidents.
    """
    if re.fullmatch(r"[\d,]+", text):
        return {"n": text}
    if out_of := re.fullmatch(r"([\d,]+) of ([\d,]+) wards?", text):
        return {"n": out_of[1], "d": out_of[2]}
    found = _READ.search(text)
    return {part: number for part, number in found.groupdict().items() if number} if found else {}


def markup(app: AppTest) -> str:
    """Everything on a screen that is written as markup, tables under charts included."""
    return "\n".join(element.proto.body for element in app.get("html"))


def words(app: AppTest) -> str:
    return plain(markup(app))


def tables(app: AppTest) -> list[str]:
    return re.findall(r"<table.*?</table>", markup(app), re.DOTALL)


def plain(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())
