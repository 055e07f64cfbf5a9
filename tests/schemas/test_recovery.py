"""Which totals are hidden because they would tell something of a small number."""

from datetime import date

import polars as pl
import pytest

from schemas import recovery
from schemas.disclosure import mask
from schemas.hiding import SMALL, SUBTRACTION, UNCHECKED
from schemas.programme import DisclosurePolicy
from schemas.recovery import hidden_together, same_at_both_levels, settle
from schemas.same_counts import AtLeast
from schemas.settling import Settling
from tests.promises import made_up

APRIL, MARCH = date(2024, 4, 1), date(2025, 3, 1)
KINDS = {"all": ("one", "other")}
TYPES = {"why": pl.String, "trust_code": pl.String, "x": pl.Float64, "numerator": pl.Float64}
LOOSE = (0, 1000)  # what a reader can know of a figure, where the test is not about that


def figure(level, unit, x, known=LOOSE, why=None, measure="one", months=1, needs=None):
    """One row for `settle`; what is hidden as small needs its whole range kept."""
    return {
        "level": level,
        "unit_id": unit,
        "trust_code": None if level == "programme" else unit[:3],
        "measure": measure,
        "month": MARCH if months == 12 else APRIL,
        "months": months,
        "is_value": x is not None,
        "x": None if x is None else float(x),
        "numerator": None if x is None else float(x),
        "lo": float(known[0]),
        "hi": float(known[1]),
        "why": why,
        "needs": why == SMALL if needs is None else needs,
    }


def small(level, unit, x, **more):
    return figure(level, unit, x, (1 if more.get("months") == 12 else 0, 4), SMALL, **more)


def rounded(level, unit, x, **more):
    """A figure that a reader sees to the nearest 5."""
    near = 5 * round(x / 5)
    return figure(level, unit, x, (max(near - 2, 5), near + 2), **more)


def why(*rows, totals=None, at_least=()):
    frame = pl.DataFrame(rows, schema_overrides=TYPES).with_row_index("row")
    return settle(frame, totals or {}, 4, at_least=at_least)["why"].to_list()


def programme(*counts, row=rounded, total=None):
    """Trusts of one ward each, with these counts, and the programme's total of them last."""
    units = [(f"Z{i:02}", count) for i, count in enumerate(counts)]
    parts = [
        (small if 0 < count < 5 and row is rounded else row)(level, unit + end, count)
        for level, end in (("ward", "-A"), ("trust", ""))
        for unit, count in units
    ]
    return [*parts, total or row("programme", "programme", sum(counts))]


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ((20, 5), None),
        ((20, 4), SUBTRACTION),
        ((4, 20), SUBTRACTION),
        ((20, 3, 2), None),
        ((20, 3, 1), SUBTRACTION),
        ((1, 0), SUBTRACTION),
        ((20, 0), SUBTRACTION),
        ((20,), None),
        ((0, 0), None),
    ],
)
def test_a_programme_total_is_hidden_if_all_trusts_but_one_have_few(counts, reason):
    assert why(*programme(*counts, row=figure))[-1] == reason


def test_a_small_programme_total_is_hidden_in_the_same_words():
    total = small("programme", "programme", 4)
    assert why(*programme(4, 0, row=figure, total=total))[-1] == SUBTRACTION
    assert why(*programme(4, row=figure, total=total))[-1] == SMALL


def test_only_a_trust_is_taken_out_of_the_programme_and_no_kind_of_incident():
    units = [("ward", "Z01-A", 1), ("ward", "Z02-A", 1), ("trust", "Z01", 1), ("trust", "Z02", 1)]
    rows = [
        figure(level, unit, times * x, measure=measure)
        for level, unit, times in [*units, ("programme", "programme", 2)]
        for measure, x in (("one", 20), ("other", 3), ("all", 23))
    ]
    assert why(*rows, totals=KINDS)[-3:] == [None, SUBTRACTION, None]


def test_a_programme_total_hidden_for_another_reason_keeps_it():
    total = figure("programme", "programme", 24, why="few bed days")
    assert why(*programme(20, 4, row=figure, total=total))[-1] == "few bed days"


def test_a_programme_total_is_hidden_from_a_trust_that_could_tell_something_of_another():
    """With 20, 3 and 10 the first knows 20, so that 33 to 37 in all leave the second at least 1."""
    assert why(*programme(20, 3, 10))[-1] == SUBTRACTION
    assert why(*programme(22, 3, 12))[-1] is None


def test_a_trust_total_that_tells_something_of_a_ward_is_hidden_and_no_ward_for_it():
    wards = [rounded("ward", "Z01-A", 7), small("ward", "Z01-B", 4)]
    assert why(*wards, rounded("trust", "Z01", 11)) == [None, SMALL, SUBTRACTION]
    wards = [rounded("ward", "Z01-A", 12), small("ward", "Z01-B", 0)]
    assert why(*wards, rounded("trust", "Z01", 12)) == [None, SMALL, None]


def test_where_a_trust_is_hidden_as_small_its_wards_with_none_are_too():
    rows = [
        small("ward", "Z01-A", 3, months=12),
        figure("ward", "Z01-B", 0, (0, 0), months=12),
        small("trust", "Z01", 3, months=12),
        figure("ward", "Z02-A", 0, (0, 0), months=12),
    ]
    months = [small(row["level"], row["unit_id"], row["x"]) for row in rows]
    assert why(*rows, *(month | {"month": MARCH} for month in months))[:4] == [
        SMALL,
        SMALL,
        SMALL,
        None,
    ]


def test_where_a_ward_is_hidden_as_small_its_kinds_with_none_are_too():
    rows = [
        small("ward", "Z01-A", 3),
        figure("ward", "Z01-A", 0, (0, 0), measure="other"),
        small("ward", "Z01-A", 3, measure="all"),
    ]
    assert why(*rows, totals=KINDS) == [SMALL, SMALL, SMALL]
    rows = [
        figure("ward", "Z01-A", 30, (28, 32)),
        figure("ward", "Z01-A", 0, (0, 0), measure="other"),
        figure("ward", "Z01-A", 30, (28, 32), measure="all"),
    ]
    assert why(*rows, totals=KINDS) == [None, None, None]


def test_a_total_without_parts_or_of_other_parts_is_hidden_and_a_missing_one_is_not():
    assert why(figure("trust", "Z01", 80)) == [UNCHECKED]
    assert why(figure("programme", "programme", 80)) == [UNCHECKED]
    assert why(figure("ward", "Z01-A", 80, months=12)) == [UNCHECKED]
    assert why(figure("ward", "Z01-A", 80, measure="all"), totals=KINDS) == [UNCHECKED]
    assert why(figure("ward", "Z01-A", 30), figure("trust", "Z01", 80)) == [None, UNCHECKED]
    assert why(figure("ward", "Z01-A", 80), figure("trust", "Z01", 80)) == [None, None]
    assert why(figure("trust", "Z01", None)) == [None]


def of_three_wards(incidents, affected):
    """Wards of one trust, by incidents and by how many of those affected patients."""
    wards = [
        (small if count < 5 else rounded)("ward", f"Z01-{name}", count, measure=measure)
        for measure, counts in (("all", incidents), ("some", affected))
        for name, count in zip("ABC", counts, strict=True)
    ]
    totals = [
        rounded("trust", "Z01", sum(counts), measure=measure)
        for measure, counts in (("all", incidents), ("some", affected))
    ]
    return [*wards, *totals]


def test_what_is_left_of_a_trust_without_some_of_it_tells_something_of_a_ward():
    """Of 8 to 12 incidents 8 to 12 affected patients, so not all 5 to 7 of one ward did not."""
    rows = of_three_wards((6, 3, 1), (4, 3, 1))
    assert why(*rows)[-2:] == [None, None]
    found = why(*rows, at_least=[AtLeast("some", ("all",))])
    assert found[-2:] == [None, SUBTRACTION], "those who are some of a count are hidden first"


def test_what_is_left_hides_nothing_if_others_could_be_among_it():
    """Of 18 to 22 incidents 8 to 12 affected patients: none of the 5 to 7 of a ward need to."""
    rows = of_three_wards((6, 10, 4), (2, 5, 3))
    assert why(*rows, at_least=[AtLeast("some", ("all",))])[-2:] == [None, None]


class WithEverythingOpen(Settling):
    """A table whose levels are settled from the beginning each time."""

    def settle(self, *how):
        self._settled.clear()
        return super().settle(*how)


class ThatLooksAtRanges(Settling):
    """A table that notices a range without the count itself."""

    def settle(self, *how):
        found = super().settle(*how)
        for ranges in (self.known, found):
            assert (ranges.low <= self.x).all()
            assert (self.x <= ranges.high).all()
        return found


def masked(fields, monkeypatch, table):
    monkeypatch.setattr(recovery, "Settling", table)
    return mask(made_up.release(fields), made_up.MEASURES, DisclosurePolicy(), "public")


@pytest.mark.parametrize("seed", range(6))
def test_a_level_settled_again_is_as_if_it_had_never_been_settled(seed, monkeypatch):
    fields = made_up.sent(seed, trusts=((1, 1, 2, 3), (2, 3))[seed % 2], months=3, busy=2.5)
    often, once = (masked(fields, monkeypatch, table) for table in (WithEverythingOpen, Settling))
    assert once.equals(often)


@pytest.mark.parametrize(("present", "answered"), [(3, 7), (3, 12), (9, 12), (12, 30)])
def test_more_answers_than_patients_present_contradict_no_range(present, answered, monkeypatch):
    fields = made_up.sent(present, trusts=(1, 2, 3), months=3)
    said = {"patients_present": present, "pt_answered": answered, "pt_safe": min(answered, 6)}
    number = pl.col("field").replace_strict(said, default=None, return_dtype=pl.Float64)
    ward = pl.col("ward_id") == "Z03-W1"
    fields = fields.with_columns(number=pl.when(ward).then(number).fill_null(pl.col("number")))
    masked(fields, monkeypatch, ThatLooksAtRanges)


def levels(*rows):
    """What stays hidden, of rows with a level, a unit, a numerator and why they are hidden."""
    frame = pl.DataFrame(
        [{**figure(level, unit, x, why=why), "denominator": None} for level, unit, x, why in rows],
        schema_overrides=TYPES | {"denominator": pl.Float64},
    )
    return same_at_both_levels(frame)["why"].to_list()


def test_a_trust_of_one_ward_is_hidden_or_shown_as_its_ward():
    one, other = ("ward", "Z01A", 3, SMALL), ("ward", "Z01A", 9, None)
    assert levels(one, ("trust", "Z01", 3, None)) == [SMALL, SMALL]
    assert levels(other, ("trust", "Z01", 9, SUBTRACTION)) == [None, None]
    assert levels(other, ("ward", "Z02A", 9, None), ("trust", "Z01", 9, SMALL)) == [None] * 3


@pytest.mark.parametrize(
    "rows",
    [
        [("ward", "Z01A", 3, SMALL), ("ward", "Z01B", 9, None), ("trust", "Z01", 3, None)],
        [("ward", "Z01A", 3, SMALL), ("trust", "Z02", 3, None)],
        [("ward", "Z01A", 3, SMALL), ("trust", "Z01", 4, None)],
        [("ward", "Z01A", 3, SMALL), ("programme", "programme", 3, None)],
        [("ward", "Z01A", None, SMALL), ("trust", "Z01", None, None)],
    ],
    ids=["two wards", "another trust", "another figure", "the programme", "no figures"],
)
def test_what_isnt_the_same_figure_stays_as_it_is(rows):
    assert levels(*rows) == [why for *_, why in rows]


def test_a_state_that_says_whether_another_count_is_0_is_hidden():
    there = figure("ward", "Z01A", 7, measure="reported")

    def state(said, unit="Z01A", why=None):
        return figure("ward", unit, None, measure="offered", why=why) | {"state": said}

    rows = [
        there | {"state": "value"},
        figure("ward", "Z01B", None, measure="reported") | {"state": "missing"},
        state("missing"),
        state("missing", "Z01B"),
        state("missing", "Z01C"),
        state("nil", why=SUBTRACTION),
        state("not_applicable"),
    ]
    frame = pl.DataFrame(rows, schema_overrides=TYPES)
    assert hidden_together(frame, [("offered", "reported")], set())["why"].to_list() == [
        *(None, None, SMALL, None, None, SUBTRACTION, None)
    ]
    assert hidden_together(frame, [], {"offered"})["why"].to_list() == [
        *(None, None, UNCHECKED, UNCHECKED, UNCHECKED, SUBTRACTION, UNCHECKED)
    ]
