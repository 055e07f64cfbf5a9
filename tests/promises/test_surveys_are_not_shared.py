"""What surveys say of trusts is in nothing for sharing, and its people see only their own."""

from dataclasses import replace

import polars as pl
import pytest

from dashboard import store
from dashboard.access import Scope
from dashboard.exports.make import Source, make, source
from dashboard.exports.order import CannotMake, Order
from pipelines import measures as measure_files
from schemas.programme import Programme
from tests.dashboard import tiny_release
from tests.dashboard.exports.inside import texts
from tests.promises.ordered import MEASURED, kinds_of_order

TEAM = Scope("programme", frozenset(), "team@example.org", "Team")
PROGRAMME = Programme(name="Tiny programme", fictional=True, first_month="2025-01")
SURVEY = "Made-up survey"
SHARING = ("public", "peer")


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    return tiny_release.write(tmp_path_factory.mktemp("surveys"))


@pytest.fixture(scope="module")
def known(release) -> Source:
    """The programme team's source, which does hold what surveys say."""
    connection = store.open(release, TEAM)

    def ask(question, **about):
        return question(connection, **about)

    assert connection.sql("FROM yardsticks").pl()["source"].unique().to_list() == [SURVEY]
    return source(ask, store.facts(release), measure_files.load(), PROGRAMME)


def shared(known: Source, kinds: list[tuple[str, str]]) -> dict[Order, str]:
    """What is said in every file for sharing that can be made."""
    found = {}
    for what, kind in kinds:
        for audience in SHARING:
            for measure in (None, *MEASURED.get(what, ())):
                order = Order(what, audience, kind, measure=measure)
                try:
                    found[order] = texts(make(known, order).content)
                except CannotMake:
                    continue
    return found


PLAIN = [pair for pair in kinds_of_order() if pair[1] in ("csv", "html", "xlsx", "parquet")]


def test_no_file_for_sharing_says_what_a_survey_says(known):
    files = shared(known, PLAIN)
    assert len({order.what for order in files}) >= 4
    assert [order for order, said in files.items() if SURVEY in said] == []


def test_control_one_that_is_let_through_is_noticed(known):
    leaky = replace(known, table=lambda to: known.table(to).with_columns(unit_id=pl.lit(SURVEY)))
    files = shared(leaky, [("tidy", "csv")])
    assert files
    assert all(SURVEY in said for said in files.values())


@pytest.mark.parametrize(
    ("scope", "own"),
    [
        (Scope("trust", frozenset({"Z01"}), "a@example.org", "A"), {"Z01"}),
        (Scope("region", frozenset({"Z01", "Z03"}), "a@example.org", "A"), {"Z01", "Z03"}),
        (Scope("group", frozenset(), "a@example.org", "A", frozenset({"SOUTH"})), None),
    ],
)
def test_everyone_sees_only_their_own_trusts(release, scope, own):
    connection = store.open(release, scope)
    seen = set(connection.sql("FROM yardsticks").pl()["trust_code"])
    if own is None:  # only trusts that belong to the group as a whole, and always did
        own = set(connection.sql("FROM returns").pl()["trust_code"])
    assert seen == own
