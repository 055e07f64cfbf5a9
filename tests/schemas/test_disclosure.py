"""What each audience may see of a figure."""

from datetime import date

import polars as pl
import pytest

from pipelines.measures import load
from schemas.disclosure import (
    FEW_OUTSIDE,
    FEW_UNITS,
    HIDDEN,
    KEY,
    MARKER,
    coarse,
    hidden_by_itself,
    mask,
    suppressed_keys,
    too_narrow,
    why_hidden,
    with_years,
)
from schemas.hiding import SMALL, SUBTRACTION
from schemas.programme import DisclosurePolicy
from schemas.same_counts import totals_over_measures

POLICY = DisclosurePolicy()
MEASURES = load()
MONTHS = pl.date_range(date(2024, 4, 1), date(2025, 3, 1), "1mo", eager=True).to_list()


def table(*rows):
    """Rows of (level, unit, measure, month, numerator, denominator), all of trust Z01."""
    names = ["level", "unit_id", "measure", "month", "numerator", "denominator"]
    frame = pl.DataFrame(rows, schema=names, orient="row").with_columns(
        pl.col("numerator", "denominator").cast(pl.Float64),
        trust_code=pl.lit("Z01"),
        state=pl.lit("value"),
    )
    return frame.with_columns(value=pl.col("numerator") / pl.col("denominator"))


def ward(measure, n, d, month=MONTHS[0], unit="Z01-A"):
    return ("ward", unit, measure, month, n, d)


def seen(*rows, audience="public", **how):
    return mask(table(*rows), MEASURES, POLICY, audience, **how)


def only(*rows, **how):
    return seen(*rows, **how).row(0, named=True)


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4])
def test_small_counts_of_a_month_are_suppressed(n):
    row = only(ward("SS-I3", n, 450))
    assert row["state"] == "suppressed"
    assert row["suppression_reason"] == HIDDEN
    assert row["numerator"] is row["denominator"] is row["value"] is None
    assert row["rounding"] == "none"
    assert row["numerator_shown"] == row["denominator_shown"] == row["value_shown"] == MARKER


@pytest.mark.parametrize(("n", "shown"), [(5, 5), (7, 5), (8, 10), (12, 10), (13, 15)])
def test_other_counts_are_rounded_and_rates_follow_from_them(n, shown):
    row = only(ward("SS-I3", n, 453))
    assert (row["state"], row["numerator"], row["denominator"]) == ("value", shown, 455)
    assert row["value"] == shown / 455, "no whole percentage"
    assert row["value_shown"] == f"{1000 * shown / 455:.1f}".removesuffix(".0")
    assert row["rounding"] == "counts to the nearest 5; rate worked out from the rounded counts"


def test_few_bed_days_or_respondents_are_suppressed():
    assert only(ward("SS-I3", 9, 99))["suppression_reason"] == HIDDEN
    assert only(ward("SS-I3", 9, 100))["state"] == "value"
    assert only(ward("SS-O1", 5, 9))["suppression_reason"] == HIDDEN
    assert only(ward("SS-O1", 5, 10))["state"] == "value"


@pytest.mark.parametrize(("yes", "state"), [(16, "suppressed"), (19, "suppressed"), (20, "value")])
def test_a_small_complement_is_suppressed_but_everybody_is_not(yes, state):
    assert only(ward("SS-O1", yes, 20))["state"] == state
    assert only(ward("SS-O1", 4, 20))["state"] == "suppressed"


def test_percentages_are_whole():
    row = only(ward("SS-O1", 13, 21))
    assert (row["value"], row["value_shown"]) == (0.62, "62")
    assert row["rounding"].endswith("percentage worked out before rounding, to a whole per cent")


def test_a_year_shows_zero_and_hides_one_to_four():
    for count, state in ((0, "value"), (1, "suppressed"), (4, "suppressed"), (5, "value")):
        rows = [ward("SS-I3", 1 if i < count else 0, 450, m) for i, m in enumerate(MONTHS)]
        masked = mask(with_years(table(*rows), MEASURES), MEASURES, POLICY, "public")
        year = masked.filter(pl.col("months") == 12)
        assert year["state"].to_list() == [state]
        assert year["month"].to_list() == [MONTHS[-1]]
        assert masked.filter(pl.col("months") == 1)["state"].unique().to_list() == ["suppressed"]


def test_a_year_without_every_month_is_not_made():
    rows = [ward("SS-I3", 1, 450, month) for month in MONTHS[:11]]
    assert with_years(table(*rows), MEASURES)["months"].to_list() == [1] * 11


def test_a_year_sums_each_level_unit_and_measure_by_itself():
    levels = [("ward", "A", "SS-I3"), ("trust", "A", "SS-I3"), ("ward", "B", "SS-I3")]
    series = [*levels, ("ward", "A", "SS-I2")]
    rows = [(*of, month, n, 100) for n, of in enumerate(series, 1) for month in MONTHS]
    years = with_years(table(*rows), MEASURES).filter(pl.col("months") == 12)
    assert years.select("level", "unit_id", "measure").rows() == series
    assert set(years["month"]) == {MONTHS[-1]}
    assert set(years["state"]) == {"value"}
    assert years["numerator"].to_list() == [12, 24, 36, 48]
    assert years["denominator"].to_list() == [1200] * 4
    assert years["value"].to_list() == [0.01, 0.02, 0.03, 0.04]


def test_a_year_counts_nil_months_and_no_month_that_was_not_sent():
    frame = table(*(ward("SS-I3", 1, 450, month) for month in MONTHS))
    first = pl.col("month") == MONTHS[0]
    for state, years in (("nil", 1), ("missing", 0)):
        one = pl.when(first).then(pl.lit(state)).otherwise("state")
        made = with_years(frame.with_columns(state=one), MEASURES).filter(pl.col("months") == 12)
        assert made.height == years
    unknown = pl.when(~first).then("denominator")
    year = with_years(frame.with_columns(denominator=unknown), MEASURES).row(-1, named=True)
    assert (year["months"], year["numerator"], year["denominator"]) == (12, 12, None)


OFFERED, INCIDENTS = "SS-P7", "SS-I1"  # of how many incidents support was offered


def year_of_offers(offered, incidents=((2, 450),) * 12, unit="Z01-A"):
    """The year of support offered: (state, offered, incidents, value), or None without one."""
    rows = [ward(OFFERED, n, d, month) for month, (_, n, d) in zip(MONTHS, offered, strict=True)]
    states = [state for state, *_ in offered] + ["value"] * len(incidents)
    rows += [
        ward(INCIDENTS, *of, month, unit) for month, of in zip(MONTHS, incidents, strict=False)
    ]
    frame = table(*rows).with_columns(state=pl.Series(states))
    years = with_years(frame, MEASURES).filter(pl.col("months") == 12, measure=OFFERED)
    return years.select("month", "state", "numerator", "denominator", "value").rows()


def test_a_month_without_incidents_is_none_of_none_in_a_year_of_offers():
    """Whether there is a year must not say whether there were incidents in some month."""
    sent, none, unknown = ("value", 1, 2), ("not_applicable", None, None), ("missing", None, None)
    march = MONTHS[-1]
    assert year_of_offers([sent] * 12) == [(march, "value", 12, 24, 0.5)]
    assert year_of_offers([sent] * 6 + [none] * 6) == [(march, "value", 6, 12, 0.5)]
    assert year_of_offers([none] * 11 + [sent]) == [(march, "value", 1, 2, 0.5)]
    assert year_of_offers([none] * 12) == [(march, "not_applicable", None, None, None)]
    assert year_of_offers([sent] * 11 + [unknown]) == [(march, "missing", None, None, None)]
    for short in ([sent] * 11 + [none], [sent] * 11 + [unknown]):
        assert year_of_offers(short, ((2, 450),) * 11) == [], "of the last month nothing is known"
        assert year_of_offers(short, unit="Z01-B") == [], "that is another ward"
    assert year_of_offers([sent] * 12, ()) == [(march, "value", 12, 24, 0.5)]


def test_a_total_that_gives_a_hidden_ward_away_is_hidden():
    parts = [ward("SS-I3", 6, 450), ward("SS-I3", 2, 450, unit="Z01-B")]
    whole = ("trust", "Z01", "SS-I3", MONTHS[0], 8, 900)
    masked = seen(*parts, whole)
    assert masked["suppression_reason"].to_list() == [None, HIDDEN, HIDDEN]


def test_a_total_that_leaves_everything_open_is_shown():
    parts = [ward("SS-I3", 12, 450), ward("SS-I3", 2, 450, unit="Z01-B")]
    more = ward("SS-I3", 8, 450, unit="Z01-C")
    whole = ("trust", "Z01", "SS-I3", MONTHS[0], 22, 1350)
    masked = seen(*parts, more, whole)
    assert masked["state"].to_list() == ["value", "suppressed", "value", "value"]


@pytest.mark.parametrize(
    "whole",
    [
        ("trust", "Z01", "SS-I3", MONTHS[0], 80, 900),
        ("programme", "programme", "SS-I3", MONTHS[0], 80, 900),
        ward("SS-I1", 80, 900),
    ],
)
def test_a_total_without_its_parts_is_not_shown(whole):
    assert only(whole)["suppression_reason"] == HIDDEN


def test_a_year_without_its_months_is_not_shown():
    months = with_years(table(*(ward("SS-I3", 6, 450, month) for month in MONTHS)), MEASURES)
    whole = mask(months, MEASURES, POLICY, "public")
    alone = mask(months.filter(pl.col("months") == 12), MEASURES, POLICY, "public")
    assert whole.filter(pl.col("months") == 12)["state"].to_list() == ["value"]
    assert alone["suppression_reason"].to_list() == [HIDDEN]


def test_a_total_that_nobody_sent_says_so_and_is_not_called_suppressed():
    whole = table(("trust", "Z01", "SS-I3", MONTHS[0], None, None))
    masked = mask(whole.with_columns(state=pl.lit("missing")), MEASURES, POLICY, "public")
    assert masked.select("state", "suppression_reason", "value_shown").row(0) == (
        "missing",
        None,
        "not returned",
    )
    assert suppressed_keys(masked).is_empty(), "or it would stay hidden once it is sent"


def test_a_total_that_is_not_the_sum_of_its_parts_is_not_shown():
    whole = ("trust", "Z01", "SS-I3", MONTHS[0], 80, 900)
    masked = seen(ward("SS-I3", 30, 450), whole)
    assert masked["suppression_reason"].to_list() == [None, HIDDEN]


def test_a_total_over_categories_is_checked_too():
    kinds = [ward("SS-I2", 6, 450), ward("SS-I3", 2, 450), ward("SS-I4", 7, 450)]
    masked = seen(*kinds, ward("SS-I1", 15, 450))
    assert masked["state"].to_list() == ["value", "suppressed", "value", "value"]
    tight = [ward("SS-I2", 6, 450), ward("SS-I3", 1, 450), ward("SS-I4", 5, 450)]
    assert seen(*tight, ward("SS-I1", 7 + 5, 450))["suppression_reason"].to_list()[1] == HIDDEN


def test_the_measures_that_are_totals_are_found_in_their_own_files():
    assert totals_over_measures(MEASURES)["SS-I1"] == ("SS-I2", "SS-I3", "SS-I4")


def test_a_total_over_measures_needs_every_part_and_may_have_two():
    parts = {m.id: m for m in MEASURES if m.id in ("SS-I1", "SS-I2", "SS-I3", "SS-I4")}
    assert totals_over_measures(m for m in parts.values() if m.id != "SS-I4") == {}
    two = parts["SS-I1"].model_copy(update={"numerator": parts["SS-I1"].numerator[:2]})
    assert totals_over_measures([two, parts["SS-I2"], parts["SS-I3"]]) == {
        "SS-I1": ("SS-I2", "SS-I3")
    }


def test_that_everybody_said_yes_is_hidden_where_it_would_be_known_of_very_few():
    """A year of no incidents tells that each month had none, and may; this is not such a total."""
    wards = [ward("SS-O1", 22, 22), ward("SS-O1", 8, 8, unit="Z01-B")]
    masked = seen(*wards, ("trust", "Z01", "SS-O1", MONTHS[0], 30, 30))
    assert masked["suppression_reason"].to_list() == [None, HIDDEN, HIDDEN]


@pytest.mark.parametrize(
    ("trusts", "reason"),
    [
        ("", FEW_UNITS),
        ("1 2 3 4", FEW_UNITS),
        ("1 2 3 4 5", None),
        ("1 1 2 3 4", None),
        ("1 1 1 2 3", FEW_OUTSIDE),
        ("1 1 1 2 3 4", None),
        ("1 1 1 1 1 1", FEW_OUTSIDE),
    ],
)
def test_a_group_needs_five_units_and_three_outside_any_one_trust(trusts, reason):
    group = pl.DataFrame({"trust_code": trusts.split()}, schema={"trust_code": pl.String})
    assert group.select(too_narrow(POLICY)).item() == reason
    others = pl.DataFrame({"trust_code": list("6789")})
    both = pl.concat([group.with_columns(member=True), others.with_columns(member=False)])
    assert both.select(too_narrow(POLICY, pl.col("member"))).item() == reason


def test_what_was_suppressed_stays_suppressed():
    first = seen(ward("SS-I3", 4, 450))
    row = only(ward("SS-I3", 9, 450), previously=suppressed_keys(first))
    assert (row["state"], row["suppression_reason"]) == ("suppressed", HIDDEN)
    another_month = only(ward("SS-I3", 9, 450, MONTHS[1]), previously=suppressed_keys(first))
    assert another_month["state"] == "value"


def test_remembering_what_was_suppressed_hides_no_less_of_the_rest():
    first = seen(ward("SS-I3", 4, 450))
    rows = [ward("SS-I3", 3, 450), ward("SS-I3", 3, 450, unit="Z01-B")]
    again = seen(*rows, previously=suppressed_keys(first))
    assert again["suppression_reason"].to_list() == [HIDDEN, HIDDEN]
    closed = table(ward("SS-P7", None, None)).with_columns(state=pl.lit("not_applicable"))
    masked = mask(closed, MEASURES, POLICY, "public", suppressed_keys(first))
    assert masked["state"].to_list() == ["suppressed"]


def test_a_total_that_was_suppressed_tells_nothing_and_a_ward_no_less_than_before():
    """What was hidden of a total may have been anything; of a ward, what its figure would say."""
    whole = ("trust", "Z01", "SS-I3", MONTHS[0], 8, 900)
    key = {"level": "trust", "unit_id": "Z01", "measure": "SS-I3", "month": MONTHS[0], "months": 1}
    keys = pl.DataFrame(key).with_columns(pl.col("months").cast(pl.Int64))
    parts = [ward("SS-I3", 6, 450), ward("SS-I3", 2, 450, unit="Z01-B")]
    again = seen(*parts, whole, previously=keys)
    assert again["suppression_reason"].to_list() == [None, HIDDEN, HIDDEN]
    keys = keys.with_columns(level=pl.lit("ward"), unit_id=pl.lit("Z01-A"))
    parts = [ward("SS-I3", 9, 450), ward("SS-I3", 4, 450, unit="Z01-B")]
    again = seen(*parts, (*whole[:4], 13, 900), previously=keys)
    assert again["suppression_reason"].to_list() == [HIDDEN, HIDDEN, HIDDEN]


def of_two_wards(harassment, assault, other):
    """Incidents of each kind in either ward, with all of them and the totals of the trust."""
    kinds = {"SS-I2": harassment, "SS-I3": assault, "SS-I4": other}
    each = kinds | {"SS-I1": tuple(map(sum, zip(*kinds.values(), strict=True)))}
    return [
        (level, unit, measure, MONTHS[0], counts, days)
        for measure, (a, b) in each.items()
        for level, unit, counts, days in (
            ("ward", "Z01-A", a, 450),
            ("ward", "Z01-B", b, 450),
            ("trust", "Z01", a + b, 900),
        )
    ]


def test_what_was_hidden_before_tells_less_of_that_total_and_as_much_of_every_other():
    """Shown as 35, 40 and 70, 33 and 38 incidents leave one ward at most 34: few of a kind."""
    telling = of_two_wards((19, 21), (0, 2), (14, 15))
    telling_nothing = of_two_wards((18, 11), (2, 1), (10, 13))
    small = [("ward", "Z01-A", "SS-I3"), ("ward", "Z01-B", "SS-I3"), ("trust", "Z01", "SS-I3")]
    every_kind = {"level": "trust", "unit_id": "Z01", "measure": "SS-I1"}
    this = pl.DataFrame({**every_kind, "month": MONTHS[0], "months": 1})
    elsewhere = this.with_columns(month=pl.lit(MONTHS[1]))

    def hidden(rows, previously):
        masked = seen(*rows, previously=previously).filter(pl.col("state") == "suppressed")
        return masked.select("level", "unit_id", "measure").rows()

    for previously in (None, elsewhere, this):
        assert hidden(telling, previously) == [*small, ("trust", "Z01", "SS-I1")]
    for previously in (None, elsewhere):
        assert hidden(telling_nothing, previously) == small


@pytest.mark.parametrize(
    ("smallest", "few", "reason"), [(5, 4, HIDDEN), (5, 5, None), (8, 7, HIDDEN), (8, 8, None)]
)
def test_a_programme_total_is_hidden_if_one_trust_could_subtract_itself(smallest, few, reason):
    """That a few did not answer is no secret by itself, but may not be worked out either."""
    answered = {"Z01": (30, 70), "Z02": (40 - few, 40)}
    rows = [
        (level, code + end, "SS-P10", MONTHS[0], *of)
        for level, end in (("ward", "-A"), ("trust", ""))
        for code, of in answered.items()
    ]
    frame = table(*rows, ("programme", "programme", "SS-P10", MONTHS[0], 70 - few, 110))
    frame = frame.with_columns(trust_code=pl.col("unit_id").str.head(3))
    masked = mask(frame, MEASURES, DisclosurePolicy(smallest_count=smallest), "public")
    assert masked["suppression_reason"].to_list() == [None] * 4 + [reason]


def test_restricted_measures_and_days_since_are_not_given_at_all():
    rows = [ward("SS-I8", 6, None), ward("SS-I7", 61, None), ward("SS-I3", 6, 450)]
    assert seen(*rows)["measure"].to_list() == ["SS-I3"]
    assert seen(*rows, audience="peer")["measure"].to_list() == ["SS-I3"]
    assert seen(*rows, audience="programme").height == 3


def test_those_affected_do_not_say_together_what_each_hides():
    """28 incidents, 22 on patients: at least 6 are on staff or visitors, so neither is 0 or 1.

    Visitors are never given out; as 28 to 32 incidents, 18 to 22 on patients and up to 4 on staff
    still say that there were 2, patients are hidden then.
    """
    counts = {"SS-I1": 28, "SS-I5": 22, "SS-I6": 4, "SS-I9": 4}
    kinds = {"SS-I2": 10, "SS-I3": 10, "SS-I4": 8}
    masked = seen(*(ward(measure, count, 450) for measure, count in (counts | kinds).items()))
    shown = dict(masked.select("measure", "numerator_shown").iter_rows())
    assert [shown[measure] for measure in counts] == ["30", "[c]", "[c]", "[c]"]
    others = counts | kinds | {"SS-I5": 24}
    masked = seen(*(ward(measure, count, 450) for measure, count in others.items()))
    shown = dict(masked.select("measure", "numerator_shown").iter_rows())
    assert [shown[measure] for measure in counts] == ["30", "25", "[c]", "[c]"]
    quiet = seen(*(ward(m, count, 450) for m, count in (counts | kinds | {"SS-I9": 9}).items()))
    assert dict(quiet.select("measure", "state").iter_rows())["SS-I9"] == "suppressed", "always"


def test_those_affected_do_not_say_how_many_incidents_there_were_at_least():
    """8 patients affected, shown as 10, are at least 8 incidents: with 7 of one kind, 1 more."""

    def shown(**most):
        """What is shown of the second month, of a year in which every third month has the most."""
        rows = [
            ward(f"SS-{measure}", high if i in (1, 4, 7, 10) else low, 450, month)
            for measure, (low, high) in most.items()
            for i, month in enumerate(MONTHS)
        ]
        masked = mask(with_years(table(*rows), MEASURES), MEASURES, POLICY, "public")
        masked = masked.filter(pl.col("month") == MONTHS[1])
        return dict(masked.select("measure", "numerator_shown").iter_rows())

    few = shown(I1=(7, 8), I2=(7, 7), I3=(0, 1), I4=(0, 0), I5=(7, 8))
    assert [few[f"SS-{measure}"] for measure in ("I1", "I2", "I5")] == ["[c]", "5", "[c]"]
    many = shown(I1=(28, 28), I2=(10, 10), I3=(8, 8), I4=(10, 10), I5=(22, 22))
    assert [many[f"SS-{measure}"] for measure in ("I1", "I2", "I5")] == ["30", "10", "20"]


@pytest.mark.parametrize("audience", ["own", "programme"])
def test_own_and_programme_see_exact_figures(audience):
    row = only(ward("SS-I3", 2, 453), audience=audience)
    assert (row["state"], row["numerator"], row["denominator"]) == ("value", 2, 453)
    assert (row["numerator_shown"], row["denominator_shown"]) == ("2", "453")
    assert row["value_shown"] == "4.4", "a rate has one decimal place"


def test_a_count_without_a_denominator_says_none_and_nothing_is_blank():
    row = only(ward("SS-I8", 6, None), audience="own")
    assert (row["numerator_shown"], row["denominator_shown"]) == ("6", "none")
    counted = table(ward("SS-I8", 6, None)).with_columns(value=pl.col("numerator"))
    own = mask(counted, MEASURES, POLICY, "own").row(0, named=True)
    assert (own["value"], own["value_shown"], own["suppression_reason"]) == (6, "6", None)


def test_a_shared_count_without_a_denominator_is_rounded_by_itself():
    monthly = {"restricted": False, "rolling_months": 1}
    shared = [m.model_copy(update=monthly) for m in MEASURES if m.id == "SS-I8"]
    counted = table(ward("SS-I8", 13, None)).with_columns(value=pl.col("numerator"))
    row = mask(counted, shared, POLICY, "public").row(0, named=True)
    assert (row["value"], row["value_shown"], row["denominator_shown"]) == (15, "15", "none")


def test_figures_of_overlapping_months_are_not_given_out():
    """Two of them that each add up twelve months differ by two single months."""
    rolling = [m.model_copy(update={"restricted": False}) for m in MEASURES if m.id == "SS-I8"]
    assert mask(table(ward("SS-I8", 13, None)), rolling, POLICY, "public").is_empty()


def test_a_table_without_a_column_for_months_is_of_single_months():
    assert seen(ward("SS-I3", 9, 450)).schema["months"] == pl.Int64
    assert only(ward("SS-I3", 9, 450))["months"] == 1


def test_a_figure_that_is_too_small_by_itself_is_named_and_its_totals_are_not():
    parts = [ward("SS-I3", 6, 450), ward("SS-I3", 2, 450, unit="Z01-B")]
    whole = ("trust", "Z01", "SS-I3", MONTHS[0], 8, 900)
    percentages = [ward("SS-O1", 18, 20), ward("SS-O1", 15, 20, unit="Z01-B")]
    frame = with_years(table(*parts, whole, *percentages), MEASURES)
    assert hidden_by_itself(frame, MEASURES, POLICY).rows() == [
        ("ward", "Z01-B", "SS-I3", MONTHS[0], 1),
        ("ward", "Z01-A", "SS-O1", MONTHS[0], 1),
    ]


def test_a_figure_whose_measure_is_not_described_is_shown_as_it_is():
    row = mask(table(ward("SS-I3", 2, 4)), [], POLICY, "own").row(0, named=True)
    assert row["value_shown"] == "0.5"


def test_no_exact_view_gives_a_percentage_of_four_people():
    row = only(ward("SS-O1", 3, 4), audience="own")
    assert (row["numerator"], row["denominator"], row["value"]) == (3, 4, None)
    assert row["value_shown"] == "[low]"
    assert only(ward("SS-O1", 3, 4), audience="programme")["value"] is None
    assert only(ward("SS-P9", 3, 4), audience="own")["value"] == 0.75, "meetings are not people"
    assert only(ward("SS-O1", 4, 5), audience="own")["value"] == 0.8


@pytest.mark.parametrize("audience", ["own", "programme", "peer", "public"])
@pytest.mark.parametrize("state", ["missing", "closed", "paused", "not_applicable"])
def test_what_has_no_value_says_so_and_nothing_is_blank(audience, state):
    frame = table(ward("SS-P7", None, None)).with_columns(state=pl.lit(state))
    row = mask(frame, MEASURES, POLICY, audience).row(0, named=True)
    assert row["value_shown"] == row["numerator_shown"]
    assert row["value_shown"]
    if state == "not_applicable" and audience in ("peer", "public"):
        assert row["state"] == "suppressed"  # it would say that there were no incidents
    else:
        assert row["state"] == state


def test_a_nil_return_looks_like_any_other_small_number():
    frame = table(ward("SS-I3", 0, 450)).with_columns(state=pl.lit("nil"))
    nil = mask(frame, MEASURES, POLICY, "public")
    assert nil.equals(seen(ward("SS-I3", 3, 450)))


def test_rows_keep_their_order_and_their_other_columns():
    frame = table(*[ward("SS-I3", n, 450, unit=f"Z01-{n}") for n in (9, 1, 7)])
    masked = mask(frame.with_columns(extra=pl.Series([3, 1, 2])), MEASURES, POLICY, "public")
    assert masked["extra"].to_list() == [3, 1, 2]
    assert masked["unit_id"].to_list() == ["Z01-9", "Z01-1", "Z01-7"]


def test_an_empty_table_stays_empty():
    assert mask(table(ward("SS-I3", 9, 450)).clear(), MEASURES, POLICY, "public").is_empty()


def test_coarse_cannot_tell_one_from_four():
    counts = pl.DataFrame({"n": [0.0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 13]})
    assert counts.select(coarse(pl.col("n"), POLICY)).to_series().to_list() == [
        0, 2.5, 2.5, 2.5, 2.5, 5, 5, 5, 10, 10, 15,
    ]  # fmt: skip


def test_another_policy_is_obeyed():
    stricter = DisclosurePolicy(smallest_count=8, smallest_respondents=20, round_to=10)
    for n, state in ((7, "suppressed"), (8, "value")):
        masked = mask(table(ward("SS-I3", n, 450)), MEASURES, stricter, "public")
        assert masked["state"].to_list() == [state]
    masked = mask(table(ward("SS-O1", 10, 19)), MEASURES, stricter, "public")
    assert masked["suppression_reason"].to_list() == [HIDDEN]


def test_a_total_is_shown_if_it_only_says_that_no_hidden_figure_is_0():
    """Two wards with 2 and 3 who don't feel safe: hidden, neither is 0, as 0 would be shown."""
    wards = [ward("SS-O1", 12, 14, unit="Z01-A"), ward("SS-O1", 12, 15, unit="Z01-B")]
    total = ("trust", "Z01", "SS-O1", MONTHS[0], 24, 29)
    shown = seen(*wards, total)
    assert shown["state"].to_list() == ["suppressed", "suppressed", "value"]


def test_each_hidden_figure_has_the_rule_that_hides_it():
    wards = [ward("SS-I3", 3, 450, unit="Z01-A"), ward("SS-I3", 5, 450, unit="Z01-B")]
    frame = table(*wards, ("trust", "Z01", "SS-I3", MONTHS[0], 8, 900))
    frame = frame.with_columns(months=pl.lit(1, pl.Int64))
    why = why_hidden(frame, MEASURES, POLICY)
    assert why["why"].to_list() == [SMALL, SUBTRACTION]
    hidden = suppressed_keys(mask(frame, MEASURES, POLICY, "public"))
    assert why.select(KEY).equals(hidden.select(KEY), null_equal=True)
