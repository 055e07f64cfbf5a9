"""Whatever is typed into a log of tests of change is kept as it is or refused in a sentence."""

import tempfile
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pipelines.keeping.change_tests import checked, log
from pipelines.keeping.decide import DecisionError, UnitCodes
from pipelines.keeping.decisions import Decided, decision
from pipelines.keeping.home import Home
from schemas.change_tests import ChangeTest
from schemas.receipts import Decision
from schemas.tables.kinds import FOUNDATIONS
from schemas.vocabularies import LONGEST_IDEA, OUTCOMES
from tests import worlds

AT = datetime(2025, 11, 3, 9, tzinfo=UTC)
TODAY, FIRST = AT.date(), worlds.FIRST.first_day
DAYS = st.one_of(st.dates(), st.dates(FIRST - timedelta(days=40), TODAY + timedelta(days=800)))
TEXTS = st.text(max_size=LONGEST_IDEA + 10)
TYPED = st.builds(
    ChangeTest,
    idea=st.one_of(st.just("A huddle"), TEXTS),
    foundation=st.one_of(st.sampled_from(list(FOUNDATIONS)), TEXTS),
    prediction=st.one_of(st.just("It helps"), TEXTS),
    start=DAYS,
    end=DAYS,
    happened=st.one_of(st.none(), st.just("It helped"), TEXTS),
    outcome=st.one_of(st.none(), st.sampled_from(list(OUTCOMES)), TEXTS),
)


@cache
def _home() -> Home:
    return worlds.empty_world(Path(tempfile.mkdtemp()) / "home")


@given(TYPED)
def test_only_what_charts_can_show_is_kept(typed):
    kept = None
    with suppress(DecisionError):  # any other error fails
        kept = checked(_home(), UnitCodes("Z01", "ALDER1"), typed, AT)
    if kept is None:
        return
    assert FIRST <= kept.start <= min(kept.end, TODAY)
    assert kept.end <= date(kept.start.year + 3, 1, 1)
    assert kept.foundation in FOUNDATIONS
    assert kept.outcome is None or (kept.outcome in OUTCOMES and kept.end <= TODAY)
    assert kept.outcome is None or kept.happened
    assert 0 < len(kept.idea) <= LONGEST_IDEA
    assert (kept.idea, kept.prediction) == (typed.idea.strip(), typed.prediction.strip())
    assert (kept.start, kept.end) == (typed.start, typed.end)


@given(
    acts=st.lists(st.tuples(st.sampled_from(["new", "change", "undo"]), st.integers(0, 9))),
    data=st.data(),
)
def test_the_log_is_the_same_in_whatever_order_decisions_are_read(acts, data):
    decisions: list[Decision] = []
    for number, (act, which) in enumerate(acts):
        decided = Decided(worlds.TEAM, AT + timedelta(minutes=number), "Because")
        entries = log(decisions)
        about = _tried(number)
        if act != "new" and not entries:
            continue
        if act == "change":
            about["replaces"] = entries[which % len(entries)].newest.id
        if act == "undo":
            versions = entries[which % len(entries)].versions
            about = {"undoes": versions[which % len(versions)].id}
        kind = "undo" if act == "undo" else "change_test"
        decisions.append(decision(kind, decided, **about))
        before = {entry.test_id: len(entry.versions) for entry in entries}
        after = {entry.test_id: len(entry.versions) for entry in log(decisions)}
        difference = sum(after.values()) - sum(before.values())
        assert difference == 1 if act != "undo" else difference < 0
    assert log(data.draw(st.permutations(decisions))) == log(decisions)


def _tried(number: int) -> dict[str, object]:
    tried = ChangeTest(
        idea=f"Idea {number}",
        foundation="charter",
        prediction="It helps",
        start=FIRST,
        end=TODAY,
    )
    return {"trust_code": "Z01", "ward_code": "ALDER1", "tried": tried}
