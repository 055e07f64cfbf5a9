"""Turning observations into the points and signals of a release."""

from datetime import date

import polars as pl
import pytest

from pipelines.measures import load
from pipelines.releasing.points import points_and_signals
from schemas.programme import DisclosurePolicy, Pause, Programme
from schemas.release import Observations, Points, Signals
from schemas.typed import empty, typed

MEASURES = load()
PROGRAMME = Programme(name="A programme", fictional=True, first_month="2022-01")


def months(n):
    return [date(2022 + i // 12, i % 12 + 1, 1) for i in range(n)]


def observed(measure, pairs, unit_id="Z01-ALDER1", states=None):
    """Observations of one ward: numerator and denominator for each month; None is missing."""
    rows = []
    for i, (month, pair) in enumerate(zip(months(len(pairs)), pairs, strict=True)):
        n, d = pair if pair else (None, None)
        value = n if n is None or d is None else n / d
        state = (states or {}).get(i, "missing" if pair is None else "value")
        rows.append(("ward", unit_id, "Z01", measure, month, n, d, value, state))
    columns = ["level", "unit_id", "trust_code", "measure", "month"]
    columns += ["numerator", "denominator", "value", "state"]
    frame = pl.DataFrame(
        rows,
        schema={
            name: dtype for name, dtype in empty(Observations).schema.items() if name in columns
        },
        orient="row",
    )
    return typed(
        frame.with_columns(wards=1, wards_expected=1, provisional=False, queried=False),
        Observations,
    )


def charted(observations, rebases=None, pauses=None):
    return points_and_signals(observations, MEASURES, rebases, pauses, PROGRAMME)


STEADY = [(10.0 + i % 3, 14.0 + i % 2) for i in range(24)]
UP = STEADY[:16] + [(15.0, 15.0)] * 8


def test_every_kind_of_measure_satisfies_the_contract():
    parts = []
    for measure in MEASURES:
        pairs = [(float(1 + i % 4), 20.0 + i % 3 if measure.is_ratio else None) for i in range(30)]
        pairs[7] = None
        parts.append(observed(measure.id, pairs))
    points, signals = charted(pl.concat(parts))
    Points.validate(points)
    Signals.validate(signals)
    assert set(signals["measure"]) == {m.id for m in MEASURES}
    assert signals.select("level", "unit_id", "measure").is_unique().all()
    assert points.select("level", "unit_id", "measure", "month").is_unique().all()


def test_nothing_observed_gives_empty_tables_of_the_contract():
    for table, model in zip(charted(empty(Observations)), (Points, Signals), strict=True):
        assert table.is_empty()
        model.validate(table)


def test_an_improving_ward_reads_as_improvement():
    points, signals = charted(observed("SS-O1", UP))
    assert signals["variation"].to_list() == ["improvement_high"]
    assert points["kind"].to_list()[-1] == "improvement"
    assert signals["latest"].to_list() == [date(2023, 12, 1)]
    assert "Patients who feel safe" in signals["sentence"][0]


def test_limits_are_clipped_to_what_is_possible_and_rules_are_not():
    points, signals = charted(observed("SS-O1", UP))
    assert points["upper"].max() == 1.0
    assert signals["upper"].to_list() == [1.0]


def test_states_are_carried_through_and_absent_months_are_missing():
    rows = observed("SS-O1", STEADY, states={5: "closed", 6: "not_applicable", 8: "nil"})
    rows = rows.filter(pl.col("month") != date(2022, 11, 1))
    points, _ = charted(rows)
    assert points["state"].to_list()[5:11] == [
        "closed", "not_applicable", "value", "nil", "value", "missing",
    ]  # fmt: skip
    assert points["value"].is_null().to_list()[5:11] == [True, True, False, False, False, True]
    assert len(points) == 24


def test_a_rebase_starts_a_phase_of_one_ward_and_measure_or_of_all():
    both = pl.concat([observed("SS-O1", UP), observed("SS-O2", UP)])
    for measure, phases in (("SS-O1", [2, 1]), (None, [2, 2])):
        rebases = pl.DataFrame(
            {
                "level": ["ward"],
                "unit_id": ["Z01-ALDER1"],
                "measure": pl.Series([measure], dtype=pl.String),
                "month": [date(2023, 5, 1)],
            }
        )
        _, signals = charted(both, rebases)
        assert signals["phase"].to_list() == phases
    other = rebases.with_columns(unit_id=pl.lit("Z01-BIRCH"))
    assert charted(both, other)[1]["phase"].to_list() == [1, 1]


def test_an_excluded_month_is_drawn_but_not_used_and_a_baseline_fixes_limits():
    rebases = pl.DataFrame(
        {
            "level": ["ward"] * 2,
            "unit_id": ["Z01-ALDER1"] * 2,
            "measure": ["SS-O1"] * 2,
            "month": [date(2022, 4, 1), date(2022, 1, 1)],
            "exclude": [True, False],
            "baseline": [None, 12],
        }
    )
    points, _ = charted(observed("SS-O1", STEADY), rebases)
    assert points["used_in_limits"].arg_true().to_list() == [0, 1, 2, *range(4, 12)]
    assert points["kind"].is_not_null().all()


def test_a_pause_breaks_runs_and_isolated_gaps_do_not():
    low, high = [(9.0, 15.0)] * 10, [(12.0, 15.0)] * 10
    gap = observed("SS-O1", [*low, *high[:4], None, *high[4:8]])
    assert charted(gap)[0]["rule_shift"][-1]
    pause = (Pause(first="2023-03", last="2023-03", reason="stood still"),)
    points, _ = charted(gap, pauses=pause)
    assert points["state"][14] == "paused"
    assert not points["rule_shift"][-1]
    assert points["rule_shift"][0]


LOWER = [(10.0 - i % 2, 15.0) for i in range(14)]
HIGHER = [(13.0 + i % 2, 15.0) for i in range(14)]


def test_a_lasting_change_of_level_is_proposed_in_words_and_not_applied():
    points, signals = charted(observed("SS-O1", LOWER + HIGHER))
    assert signals["hint_month"].to_list() == [date(2023, 3, 1)]
    assert signals["hint_sentence"].to_list() == [
        "Since March 2023 the points have settled at about 90%, after about 63% before. If you "
        "know of a change then, you may start new limits there, with a reason."
    ]
    assert set(points["phase"]) == {1}


def test_nothing_is_proposed_where_nothing_lasts_nor_where_new_limits_began():
    _, steady = charted(observed("SS-O1", STEADY))
    rebase = pl.DataFrame(
        {
            "level": ["ward"],
            "unit_id": ["Z01-ALDER1"],
            "measure": ["SS-O1"],
            "month": [date(2023, 3, 1)],
        }
    )
    _, begun = charted(observed("SS-O1", LOWER + HIGHER), rebase)
    _, staged = charted(observed("SS-P1", [(0.0, 1.0)] * 14 + [(1.0, 1.0)] * 14))
    for signals in (steady, begun, staged):
        assert signals["hint_month"].is_null().all()
        assert signals["hint_sentence"].is_null().all()


def test_the_proposal_heeds_a_pause_and_excluded_months():
    rows = observed("SS-O1", [*LOWER, *HIGHER[:4], None, *HIGHER])
    assert charted(rows)[1]["hint_month"].to_list() == [date(2023, 3, 1)]
    pause = (Pause(first="2023-07", last="2023-07", reason="stood still"),)
    assert charted(rows, pauses=pause)[1]["hint_month"].to_list() == [date(2023, 8, 1)]
    dip = observed("SS-O1", [*LOWER, *HIGHER[:4], (2.0, 15.0), *HIGHER[4:]])
    excluded = pl.DataFrame(
        {
            "level": ["ward"],
            "unit_id": ["Z01-ALDER1"],
            "measure": ["SS-O1"],
            "month": [date(2023, 7, 1)],
            "exclude": [True],
        }
    )
    assert charted(dip)[1]["hint_month"].to_list() == [None]
    assert charted(dip, excluded)[1]["hint_month"].to_list() == [date(2023, 3, 1)]


def test_rare_incidents_are_shown_by_quarter_at_their_true_dates():
    quarterly = [(float(1 + i % 3), 480.0) for i in range(38)]
    points, signals = charted(observed("SS-I3", quarterly))
    assert signals.select("chart", "months").row(0) == ("u", 3)
    assert points["month"].to_list()[:2] == [date(2022, 1, 1), date(2022, 4, 1)]
    assert points["numerator"].to_list()[:2] == [6.0, 6.0]
    assert len(points) == 12  # the quarter that is still running isn't shown
    rare = [(float(i % 5 == 0), 480.0) for i in range(26)]
    points, signals = charted(observed("SS-I3", rare))
    assert signals.select("chart", "months", "n").row(0) == ("points", 3, 8)
    assert points["month"].to_list() == months(24)[::3]
    assert points["numerator"].to_list()[:2] == [1.0, 1.0]
    assert signals["headline"][0] == "too few events to tell change from chance"
    assert "in October to December 2023" in signals["sentence"][0]


def test_no_two_points_of_a_drawn_chart_cover_the_same_month():
    parts = [
        observed(m.id, [(float(i % 7 == 0), 200.0 if m.is_ratio else None) for i in range(30)])
        for m in MEASURES
    ]
    points, _ = charted(pl.concat(parts))
    drawn = points.filter(pl.col("chart") != "table").sort("measure", "month")
    end = pl.col("month").dt.offset_by(pl.format("{}mo", "months"))
    overlaps = drawn.filter(end > pl.col("month").shift(-1).over("measure"))
    assert overlaps.is_empty()


def test_more_reports_are_not_called_better_or_worse():
    counts = [(float(n), 400.0) for n in [6, 7] * 8 + [14, 15] * 4]
    _, signals = charted(observed("SS-I1", counts))
    assert "; higher than usual from May 2023 to December 2023" in signals["headline"][0]
    words = f"{signals['headline'][0]} {signals['sentence'][0]}".lower()
    assert not [word for word in ("improve", "concern", "better", "worse") if word in words]
    assert "more reports can mean more trust in reporting" in words


FEW = {5: (4.0, 4.0), 20: (0.0, 3.0)}


def test_few_people_are_a_gap_that_no_limit_or_signal_takes_into_account():
    pairs = [FEW.get(i, pair) for i, pair in enumerate(UP)]
    points, signals = charted(observed("SS-O1", pairs))
    without, _ = charted(observed("SS-O1", [None if i in FEW else p for i, p in enumerate(UP)]))
    few = points.filter(pl.col("state") == "few")
    assert few["month"].to_list() == [months(24)[i] for i in FEW]
    assert few["value"].is_null().all()
    assert few["numerator"].to_list() == [4.0, 0.0]
    assert not few["used_in_limits"].any()
    lines = ["value", "centre", "lower", "upper", "cause", "kind"]
    assert points.select(lines).equals(without.select(lines))
    assert signals["n"].to_list() == [22]


def test_a_series_of_nothing_but_few_people_is_not_without_figures():
    _, signals = charted(observed("SS-O1", [(3.0, 4.0)] * 8))
    assert signals.select("n", "latest").row(0) == (0, None)
    assert signals["headline"][0] == "too few people each time for a percentage"
    assert "no figures" not in signals["sentence"][0]
    _, signals = charted(observed("SS-O1", [(3.0, 4.0)] * 8 + [(5.0, 6.0)] * 2))
    assert signals["headline"][0].startswith("2 months with enough people so far, too few")


def test_series_charted_some_at_a_time_are_as_charted_at_once(monkeypatch):
    parts = [observed(measure, UP) for measure in ("SS-O1", "SS-O3", "SS-B1", "SS-P7")]
    rows = pl.concat([*parts, observed("SS-O1", STEADY, "Z01-BIRCH2")]).sample(
        fraction=1, shuffle=True, seed=1
    )
    rebases = pl.DataFrame(
        {"level": "ward", "unit_id": "Z01-ALDER1", "measure": "SS-O1", "month": months(24)[16]}
    )
    at_once = charted(rows, rebases)
    monkeypatch.setattr("pipelines.releasing.points.TOGETHER", 30)
    for some, every in zip(charted(rows, rebases), at_once, strict=True):
        assert some.height >= 5
        assert some.equals(every)


def test_how_few_is_the_programmes_policy_and_only_for_people():
    pairs = [(5.0 + i % 2, 7.0) for i in range(24)]
    for least, state in ((7, "value"), (8, "few")):
        policy = DisclosurePolicy(smallest_own_respondents=least)
        programme = PROGRAMME.model_copy(update={"disclosure": policy})
        for measure, of_people in (("SS-O1", True), ("SS-P9", False)):
            rows = observed(measure, pairs)
            points, _ = points_and_signals(rows, MEASURES, None, None, programme)
            assert set(points["state"]) == {state if of_people else "value"}


def test_a_quarter_of_few_people_is_few_and_one_without_months_is_missing():
    known = [(1.0, 1.0)] * 3 + [(2.0, 2.0)] * 3 + [None] * 3
    points, _ = charted(observed("SS-P7", known))
    assert points["state"].to_list() == ["few", "value", "missing"]
    assert points["denominator"].to_list()[:2] == [3.0, 6.0]


def test_support_offered_is_charted_by_quarters_that_do_not_overlap():
    offered = [(float(1 + i % 2), 3.0) for i in range(24)]
    points, signals = charted(observed("SS-P7", offered))
    assert points["month"].to_list() == months(24)[::3]
    assert points.select("numerator", "denominator").row(0) == (4.0, 9.0)
    assert signals.select("chart", "months", "n").row(0) == ("run", 3, 8)
    assert "quarters do not overlap" in signals["reason"][0]
    assert "in October to December 2023" in signals["sentence"][0]


def test_support_offered_stays_monthly_where_months_have_enough():
    points, signals = charted(observed("SS-P7", [(30.0 + i % 5, 40.0) for i in range(24)]))
    assert signals.select("chart", "months", "n").row(0) == ("pp", 1, 24)
    assert len(points) == 24


@pytest.mark.parametrize("measure", ["SS-P7", "SS-I3"])
def test_a_quarter_in_which_a_ward_joined_rests_on_the_months_since(measure):
    """It is the same whether the ward brings a baseline or not; one before it joined is its own."""
    before, since = [(5.0, 6.0)] * 5, [(1.0, 6.0)] * 7
    if measure == "SS-I3":
        before, since = [(n, 480.0) for n, _ in before], [(n, 480.0) for n, _ in since]
    brought = observed(measure, [*before, *since], states=dict.fromkeys(range(5), "baseline"))
    absent = dict.fromkeys(range(5), "not_applicable")
    without = observed(measure, [*[None] * 5, *since], states=absent)
    columns = ["month", "months", "numerator", "denominator", "value", "state"]
    (mine, _), (others, _) = charted(brought), charted(without)
    assert set(mine["months"]) == {3}
    assert mine.select(columns)[1:].equals(others.select(columns)[1:])
    first = mine.row(0, named=True)
    assert (first["state"], first["numerator"]) == ("baseline", 15.0)
    assert mine["state"].to_list()[2:] == ["value", "value"]


def test_a_quarter_takes_two_months_and_months_without_incidents_count_as_returned():
    known, none = (4.0, 6.0), None
    pairs = [known, none, none, known, none, known, known, none, none, none, none, none, known]
    states = {1: "not_applicable", 2: "not_applicable", 7: "missing", 8: "missing"}
    states |= dict.fromkeys(range(9, 12), "not_applicable")
    points, _ = charted(observed("SS-P7", pairs, states=states))
    assert points["numerator"].to_list()[:2] == [4.0, 8.0]
    assert points["state"].to_list() == ["value", "value", "missing", "not_applicable"]
    assert points["value"].is_null().to_list() == [False, False, True, True]


def test_a_figure_over_several_months_is_provisional_if_any_of_them_is():
    rows = observed("SS-I3", [(2.0, 480.0)] * 36)
    rows = rows.with_columns(provisional=pl.col("month") == date(2022, 5, 1))
    points, _ = charted(rows)
    assert points["provisional"].arg_true().to_list() == [1]
    assert (points["state"] == "value").all()


def test_stages_and_tables_are_simple_points():
    counts = [(float(i % 2), None) for i in range(14)]
    points, signals = charted(
        pl.concat([observed("SS-P1", [(1.0, 1.0)] * 14), observed("SS-I8", counts)])
    )
    assert set(points["chart"]) == {"stage", "table"}
    for column in ("centre", "lower", "upper", "cause", "kind", "side"):
        assert points[column].is_null().all()
    assert signals["variation"].is_null().all()
    assert dict(signals.select("measure", "months").iter_rows()) == {"SS-P1": 1, "SS-I8": 12}


def test_few_points_are_points_then_a_run_chart_then_limits():
    for n, chart in ((5, "points"), (6, "run"), (11, "run"), (12, "xmr")):
        points, signals = charted(observed("SS-O1", STEADY[:n]))
        assert signals["chart"].to_list() == [chart]
        assert points["upper"].is_null().all() == (chart != "xmr")
        assert points["centre"].is_not_null().all()


def test_a_series_without_any_figure_still_has_its_signal():
    points, signals = charted(observed("SS-O1", [None] * 4))
    assert signals.select("n", "chart", "latest", "variation").row(0) == (0, "points", None, None)
    assert "no figures yet" in signals["sentence"][0]
    assert points["state"].to_list() == ["missing"] * 4


@pytest.mark.slow
def test_many_series_take_no_more_steps_than_a_few(monkeypatch):
    """Whole frames are charted: no step is taken for each series."""
    one = observed("SS-O1", [(10.0 + i % 3, 14.0 + i % 2) for i in range(36)])
    step, taken = pl.DataFrame.with_columns, []
    monkeypatch.setattr(
        pl.DataFrame, "with_columns", lambda *a, **k: taken.append(1) or step(*a, **k)
    )
    steps = []
    for wards in (2, 690):
        many = pl.concat([one.with_columns(unit_id=pl.lit(f"Z01-W{w}")) for w in range(wards)])
        taken.clear()
        points, _ = charted(many)
        assert len(points) == wards * 36
        steps.append(len(taken))
    assert steps[0] == steps[1]
