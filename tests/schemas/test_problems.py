import pytest

from schemas.problems import Outcome, Problem, Severity, outcome_of


def problems(*severities):
    return [Problem(Severity(s), "E01", "message", "fix") for s in severities]


@pytest.mark.parametrize(
    ("severities", "outcome"),
    [
        ((), Outcome.CLEAN),
        (("note",), Outcome.CLEAN),
        (("note", "query"), Outcome.QUERIES),
        (("query", "error", "note"), Outcome.ERRORS),
    ],
)
def test_the_outcome_is_the_worst_of_the_problems(severities, outcome):
    assert outcome_of(problems(*severities)) is outcome
