"""Promise: today's table for sharing, read beside an earlier one, narrows no hidden count.

Between the two, returns were sent again, a trust sent for the first time, trusts merged, a ward
moved, or wards joined. The reader (`joint.py`) solves both tables together. Controls forget what
the build remembers of the earlier one, and are caught.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl
import pytest

from pipelines.releasing import held_back
from pipelines.releasing.earlier_registers import Placed, given_out_before
from pipelines.releasing.earlier_versions import as_it_was
from pipelines.releasing.suppressed import suppressed
from schemas.disclosure import mask, with_years
from schemas.programme import DisclosurePolicy
from schemas.release import Suppressed
from schemas.sums import year_end
from schemas.typed import empty
from tests.promises import made_up
from tests.promises.joint import narrowed_together
from tests.promises.reader import Reader

POLICY, MEASURES = DisclosurePolicy(), made_up.MEASURES
BLOCK = year_end(pl.col("month")).cast(pl.String)
MOVES = {
    "merged": {"Z03-W0": "Z04-W3", "Z03-W1": "Z04-W4"},
    "moved": {"Z04-W2": "Z03-W2"},
    "joined": {"Z04-W2": "Z04-W1"},
}
RAISED = ("inc_harassment", "inc_affected_patient", "options_considered_n", "support_offered_n")


def sent(seed: int) -> pl.DataFrame:
    return made_up.sent(seed, (1, 1, 2, 3), months=3, busy=(0.3, 1, 2.5)[seed % 3])


def sent_again(fields: pl.DataFrame, seed: int, share: float = 0.1) -> pl.DataFrame:
    """Some wards' months with one or two incidents more."""
    rng = np.random.default_rng((seed, 2))
    places = fields.select("ward_id", "month").unique().sort("ward_id", "month")
    chosen = places.filter(pl.Series(rng.random(places.height) < share))
    more = chosen.with_columns(more=pl.Series(rng.integers(1, 3, chosen.height).astype(float)))
    joined = fields.join(more, on=["ward_id", "month"], how="left", maintain_order="left")
    raised = pl.when(pl.col("field").is_in(RAISED)).then(pl.col("more").fill_null(0)).otherwise(0)
    return joined.with_columns(pl.col("number") + raised).drop("more")


def narrowed(
    before: pl.DataFrame,
    after: pl.DataFrame,
    moved: Mapping[str, str] | None = None,
    remember: bool = True,
):
    """What the two releases narrow together, each made as the build makes it."""
    moved = moved or {}
    then, now = made_up.observed(before, MEASURES), made_up.observed(after, MEASURES, moved)
    otherwise = empty(Suppressed)
    if moved:
        places = (made_up.placed(before), made_up.placed(after, moved))
        sent_for = before.select("ward_id", "trust_code", "month").unique()
        otherwise = given_out_before(
            *(Placed(grid, sent_for) for grid in places), then, MEASURES, POLICY
        )
    earlier = made_up.observed(before, MEASURES, moved)
    was = as_it_was(earlier, MEASURES, POLICY).with_columns(key=BLOCK)
    keys = suppressed(now, was, MEASURES, POLICY, otherwise)
    readers = []
    for seen, known in ((then, None), (now, keys)):
        exact = with_years(seen, MEASURES)
        shared = mask(exact, MEASURES, POLICY, "public", known if remember else None)
        whatever = frozenset(otherwise.rows()) if seen is now and remember else frozenset()
        readers.append((Reader(exact, MEASURES, POLICY, whatever=whatever), shared))
    return narrowed_together(readers, moved)


@pytest.mark.parametrize("seed", [4, 5, 7])
def test_what_is_sent_again_narrows_nothing(seed):
    fields = sent(seed)
    again = sent_again(fields, seed)
    assert not again.equals(fields)
    assert narrowed(fields, again) == {}


def test_control_without_the_earlier_version_something_is_narrowed():
    fields = sent(4)
    assert narrowed(fields, sent_again(fields, 4), remember=False)


def test_a_share_does_not_say_how_many_incidents_were_added(monkeypatch):
    """And it does if it may be shown in both, as all incidents may not."""
    fields = made_up.sent(0, (1, 1, 2, 3), months=3, busy=2.5)
    again = sent_again(fields, 0, share=0.15)
    assert narrowed(fields, again) == {}
    monkeypatch.setattr("pipelines.releasing.suppressed.counted_elsewhere", lambda measures: [])
    assert {key[3] for key in narrowed(fields, again)} == {"SS-I2"}


def test_a_total_stays_hidden_that_today_alone_would_hide_for_others():
    """Some of the others are hidden for what was sent before, so it would be shown after all."""
    fields = made_up.sent(21, (1, 1, 2, 3), months=3, busy=2.5, missing=0.1)
    assert narrowed(fields, sent_again(fields, 21, share=0.15)) == {}


@pytest.mark.parametrize("seed", [4, 5, 6])
@pytest.mark.parametrize("move", MOVES)
def test_wards_in_other_trusts_narrow_nothing(seed, move):
    fields = sent(seed)
    assert narrowed(fields, fields, MOVES[move]) == {}


@pytest.mark.parametrize("move", MOVES)
def test_control_without_the_earlier_register_something_is_narrowed(move):
    fields = sent(4)
    assert narrowed(fields, fields, MOVES[move], remember=False)


def narrowed_by_one_more(last: str, waits: tuple[bool, bool]):
    """What the table without a trust's return, and the one with it, narrow together.

    `waits` says whether each leaves out the totals of the programme.
    """
    fields = made_up.sent(2, (1, 1, 2, 2, 3, 3), months=1, busy=2.5)
    readers = []
    without = fields.filter(pl.col("trust_code") != last)
    for seen, waiting in zip((without, fields), waits, strict=True):
        figures = made_up.observed(seen, MEASURES)
        months = fields["month"].unique().to_list() if waiting else []
        keys = held_back.totals(figures, months, MEASURES)
        exact, known = with_years(figures, MEASURES), frozenset(keys.rows())
        shared = mask(exact, MEASURES, POLICY, "public", keys)
        readers.append((Reader(exact, MEASURES, POLICY, whatever=known), shared))
    return narrowed_together(readers, {})


@pytest.mark.parametrize("last", ["Z01", "Z03"])
@pytest.mark.parametrize("waits", [(True, False), (False, True)], ids=["in time", "after closing"])
def test_a_return_that_comes_last_is_not_what_the_total_grew_by(last, waits):
    assert narrowed_by_one_more(last, waits) == {}


def test_control_a_total_that_doesnt_wait_gives_the_last_return_away():
    assert {key[2] for key in narrowed_by_one_more("Z01", (False, False))} == {"Z01", "Z01-W0"}
