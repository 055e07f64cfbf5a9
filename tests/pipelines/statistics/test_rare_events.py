"""The comparison of charts and CUSUMs for rare events can be made again, with fewer series."""

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DOCUMENT = (ROOT / "docs" / "false-alarms.md").read_text(encoding="utf-8")


@pytest.fixture
def rare(monkeypatch):
    path = ROOT / "benchmarks" / "rare_events.py"
    spec = importlib.util.spec_from_file_location("rare_events", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
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
    chart, cusum = found["t chart of the days between events"], list(found.values())[2:]
    for alarm, _, year, _ in cusum:
        assert alarm <= chart[0]
        assert year > chart[2] + 0.05
