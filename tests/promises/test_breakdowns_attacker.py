"""What is hidden of a breakdown can't be worked out: a reader tries, by integer programming.

The reader has every quarter and year that is given out to one person, knows how many of each ward
answered and feel safe in every month, knows one trust or ward whole, and is told which categories
would be large enough by themselves, where any is shown. It finds the least and the most that each
hidden count can be.
"""

from collections.abc import Callable, Iterable
from itertools import product

import numpy as np
import pytest

from schemas import breakdowns
from schemas.breakdowns import hidden
from schemas.programme import NOT_KNOWN, DisclosurePolicy
from tests.promises.solving import Form, System, Target, narrowed

POLICY = DisclosurePolicy()
LEAST = (10, 5, 5)  # who answered, who feels safe, who doesn't
NAMES = ("A", "B", "C", NOT_KNOWN)
Counts = np.ndarray  # part, quarter, category, and whether they feel safe or don't
Hide = Callable[[Counts], frozenset[str]]


def made_up(seed: int) -> Counts:
    """Some trusts of very different sizes over two quarters, with one rare category or more."""
    chance = np.random.default_rng(seed)
    parts = int(chance.integers(1, 5))
    size = chance.choice([1, 4, 9, 20], size=(parts, 1, 1, 1)) * chance.choice([1, 3])
    share = chance.dirichlet([0.6] * len(NAMES))[None, None, :, None]
    safe = np.array([0.8, 0.2])[None, None, None, :]
    return chance.poisson(size * 4 * share * safe, (parts, 2, len(NAMES), 2))


def by_rule(counts: Counts) -> frozenset[str]:
    """What the product hides of parts (part, category, safe or not)."""
    return hidden([as_part(part) for part in counts], POLICY)


def as_part(part: np.ndarray) -> dict[str, tuple[int, int]]:
    return {
        name: (int(safe + unsafe), int(safe))
        for name, (safe, unsafe) in zip(NAMES, part, strict=True)
    }


def large(counts: Counts, category: int, without: int | None = None) -> bool:
    """Whether a category is large enough, also without any one part."""
    each = counts[:, category]
    worlds = [each.sum(axis=0), *(each.sum(axis=0) - part for part in each)]
    chosen = worlds if without is None else [worlds[without + 1]]
    return all(all(x >= y for x, y in zip((w.sum(), *w), LEAST, strict=True)) for w in chosen)


def read(counts: Counts, windows: Iterable[tuple[int, ...]], hide: Hide) -> dict:
    """What a reader narrows of the windows given out (each some quarters), knowing any one part."""
    windows, found = list(windows), {}
    for knows in (None, *range(len(counts))):
        system, targets = as_seen(counts, windows, hide, knows)
        found |= narrowed(system, targets)
    return found


def as_seen(
    counts: Counts, windows: list[tuple[int, ...]], hide: Hide, knows: int | None
) -> tuple[System, list[Target]]:
    shape = counts.shape
    place = {where: n for n, where in enumerate(np.ndindex(shape))}
    known = np.zeros(shape, dtype=bool)
    if knows is not None:
        known[knows] = True

    def form(parts, quarters, categories, safe) -> Form:
        return {place[where]: 1.0 for where in product(parts, quarters, categories, safe)}

    everybody, every = range(shape[0]), range(shape[2])
    rows = []
    for part, quarter, safe in product(everybody, range(shape[1]), (0, 1)):
        total = float(counts[part, quarter, :, safe].sum())
        rows.append((form([part], [quarter], every, [safe]), total, total))
    targets: list[Target] = []
    others = [part for part in everybody if part != knows]
    for window in windows:
        inside = counts[:, list(window)].sum(axis=1)
        out, rest = hide(inside), inside[others].sum(axis=0)
        for category, safe in product(every, ((0,), (1,), (0, 1))):
            least = 5.0 if len(safe) == 1 else 10.0
            all_of_it = form(everybody, window, [category], safe)
            left = form(others, window, [category], safe)
            true = float(rest[category, list(safe)].sum())
            if NAMES[category] not in out:
                total = float(inside[:, category, list(safe)].sum())
                rows.append((all_of_it, total, total))
            elif large(inside, category):
                told = len(out) < len(NAMES)  # of what is not given out, nobody is told anything
                rows += [(sums, least, np.inf) for sums in (all_of_it, left) if told]
            elif true < least:
                key = (knows, window, category, safe)
                targets.append(Target(key, left, true, 0.0, least - 1))
    return System(counts.ravel().astype(float), known.ravel(), rows), sensible(targets, counts)


def sensible(targets: list[Target], counts: Counts) -> list[Target]:
    """The targets of windows with enough people for there to be something to protect from us.

    Where all categories together are too few, nothing is given out, and what the reader knew of the
    totals before narrows them by itself.
    """
    kept = []
    for target in targets:
        knows, window, *_ = target.key
        total = counts[:, list(window)].sum(axis=(1, 2))
        left = total.sum(axis=0) - (total[knows] if knows is not None else 0)
        if all(x >= y for x, y in zip((left.sum(), *left), LEAST, strict=True)):
            kept.append(target)
    return kept


QUARTERS = [(0,), (1,)]
SEEDS = range(40)


def test_no_hidden_count_is_narrowed():
    """The programme's quarters; a trust's year with its wards as parts is the same question."""
    shown = 0
    for seed in SEEDS:
        counts = made_up(seed)
        assert read(counts, QUARTERS, by_rule) == {}, seed
        shown += sum(by_rule(counts[:, q]) not in ((), frozenset(NAMES)) for q in (0, 1))
    assert shown > len(SEEDS) / 4, "too little is shown for this to say anything"


def only_small(counts: Counts) -> frozenset[str]:
    return frozenset(NAMES[c] for c in range(len(NAMES)) if not large(counts, c))


def without_looking_at_parts(counts: Counts) -> frozenset[str]:
    return hidden([as_part(counts.sum(axis=0)), as_part(counts.sum(axis=0))], POLICY)


@pytest.mark.parametrize("leak", [only_small, without_looking_at_parts])
def test_the_reader_notices_a_rule_that_hides_too_little(leak):
    assert any(read(made_up(seed), QUARTERS, leak) for seed in SEEDS)


def test_the_reader_notices_a_year_beside_its_quarters():
    windows = [*QUARTERS, (0, 1)]
    assert any(read(made_up(seed), windows, by_rule) for seed in SEEDS)


def test_a_quarter_worked_out_again_after_a_late_return_would_tell_what_was_in_it():
    """Two releases, without and with one trust: so a window is worked out only once."""
    few = 0
    for counts in (made[:, 0] for seed in SEEDS if len(made := made_up(seed)) > 2):
        both = set(NAMES) - by_rule(counts[:-1]) - by_rule(counts)
        few += sum(counts[-1, NAMES.index(name)].sum() < LEAST[0] for name in both)
    assert few


def test_what_is_hidden_with_others_does_not_depend_on_their_size_or_on_the_settings():
    rare, common, other = (3, 1), (60, 40), (50, 30)
    for second, third in ((common, other), (other, common)):
        part = {"Z": rare, "B": second, "A": third, NOT_KNOWN: (30, 20)}
        assert hidden([part] * 3, POLICY) == {"Z", NOT_KNOWN}
    part = {"A": rare, "B": common, "C": other, NOT_KNOWN: (0, 0)}
    assert hidden([part] * 3, POLICY) == {"A", "C", NOT_KNOWN}


def test_nothing_is_shown_if_there_are_never_enough():
    assert hidden([{"A": (60, 40), NOT_KNOWN: (4, 2)}], POLICY) == {"A", NOT_KNOWN}, "one part"
    assert not breakdowns.may_be_shown([{"A": (60, 40)}], POLICY)
    assert breakdowns.may_be_shown([{"A": (60, 40)}] * 2, POLICY)
    assert hidden([{"A": (60, 40), NOT_KNOWN: (4, 4)}] * 2, POLICY) == {"A", NOT_KNOWN}
    assert hidden([], POLICY) == frozenset()
