"""The rates of false alarms in the document come out again, from other and fewer random series."""

import importlib.util
import re
from math import sqrt
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DOCUMENT = (ROOT / "docs" / "false-alarms.md").read_text(encoding="utf-8")
COUNT, SEED = 1500, 7


def script():
    path = ROOT / "benchmarks" / "false_alarms.py"
    spec = importlib.util.spec_from_file_location("false_alarms", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ALARMS = script()


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
