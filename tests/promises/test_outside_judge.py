"""What the outside judge of disclosure is asked (`benchmarks/disclosure_judge.py`).

The judge itself is not installed here: these tests hold what it is given to the rules we have.
"""

import polars as pl
import pytest

from benchmarks.disclosure_judge import alone_or_kinds, as_shared, rules
from benchmarks.tau_argus import Table
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
