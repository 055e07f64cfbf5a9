"""What the outside judge of disclosure is asked, and answers (`benchmarks/disclosure_judge.py`).

It is given the figures and the rules that we have. On a small programme it is asked for real, where
there is a pytauargus for the machine.
"""

from collections import Counter, defaultdict
from importlib.util import find_spec

import polars as pl
import pytest

from benchmarks.disclosure_judge import ASKED, Tally, alone_or_kinds, as_shared, judge, rules
from benchmarks.tau_argus import FAR, Table, optimal
from schemas.disclosure import KEY, hidden_by_itself, mask
from schemas.programme import DisclosurePolicy
from tests.promises import made_up

POLICY = DisclosurePolicy()


@pytest.fixture(scope="module")
def release():
    return made_up.release(made_up.sent(3, trusts=(1, 2, 3)), made_up.MEASURES)


@pytest.mark.parametrize("family", alone_or_kinds(made_up.MEASURES), ids=lambda some: some[0].id)
def test_the_judge_is_given_our_figures_and_may_show_none_that_is_too_small(release, family):
    frame = release.filter(pl.col("measure").is_in([measure.id for measure in family]))
    table = rules(frame, family, POLICY)
    for value, _, _, low, high, below, above in table.counts:
        assert low <= value - below <= value + above <= high
    for parts in table.sums:
        assert sum(times * table.counts[i][0] for i, times in parts) == pytest.approx(0)
    may = as_shared(frame, set(table.figures.values()), family)
    shown = may.filter(pl.col("state") == "value")
    assert shown.join(hidden_by_itself(frame, family, POLICY), on=KEY).is_empty()
    ours = mask(frame, family, POLICY, "public").filter(pl.col("state") == "value")
    assert ours.height, "there is something to judge"
    figures = [*KEY, "numerator", "denominator"]
    assert ours.select(figures).join(shown.select(figures), on=figures, how="anti").is_empty()


needs_judge = pytest.mark.skipif(
    not find_spec("pytauargus"), reason="no pytauargus for this machine: nobody to ask"
)


@needs_judge
@pytest.mark.parametrize(("may", "hidden"), [(True, {2}), (False, {0})])
def test_it_hides_what_costs_least_of_what_it_may(may, hidden):
    table = Table()
    total = table.shown(0, 13, 13, (13, 13))
    large = table.shown(2, 10, 1, (10, 10), may)
    small = table.hidden(3, (0, 4), (0, 4))
    table.sums.append([(total, -1), (large, 1), (small, 1)])
    assert optimal([table, table]) == [hidden, hidden]


@needs_judge
def test_it_never_shows_what_a_reader_could_narrow_and_keeps_wards_as_ours(release):
    (family,) = (some for some in alone_or_kinds(made_up.MEASURES) if len(some) > 1)
    frames = release.filter(pl.col("months") == 1).partition_by("month")[:2]
    tally: Tally = defaultdict(Counter)
    judge("each month", frames, family, tally)
    about = {who: tally["each month", "", who] for who in ("ours", *ASKED)}
    assert all(some["hidden as small"] and not some["narrowed"] for some in about.values())
    shown = {who: tally["each month", "ward months", who] for who in ("ours", *ASKED)}
    assert shown["ours"] == shown["fewest, wards as ours"] == shown["least, wards as ours"]
    assert FAR > sum(each["counts"] for each in shown.values()) > 0


def test_a_rounded_figure_is_written_as_the_judge_reads_it():
    table = Table()
    total = table.shown(7, 6, 6, (5, 7))
    ward = table.hidden(3, (0, 4), (0, 4))
    table.sums.append([(total, -1), (ward, 1)])
    assert table.figures == {1: 7}
    assert table.text().splitlines() == [
        "0", "4",
        "0 6 0 u 0 1e+06 0 0 0", "1 6 6 s 0 1e+06 0 0 0", "2 0 0 u -1 1 0 0 0", "3 3 0 u 0 4 3 1 0",
        "2", "0 3 : 0 (-1) 1 (1) 2 (1)", "0 2 : 0 (-1) 3 (1)",
    ]  # fmt: skip
