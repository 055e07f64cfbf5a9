"""The plan of a programme, from numbers and from a file, and what is wrong with one."""

from dataclasses import replace

import numpy as np
import pytest

from pipelines.reading.tidy_cells import Unusable
from pipelines.rehearsing.plan import MOST_WARDS, Plan, Shape, read, shaped
from pipelines.statistics.effect.panel import NEVER

SHAPE = Shape(wards=10, trusts=4, answers=12, first=3, last=9, never=0.2, together=False)


def test_wards_are_dealt_evenly_and_their_starts_spread_evenly():
    plan = shaped(SHAPE, 12, seed=1)
    assert np.bincount(plan.trust).tolist() == [3, 3, 2, 2]
    assert sorted(plan.start.tolist()) == [2, 3, 4, 5, 5, 6, 7, 8, NEVER, NEVER]
    assert plan.starting == 8
    assert not np.array_equal(plan.start, shaped(SHAPE, 12, seed=2).start)
    together = shaped(replace(SHAPE, together=True), 12, seed=1)
    assert {len(set(together.start[together.trust == one])) for one in range(4)} == {1}


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"trusts": 11}, "10 wards of 11 trusts can’t be rehearsed"),
        ({"wards": MOST_WARDS + 1}, "500 wards are the most"),
        ({"answers": 0}, "above 0"),
        ({"first": 9, "last": 3}, "the first has to come before"),
        ({"last": 13}, "to month 13 of 12"),
        ({"never": 1}, "--never 100: use 0 to 99"),
    ],
)
def test_what_cannot_be_planned_is_refused(changed, says):
    with pytest.raises(Unusable, match=says):
        shaped(replace(SHAPE, **changed), 12, seed=1)


def saved(tmp_path, *rows, header="trust,ward,answers,starts"):
    path = tmp_path / "plan.csv"
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return path


def test_a_file_says_when_each_ward_starts_by_number_or_date(tmp_path):
    plan = read(saved(tmp_path, "Z02,W1,12,5", "Z01,W2,6.5,", "Z02,W3,9,2027-03"), 24, "2027-01")
    assert plan.trusts == ("Z01", "Z02")
    assert plan.trust.tolist() == [1, 0, 1]
    assert plan.start.tolist() == [4, NEVER, 2]
    assert plan.size.tolist() == [12, 6.5, 9]
    assert isinstance(plan, Plan)
    # as programs write whole numbers in a column with gaps
    assert read(saved(tmp_path, "Z01,W1,12,5.0", "Z01,W2,12,"), 24, None).start[0] == 4


def test_every_cell_that_cannot_be_right_is_named(tmp_path):
    path = saved(tmp_path, "Z01,W1,0,5", ",W2,x,", "Z02,W1,9,soon", "Z02,W4,9,2027-03", "Z02,W5,,3")
    with pytest.raises(Unusable) as found:
        read(path, 24, None)
    said = str(found.value)
    for part in (
        "Row 3, trust: an empty cell is no name",
        "Row 2, ward: “W1” is in two rows",
        "Row 3, answers: “x” is not a number",
        "Row 2, answers: “0” is not how many answer in a month: a number above 0, up to 1000.",
        "Row 6, answers: an empty cell is not how many answer in a month",
        "Row 4, starts: “soon” is not a month of the programme",
        "Row 5, starts: “2027-03” is not a month of the programme",
        "a date needs --first",
    ):
        assert part in said
    with pytest.raises(Unusable, match="above 0, up to 1000"):
        read(saved(tmp_path, "Z01,W1,0,5"), 24, None)
    with pytest.raises(Unusable, match="--first: “soon” is not a month"):
        read(saved(tmp_path, "Z01,W1,9,2027-03"), 24, "soon")
    with pytest.raises(Unusable, match="use 6 to 120"):
        read(saved(tmp_path, "Z01,W1,9,5"), 3, None)
    with pytest.raises(Unusable, match="it needs trust, ward, answers and starts"):
        read(saved(tmp_path, "Z01,W1", header="trust,ward"), 24, None)
