"""The campaign of files in short, and that it would notice what it looks for."""

from itertools import chain
from pathlib import Path

import pytest

from pipelines.keeping.home import Home
from pipelines.reading import xlsx
from tests import worlds
from tests.campaign.costs import MEASURES_MEMORY, Costs
from tests.campaign.files import LAST, MOST_MEMORY, Came, built, campaign, drawn

pytestmark = pytest.mark.slow
SEED, MUTATED, EACH = 2026, 30, 9


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder: Path = tmp_path_factory.mktemp("campaign")
    return worlds.small_world(folder / "home", worlds.FIRST, LAST)


def test_every_file_gets_its_sentences_by_every_way_and_costs_little(home: Home) -> None:
    came = campaign(home, chain(built(EACH), drawn(home, MUTATED, SEED)), Came())
    assert came.unexpected == []
    assert {way.partition(":")[0] for way in came.counts} == {"screen", "API", "command"}
    assert sum(came.counts.values()) > MUTATED
    if MEASURES_MEMORY:
        assert came.costs.over(MOST_MEMORY, float("inf")) == []


def test_a_file_that_brings_down_the_check_is_noticed(home: Home, monkeypatch) -> None:
    def falls_over(*_: object) -> None:
        raise ArithmeticError

    monkeypatch.setattr(xlsx, "formats_of", falls_over)
    came = campaign(home, drawn(home, 20, SEED), Came())
    assert any("came to ArithmeticError" in line for line in came.unexpected)


def test_the_same_seed_gives_the_same_files(home: Home) -> None:
    first, again, other = ([file for _, file in drawn(home, 5, seed)] for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.skipif(not MEASURES_MEMORY, reason="only Linux forgets an earlier peak when asked")
@pytest.mark.parametrize(("times", "noticed"), [(1, 0), (2, 1)])
def test_memory_counts_if_it_is_taken_both_times(times, noticed) -> None:
    sizes = iter([40_000_000] * times + [0])
    costs = Costs()
    costs.lowest("a file", lambda: len(bytearray(b"x") * next(sizes)), most=20)
    assert len(costs.over(20, float("inf"))) == noticed
    assert len(costs.all) == 1
