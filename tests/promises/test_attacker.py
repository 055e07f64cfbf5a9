"""Promise: nothing suppressed can be worked out from everything else that may be seen.

The attacker has every masked table of every level, month, year and category at once, knows the
rules and how many people were asked, and solves for each hidden count by integer programming. Two
control tests show that the same attacker does succeed against simpler ways of suppressing.
"""

import polars as pl
import pytest

from schemas.disclosure import KEY, mask, suppressed_keys
from tests.promises.attacker import (
    AFFECTED,
    MEASURES,
    MONTHS,
    PARTS,
    POLICY,
    WITH_SOME,
    Attacker,
    counted,
    observed,
    with_some,
)

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("seed", "busy"), [(1, 1.0), (2, 0.4), (3, 2.0)])
def test_nothing_hidden_is_recovered_from_all_masked_tables_together(seed, busy):
    truth = observed(counted(seed, busy))
    masked = mask(truth, MEASURES, POLICY, "public")
    attacker = Attacker(truth)
    attacker.read(masked)
    targets = attacker.hidden(masked)
    assert len(targets) > 100
    assert attacker.recovered(targets) == []


def test_nothing_hidden_is_recovered_beside_what_is_some_of_all_incidents():
    truth = observed(with_some(counted(1), 1), WITH_SOME)
    masked = mask(truth, WITH_SOME, POLICY, "public")
    attacker = Attacker(truth)
    attacker.read(masked)
    targets = attacker.hidden(masked)
    assert len(targets) > 100
    assert attacker.recovered(targets) == []


def test_nothing_is_recovered_when_a_trust_adds_what_it_knows_of_itself():
    """A trust lead knows its own wards exactly; one of its peers stays hidden all the same."""
    truth = observed(counted(4))
    masked = mask(truth, MEASURES, POLICY, "peer")
    attacker = Attacker(truth)
    attacker.read(masked)
    own = truth.filter(pl.col("unit_id").str.starts_with("Z03-W") & (pl.col("months") == 1)).filter(
        pl.col("measure") != "SS-I1"
    )
    for row in own.iter_rows(named=True):
        n, d = row["numerator"], row["denominator"]
        exact = d - n if row["measure"] == "SS-O1" else n
        attacker.learn(row, exact, exact)
    others = [c for c in attacker.hidden(masked) if attacker.cells[c]["trust_code"] != "Z03"]
    assert attacker.recovered(others) == []


def test_nothing_is_recovered_by_comparing_releases():
    """One ward is sent again; the attacker knows which, and that nothing else changed."""
    first = counted(5)
    again = first.with_columns(
        numerator=pl.when((pl.col("unit_id") == "Z02-W1") & (pl.col("month") == MONTHS[5]))
        .then((pl.col("numerator") + 2).clip(upper_bound=pl.col("denominator")))
        .otherwise("numerator")
    )
    before, after = observed(first), observed(again)
    early = mask(before, MEASURES, POLICY, "public")
    late = mask(after, MEASURES, POLICY, "public", previously=suppressed_keys(early))
    was_hidden = early.filter(pl.col("state") == "suppressed").select(KEY)
    assert was_hidden.join(late.filter(pl.col("state") != "suppressed"), on=KEY).is_empty()
    touched = {("Z02-W1", measure, MONTHS[5]) for measure in (*PARTS, "SS-O1")}
    attacker = Attacker(before)
    attacker.read(early)
    later = Attacker(after)
    later.read(late)
    for row, low, high in zip(later.rows, later.low, later.high, strict=True):
        if not any(attacker.index[key] in row for key in touched):
            attacker.rows.append(row)
            attacker.low.append(low)
            attacker.high.append(high)
    assert attacker.recovered(attacker.hidden(early)) == []


def test_a_table_masked_by_itself_shows_what_the_whole_table_shows():
    """So putting the exports of several trusts together gives nothing more than one of all."""
    truth = observed(counted(6))
    whole = mask(truth, MEASURES, POLICY, "public")
    for trust in ("Z01", "Z02", "Z03"):
        mine = pl.col("trust_code") == trust
        alone = mask(truth.filter(mine), MEASURES, POLICY, "public")
        together = whole.filter(mine)
        shown = ["numerator_shown", "denominator_shown", "value_shown"]
        assert alone.select(KEY + shown).equals(together.select(KEY + shown))


def hidden_if_small(attacker, truth):
    """The ward-months with fewer than five incidents of a kind."""
    hidden = truth.filter(
        (pl.col("numerator") < 5) & (pl.col("level") == "ward") & (pl.col("months") == 1)
    ).filter(pl.col("measure").is_in(PARTS))
    keys = hidden.select("unit_id", "measure", "month").rows()
    return [attacker.index[key] for key in keys]


def test_control_exact_totals_beside_hidden_counts_do_give_them_away():
    """The attacker can succeed: hide small counts only, and leave everything else exact."""
    truth = observed(counted(1))
    attacker = Attacker(truth)
    for row in truth.filter(pl.col("measure") != "SS-O1").iter_rows(named=True):
        exact = row["numerator"]
        attacker.learn(row, *((0, 4) if exact < 5 else (exact, exact)))
    likely = attacker.perhaps_one_number(hidden_if_small(attacker, truth))
    assert len(attacker.recovered(likely[:20])) > 5


def test_control_rounding_without_hiding_totals_gives_some_away():
    """Round to 5 and hide what is small, but leave every total: some counts are recovered."""
    truth = observed(counted(4, 0.4))
    attacker = Attacker(truth)
    for row in truth.filter(pl.col("measure") != "SS-O1").iter_rows(named=True):
        n, near = row["numerator"], 5 * round(row["numerator"] / 5)
        attacker.learn(row, *((0, 4) if n < 5 else (max(near - 2, 5), near + 2)))
    likely = attacker.perhaps_one_number(hidden_if_small(attacker, truth))
    assert any(attacker.is_one_number(cell) for cell in likely)


def test_control_only_that_some_are_no_more_than_all_gives_these_away():
    """One ward has 4 of each kind, all 12 affected patients, and that figure is left exact."""
    here = (pl.col("unit_id") == "Z02-W1") & (pl.col("month") == MONTHS[5])
    four = pl.when(here & pl.col("measure").is_in(PARTS)).then(4.0).otherwise("numerator")
    counts = with_some(counted(1).with_columns(numerator=four), 1)
    every = pl.when(here & (pl.col("measure") == AFFECTED)).then(12.0).otherwise("numerator")
    truth = observed(counts.with_columns(numerator=every), WITH_SOME)
    masked = mask(truth, WITH_SOME, POLICY, "public")
    affected = truth.filter(here, pl.col("level") == "ward", pl.col("measure") == AFFECTED)
    found = []
    for knows in (True, False):
        attacker = Attacker(truth)
        if not knows:
            attacker.rows, attacker.low, attacker.high = [], [], []
        attacker.read(masked)
        attacker.learn(affected.row(0, named=True), 12, 12)
        kinds = [attacker.index["Z02-W1", kind, MONTHS[5]] for kind in PARTS]
        assert set(kinds) <= set(attacker.hidden(masked))
        found.append(attacker.recovered(kinds) == kinds)
    assert found == [True, False]
