from datetime import UTC, date, datetime

from pipelines.keeping import decide
from pipelines.keeping.change_tests import record, revise
from pipelines.keeping.decide import UnitCodes
from pipelines.keeping.decisions import Decided
from pipelines.releasing import release_file
from pipelines.releasing.build import build
from schemas.change_tests import ChangeTest
from tests import worlds

AT = datetime(2026, 3, 6, 9, tzinfo=UTC)
TESTS = "SELECT test_id, ward_id, trust_code, idea, outcome, version FROM change_tests"
FLAGS = "SELECT unit_id, day, kind, label, measure FROM events WHERE source = 'change_tests'"


def test_the_log_and_its_flags_reach_the_release_and_leave_it(own_home):
    tried = ChangeTest(
        idea="Evening huddle",
        foundation="confidence",
        prediction="More people feel safe",
        start=date(2025, 9, 8),
        end=date(2025, 11, 30),
    )
    decided = Decided(worlds.LEAD, AT, "Agreed in the team")
    first = record(own_home, UnitCodes("Z01", "ALDER1"), tried, decided)
    path = build(own_home, AT)
    figures = release_file.read(path, "FROM points ORDER BY ALL")
    assert release_file.read(path, TESTS).rows() == [
        (first.id, "Z01-ALDER1", "Z01", "Evening huddle", None, 1)
    ]
    flag = ("Z01-ALDER1", date(2025, 9, 8), "test_of_change")
    label = "Evening huddle (test of change: {})"
    assert release_file.read(path, FLAGS).rows() == [(*flag, label.format("no outcome yet"), None)]

    over = tried.model_copy(update={"happened": "It worked", "outcome": "adopt"})
    revise(own_home, first.id, over, decided)
    path = build(own_home, AT)
    (row,) = release_file.read(path, TESTS).rows()
    assert row[-2:] == ("adopt", 2)
    assert release_file.read(path, FLAGS).rows() == [(*flag, label.format("adopted"), None)]

    decide.undo(own_home, first.id, decided)
    path = build(own_home, AT)
    assert release_file.read(path, TESTS).is_empty()
    assert release_file.read(path, FLAGS).is_empty()
    assert release_file.read(path, "FROM points ORDER BY ALL").equals(figures)
