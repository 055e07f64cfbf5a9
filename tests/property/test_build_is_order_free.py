"""A release is a pure function of the archive: the order of arrival doesn't matter."""

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.checking.check import Context, check
from pipelines.keeping import decide
from pipelines.keeping.decisions import Decided, decision
from pipelines.registers.register import register_of
from pipelines.releasing.build import build
from pipelines.releasing.release_tables import tables
from pipelines.releasing.sources import sources_of
from schemas.release import TABLES
from tests import worlds
from tests.released import tables_of

pytestmark = pytest.mark.slow

NOW = datetime(2025, 9, 1, tzinfo=UTC)
AT = datetime(2025, 8, 1, 9, tzinfo=UTC)
CORRECTED = ("Z01", worlds.FIRST + 1)


@cache
def _checked(trust, month, version):
    """A return checked once, because an entry is the same whenever it arrives."""
    rows = [
        worlds.monthly_row(ward, month, **({"pt_safe": 2} if version == 2 else {}))
        for ward in worlds.WARDS[trust]
    ]
    content = worlds.return_file(trust, month, monthly=rows)
    register = register_of(worlds.register_frames())
    context = Context(worlds.programme(), register, worlds.received(month).date())
    return check(content, f"{trust}.zip", context), content


def _return(trust, month, version=1):
    """An entry: one return; a second version has other figures and comes a day later."""
    at = worlds.received(month) + timedelta(days=version)

    def keep(home):
        home.archive.keep_return(*_checked(trust, month, version), worlds.LEAD, at, {})

    return keep


def _decision(kind, minute, **about):
    taken = decision(kind, Decided(worlds.TEAM, AT + timedelta(minutes=minute), "Because"), **about)
    return lambda home: home.archive.record(taken)


ENTRIES = {
    **{
        (trust, number): _return(trust, worlds.FIRST + number)
        for trust in worlds.WARDS
        for number in range(4)
    },
    "corrected": _return(*CORRECTED, version=2),
    "rebase": _decision("rebase", 1, trust_code="Z01", ward_code="ALDER1", month="2025-03"),
    "note": _decision("annotation", 2, month="2025-02"),
    "withdrawn": _decision("withdrawal", 3, return_id="Z02/2025-03/1"),
}
IN_ORDER = list(ENTRIES)


def _world(order):
    root = Path(tempfile.mkdtemp())
    try:
        home = worlds.empty_world(root / "home")
        for name in order:
            ENTRIES[name](home)
        return tables(sources_of(home), NOW)
    finally:
        shutil.rmtree(root)


@cache
def _expected():
    return _world(IN_ORDER)


def _versions_in_order(order):
    """A correction can only come after what it corrects."""
    first, second = ("Z01", 1), "corrected"
    places = sorted((order.index(first), order.index(second)))
    order[places[0]], order[places[1]] = first, second
    return order


@settings(max_examples=6)
@given(st.permutations(IN_ORDER).map(_versions_in_order))
def test_entries_in_any_order_give_the_same_tables(order):
    found = _world(order)
    for name in TABLES:
        assert found[name].equals(_expected()[name]), name


@settings(max_examples=6)
@given(st.sets(st.sampled_from(IN_ORDER)), st.data())
def test_taking_rows_over_from_the_last_release_changes_nothing(first, data):
    """Whatever was built before, the next tables equal those built from scratch."""
    later = [name for name in IN_ORDER if name not in first]
    with tempfile.TemporaryDirectory() as root:
        home = worlds.empty_world(Path(root) / "home")
        for name in sorted(first, key=IN_ORDER.index):
            ENTRIES[name](home)
        build(home, NOW)
        for name in later:
            ENTRIES[name](home)
        if data.draw(st.booleans()):
            decide.withdraw(
                home, home.archive.receipts()[0].return_id, Decided("x", NOW, "Because")
            )
        upon = build(home, NOW)
        full = tables(sources_of(home), NOW)
        quick = tables_of(upon, TABLES)
    for name in TABLES:
        assert quick[name].sort(pl.all()).equals(full[name].sort(pl.all())), name
