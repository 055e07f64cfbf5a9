"""The interval of an effect holds what it claims to, as docs/effect.md says, in fewer worlds."""

import numpy as np
import pytest

from pipelines.statistics.effect.estimate import estimate
from tests.benchmark_scripts import script

COUNT, SEED = 25, 7
pytestmark = pytest.mark.slow

WORLDS = script("effect_worlds")
COVERAGE = script("effect_coverage")


@pytest.mark.parametrize(
    ("kind", "effect"), [("A", 0.06), ("B", 0.0), ("R", float(np.log(0.7)))], ids=["A", "B", "R"]
)
def test_intervals_hold_the_truth(kind, effect):
    found = COVERAGE.judged(WORLDS.KINDS[kind], effect, COUNT)
    assert found.answered >= 1 - 3 / COUNT
    # 25 intervals that each hold it 95 times in 100 miss it 5 times or more once in 140
    assert (1 - found.held) * found.answered * COUNT <= 4.5
    if kind == "A":
        assert found.half < 0.04


def test_the_average_is_near_the_truth_in_the_long_run():
    world = WORLDS.KINDS["A"]
    off = []
    for number in range(COUNT):
        panel, truth = world.drawn(np.random.default_rng([SEED, number]), 0.06)
        off.append(estimate(panel, "proportion").average.value - truth)
    error = np.std(off, ddof=1) / np.sqrt(COUNT)
    assert abs(np.mean(off)) < 3 * error
    assert error < 0.005
