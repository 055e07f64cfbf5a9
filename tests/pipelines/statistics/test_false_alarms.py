"""The false alarm rates in the documentation can be reproduced with other, fewer random series."""

import re
from math import sqrt
from pathlib import Path

import pytest

from tests.benchmark_scripts import script

ROOT = Path(__file__).parents[3]
DOCUMENT = (ROOT / "docs" / "false-alarms.md").read_text(encoding="utf-8")
COUNT, SEED = 1500, 7


ALARMS = script("false_alarms")


def told(name):
    """The percentages of a row of the document, from 0 to 1."""
    row = re.search(rf"^\| {re.escape(name)} \| (.*) \|$", DOCUMENT, re.M)
    return [float(cell.strip(" %")) / 100 for cell in row[1].split("|")]


def close(found, expected):
    noise = sqrt(max(expected, 0.002) * (1 - expected) * (1 / COUNT + 1 / ALARMS.SERIES))
    return abs(found - expected) < 4 * noise + 0.0005


@pytest.mark.parametrize("name", ALARMS.ANYWHERE)
def test_anywhere_in_36_months(name):
    frame = ALARMS.simulated(ALARMS.normal, 36, SEED, COUNT)
    found = ALARMS.share_of(ALARMS.ANYWHERE[name], frame)
    assert close(found, told(name)[ALARMS.LENGTHS.index(36)])


@pytest.mark.parametrize("name", ALARMS.STABLE)
def test_at_the_latest_point(name):
    frame = ALARMS.with_unit(ALARMS.simulated(ALARMS.STABLE[name], 36, SEED, COUNT), name)
    for ask, expected in zip(ALARMS.LATEST.values(), told(name), strict=True):
        assert close(ALARMS.share_of(ask, frame), expected)


FOUND = 6000  # more, because published rates are compared and not our own


def apart(said, ask=None, draw=None):
    """How many standard errors a rate found here is from the published one."""
    frame = ALARMS.simulated(draw or said.draw, said.months, SEED, FOUND)
    return abs(said.apart(ALARMS.share_of(ask or said.ask, frame), FOUND))


@pytest.mark.parametrize("name", ALARMS.PUBLISHED)
def test_a_published_rate_comes_out_again(name):
    assert apart(ALARMS.PUBLISHED[name]) < 3


def test_other_settings_do_not_give_the_published_rates():
    anywhere = ALARMS.PUBLISHED["any rule in 36 months"]
    assert apart(anywhere, ask=ALARMS.any_rule(ALARMS.PTD)) > 3
    ceiling = ALARMS.PUBLISHED["icon, percent at the ceiling"]
    assert apart(ceiling, draw=ALARMS.share(12, 0.97)) > 6


@pytest.mark.parametrize("name", ALARMS.PUBLISHED)
def test_the_document_tells_the_published_rate_and_ours(name):
    said = ALARMS.PUBLISHED[name]
    row = re.search(rf"^\| {re.escape(name)} \| (\S+)% \| (\S+)% \| (\S+) \|$", DOCUMENT, re.M)
    published, ours, away = (float(cell) for cell in row.groups())
    assert published == pytest.approx(said.rate * 100)
    assert away == pytest.approx(said.apart(ours / 100, ALARMS.SERIES), abs=0.15)


@pytest.fixture
def rare(monkeypatch):
    module = script("rare_events")
    monkeypatch.setattr(module, "SERIES", 700)
    monkeypatch.setattr(module, "SEED", 5)
    return module


def test_a_cusum_finds_more_doublings_at_no_more_false_alarms(rare):
    found = {name: shares for name, *shares in rare.rows()}
    for name, shares in found.items():
        row = re.search(rf"^\| {re.escape(name)} \| (.*) \|$", DOCUMENT, re.M)
        told = [float(cell.strip(" %")) / 100 for cell in row[1].split("|")][:3]
        # four standard errors of 700 series; the threshold of a CUSUM moves with its series too
        assert shares[:3] == pytest.approx(told, abs=0.09)
    chart, cusums = found["t chart of the days between events"], list(found.values())[2:]
    for alarm, *_ in cusums:
        assert alarm < chart[0] + 0.04
    for _, _, year, _ in cusums[:2]:  # those for a doubling
        assert year > chart[2] + 0.05


def test_the_document_tells_how_often_a_cusum_signals_anywhere(rare):
    for name, shares in rare.anywhere():
        row = re.search(rf"^\| {re.escape(name)} \| (.*) \|$", DOCUMENT, re.M)
        told = [float(cell.strip(" %")) / 100 for cell in row[1].split("|")]
        assert shares == pytest.approx(told, abs=0.06)
