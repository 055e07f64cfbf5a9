"""The interval of an effect holds what it claims to, as docs/effect.md says, in fewer worlds."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from pipelines.statistics.effect.estimate import estimate

ROOT = Path(__file__).parents[4]
COUNT, SEED = 25, 7
pytestmark = pytest.mark.slow
RATE = "R: rates, 2 incidents a month, shocks of 30%"


def script():
    path = ROOT / "benchmarks" / "effect_coverage.py"
    spec = importlib.util.spec_from_file_location("effect_coverage", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


COVERAGE = script()
A, B = list(COVERAGE.KINDS)[:2]


@pytest.mark.parametrize(
    ("name", "effect"), [(A, 0.06), (B, 0.0), (RATE, float(np.log(0.7)))], ids=["A", "B", "R"]
)
def test_intervals_hold_the_truth(name, effect):
    found = COVERAGE.judged(COVERAGE.KINDS[name], effect, COUNT)
    answered = found[:, 0] == 1
    assert answered.sum() >= COUNT - 3
    # 25 intervals that each hold it 95 times in 100 miss it 5 times or more once in 140
    assert (found[answered, 1] == 0).sum() <= 4
    if name == A:
        assert found[answered, 3].mean() < 0.04


def test_the_average_is_near_the_truth_in_the_long_run():
    world = COVERAGE.KINDS[A]
    off = []
    for number in range(COUNT):
        panel, truth = world.drawn(np.random.default_rng([SEED, number]), 0.06)
        off.append(estimate(panel, "proportion").average.value - truth)
    error = np.std(off, ddof=1) / np.sqrt(COUNT)
    assert abs(np.mean(off)) < 3 * error
    assert error < 0.005
