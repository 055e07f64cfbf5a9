"""`feeling-safe effect` from file to answer: what it says, and where it says that it can't."""

import json
import re

import numpy as np
import polars as pl
import pytest

from pipelines.effect.run import run
from pipelines.effect.tidy_file import read
from pipelines.reading.tidy_cells import Unusable
from pipelines.statistics.effect import estimate
from pipelines.statistics.effect.comparable import comparable
from pipelines.statistics.effect.fits import fits_to_before
from pipelines.statistics.effect.panel import NEVER
from tests.pipelines.effect.programmes import programme, saved

N = pl.col("numerator")
STARTED = (pl.col("period") >= pl.col("adopted")).fill_null(False)


def months_before() -> pl.Expr:
    """How many months are left until the start; null if there is none."""
    dates = (pl.col(name).str.to_date() for name in ("adopted", "period"))
    start, month = (day.dt.year() * 12 + day.dt.month() for day in dates)
    return start - month


def moved_apart(frame: pl.DataFrame, by: float) -> pl.DataFrame:
    """The same with so many more a month, each month more, on units that started early."""
    month = pl.col("period").str.to_date()
    place = month.dt.year() * 12 + month.dt.month()
    early = pl.col("adopted") <= "2024-09-01"
    rising = pl.when(early).then(((place - 2024 * 12) * by).round()).otherwise(0)
    return frame.with_columns(numerator=(N + rising).clip(0, 20).cast(pl.Int64))


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return run(saved(programme(0.15), tmp_path_factory.mktemp("effect")))


def refused(frame, folder, kind="proportion"):
    answer = run(saved(frame, folder), kind)
    assert not answer.answered
    assert answer.lines == ()
    assert answer.by_period.is_empty()
    assert answer.content["sentences"] == list(answer.sentences)
    sentence, *left_out = answer.sentences
    assert all(one.startswith("Left out: ") for one in left_out)
    return answer.content["reason"], sentence


def test_those_that_never_started_are_counted_as_units_not_as_clusters(found):
    compared = found.content["compared"]
    assert (compared["clusters"], compared["units_never_started"]) == (24, 8)
    assert any("of 48 units in 24 clusters; 8 units never started." in s for s in found.sentences)


def test_a_real_difference_is_found_with_its_interval(found):
    effect = found.content["effect"]
    assert effect["lower"] < 15 < effect["upper"]
    assert effect["lower"] > 0
    assert effect["upper"] - effect["lower"] < 12
    assert found.content["scale"] == "percentage points"


def test_the_headline_says_what_the_numbers_say(found):
    effect = found.content["effect"]
    assert found.sentences[0] == (
        f"Once units had started, their figures were {effect['value']:.1f} percentage points "
        "higher than the figures of units yet to start lead us to expect (95% interval: "
        f"{effect['lower']:.1f} to {effect['upper']:.1f} percentage points higher)."
    )


def test_what_was_compared_is_counted(found):
    frame = programme(0.15)
    compared = found.content["compared"]
    assert compared["units"] == frame["unit"].n_unique() == 48
    assert compared["units_never_started"] == 8
    assert compared["clusters"] == 24
    assert compared["figures_before"] == frame.filter(~STARTED).height
    assert compared["figures_after"] == frame.filter(STARTED).height
    share = frame.filter(STARTED)["numerator"].sum() / frame.filter(STARTED)["denominator"].sum()
    assert compared["figure_after"] == pytest.approx(share)
    assert f"{share:.1%} on average" in found.sentences[1]


def test_every_cluster_is_left_out_once(found):
    without = found.content["checks"]["without_cluster"]
    assert sorted(without) == [f"Z{n:02d}" for n in range(1, 25)]
    furthest = max(without, key=lambda name: abs(without[name] - found.content["effect"]["value"]))
    sentence = next(one for one in found.sentences if "left out:" in one)
    assert f"{furthest} matters most" in sentence


def test_leaving_a_cluster_out_is_what_a_file_without_it_says(found, tmp_path):
    frame = programme(0.15).filter(pl.col("cluster") != "Z03")
    told = found.content["checks"]["without_cluster"]["Z03"]
    assert run(saved(frame, tmp_path)).content["effect"]["value"] == pytest.approx(told, abs=0.2)


def test_the_checks_are_there_and_quiet_where_nothing_else_happened(found):
    checks = found.content["checks"]
    for name in ("trend_before", "placebo"):
        assert checks[name]["lower"] < 0 < checks[name]["upper"]
    assert checks["trend_detectable"] > 0
    months = found.by_period["since"].to_list()
    assert 0 < checks["hidden_trend"] < found.content["effect"]["lower"]
    assert months[:3] == [0, 1, 2]
    steps = checks["hidden_steps"]
    assert steps["periods"] == 3
    assert steps["steps"] > 1
    assert steps["breakdown"] > 0.1
    assert (
        f"moved by at most {steps['largest_before']:.1f} percentage points against units yet to "
        "start, ups and downs of chance included. Hidden movements after it, each time the same "
        f"way, would have to be more than {steps['breakdown']:.1f} times as large to explain the "
        "answer."
    ) in " ".join(found.sentences)
    assert "no clear difference, as it should be" in " ".join(found.sentences)


def test_no_difference_says_what_would_have_been_found(tmp_path):
    answer = run(saved(programme(0.0, seed=3), tmp_path))
    effect = answer.content["effect"]
    assert effect["lower"] < 0 < effect["upper"]
    detectable = answer.content["checks"]["detectable"]
    assert answer.sentences[0].startswith("No clear difference: once units had started, ")
    assert answer.sentences[0].endswith(
        f"A difference of {detectable:.1f} percentage points would have been found about 8 times "
        "in 10."
    )
    assert answer.content["checks"]["hidden_trend"] is None
    assert answer.content["checks"]["hidden_steps"] is None


@pytest.mark.parametrize("effect", [0.15, -0.15, 0.0])
@pytest.mark.parametrize("kind", ["proportion", "rate"])
def test_no_sentence_says_that_anything_was_caused(tmp_path, effect, kind):
    answer = run(saved(programme(effect), tmp_path), kind)
    text = " ".join((*answer.sentences, *answer.lines))
    assert not re.search(r"\b(caus|because of|due to|effect|impact|led to|result)", text)
    assert "can't be told apart from this" in text


def test_a_rate_is_a_ratio(tmp_path):
    frame = programme(0.15).with_columns(denominator=pl.lit(218))
    answer = run(saved(frame, tmp_path), "rate")
    effect = answer.content["effect"]
    assert effect["lower"] < 0.75 / 0.6 < effect["upper"]
    assert answer.content["scale"] == "rate ratio"
    assert answer.sentences[0].endswith(
        f"The rate ratio is {effect['value']:.2f} ({effect['lower']:.2f} to {effect['upper']:.2f})."
    )


def test_units_and_figures_without_a_comparison_are_left_out_and_counted(tmp_path):
    frame = programme(0.15, trusts=30)
    early = frame.filter(pl.col("unit").str.starts_with("Z01")).with_columns(
        adopted=pl.lit("2023-06-01")
    )
    rest = frame.filter(~pl.col("unit").str.starts_with("Z01"), pl.col("adopted").is_not_null())
    answer = run(saved(pl.concat([early, rest]), tmp_path))
    compared = answer.content["compared"]
    assert compared["units_left_out"] == 2
    assert compared["figures_left_out"] > 0
    assert (
        "Left out: 2 units without a figure from before the start (Z01-A and Z01-B), 1 cluster of "
        f"which no unit is left (Z01) and {compared['figures_left_out']} figures from when fewer "
        "than 3 clusters were still to start." in answer.sentences
    )


def test_units_that_moved_apart_are_allowed_a_trend_and_it_says_so(tmp_path):
    answer = run(saved(moved_apart(programme(0.0), by=0.35), tmp_path))
    assert answer.content["checks"]["trend_allowed"]
    assert "each is allowed a straight trend of its own" in " ".join(answer.sentences)
    assert answer.content["effect"]["lower"] < 0 < answer.content["effect"]["upper"]
    assert answer.content["checks"]["hidden_bend"] is None


def test_units_that_may_have_moved_apart_a_little_are_allowed_a_trend_by_degrees(tmp_path):
    answer = run(saved(moved_apart(programme(0.1), by=0.08), tmp_path))
    checks = answer.content["checks"]
    assert checks["trend_allowed"]
    assert 0 < checks["trend_share"] < 1
    said = " ".join(answer.sentences)
    assert (
        f"may have moved apart, so the answer goes {checks['trend_share']:.0%} of the way "
        "towards one that allows each a straight trend of its own"
    ) in said
    assert 0.5 <= checks["trend_share"] < 0.9
    assert checks["hidden_steps"] is None
    assert (
        "A straight drift of units that started is allowed for in part. One of "
        f"{checks['hidden_trend']:.1f} percentage points each month, or a curved one up to "
        f"{18 * checks['hidden_bend']:.1f} percentage points off the straight line in the middle "
        "of twelve months, could take the interval to no difference."
    ) in said


def test_a_clear_answer_that_allows_a_trend_says_how_far_it_may_bend(tmp_path):
    place = (
        pl.col("period").str.to_date().dt.year() * 12 + pl.col("period").str.to_date().dt.month()
    )
    early = pl.col("adopted") <= "2024-09-01"
    rising = pl.when(early).then(((place - 2024 * 12) * 0.35).round()).otherwise(0)
    gain = pl.when(STARTED).then(-6).otherwise(0)
    frame = programme(0.0).with_columns(numerator=(N + rising + gain).clip(0, 20).cast(pl.Int64))
    answer = run(saved(frame, tmp_path))
    checks, effect = answer.content["checks"], answer.content["effect"]
    assert checks["trend_allowed"]
    assert effect["upper"] < 0
    assert checks["hidden_trend"] is None  # a straight one is allowed for
    assert checks["hidden_steps"] is None
    curve = 18 * checks["hidden_bend"]
    assert curve > 0
    assert (
        "A straight drift of units that started is allowed for. A curved one, up to "
        f"{curve:.1f} percentage points off the straight line in the middle of twelve months, "
        "could take the interval to no difference."
    ) in " ".join(answer.sentences)


def test_nothing_started(tmp_path):
    frame = programme().with_columns(adopted=pl.lit(None, pl.String))
    reason, said = refused(frame, tmp_path)
    assert reason == "nobody"
    assert said == (
        "Nothing was started here: no unit has a figure from the month in which it started, or "
        "later. Fill in adopted for the units that started."
    )


def test_nothing_from_before(tmp_path):
    reason, said = refused(programme().filter(STARTED), tmp_path)
    assert reason == "everybody"
    assert said.endswith("Add each unit's months from before its start.")


def test_everything_started_at_once(tmp_path):
    frame = programme().with_columns(adopted=pl.lit("2024-08-01"))
    reason, said = refused(frame, tmp_path)
    assert reason == "comparison"
    assert said.startswith("Nothing is left to compare with.")
    assert said.endswith("were still to start. Add clusters that started later, or never.")


def test_one_cluster_alone_hears_how_many_are_needed(tmp_path):
    reason, said = refused(programme().with_columns(cluster=pl.lit("Z01")), tmp_path)
    assert reason == "comparison"
    assert said.endswith(
        "An answer also needs 20 clusters; only 1 cluster has a figure from before a start. Add "
        "clusters that started later, or never."
    )


def test_too_few_clusters(tmp_path):
    reason, said = refused(programme(trusts=19), tmp_path)
    assert reason == "clusters"
    assert said.startswith("Too few clusters: 19 can be compared and 20 are needed.")
    assert run(saved(programme(trusts=20), tmp_path)).answered


def test_too_few_clusters_started(tmp_path):
    few = pl.when(pl.col("cluster") <= "Z04").then("adopted")
    reason, said = refused(programme().with_columns(adopted=few), tmp_path)
    assert reason == "starters"
    assert said.startswith("Too few clusters started: 4, and 5 are needed")


def test_figures_that_were_changing_before_the_start(tmp_path):
    already = months_before().is_between(1, 3).fill_null(False) | STARTED
    frame = programme(0.0).with_columns(numerator=pl.when(already).then(19).otherwise(N))
    reason, said = refused(frame, tmp_path)
    assert reason == "before"
    assert re.match(
        r"Figures were changing before the start: in the three months before it they were already "
        r"\d\d\.\d percentage points higher than expected, which chance alone would bring less "
        r"than once in 100 times\.",
        said,
    )
    assert said.endswith("See when the change began, and what else began then.")


def test_reporting_that_changed_with_the_start(tmp_path):
    rows = programme(0.0).with_row_index()
    frame = rows.filter(STARTED | (pl.col("index") % 3 > 0)).drop("index")
    reason, said = refused(frame, tmp_path)
    assert reason == "reporting"
    assert re.search(
        r"the share of months for which units sent a figure was \d\d\.\d percentage points higher "
        r"than expected once they had started, which chance alone would bring less than once in ",
        said,
    )


@pytest.mark.parametrize("kind", ["proportion", "rate"])
@pytest.mark.parametrize("numerator", [0, 20])
def test_figures_that_are_all_the_same(tmp_path, kind, numerator):
    frame = programme().with_columns(numerator=pl.lit(numerator))
    reason, said = refused(frame, tmp_path, kind)
    assert reason == "alike"
    assert said.startswith("Every figure is the same, ")


def test_too_few_events_for_a_rate(tmp_path):
    rare = programme(0.0).with_columns(numerator=(N > 16).cast(pl.Int64))
    before = rare.filter(~STARTED)["numerator"].sum()
    reason, said = refused(rare, tmp_path, "rate")
    assert 0 < before < 100
    assert reason == "events"
    assert said.startswith(
        f"Too few events: {before} before a start. A rate needs 100 before a start and 20 "
    )


def test_too_few_events_to_be_expected_are_not_called_events(tmp_path):
    """Wards that start send so few bed days that hardly any event was to be expected of them."""
    starts = pl.col("adopted").is_not_null()
    frame = programme(0.0).with_columns(
        numerator=pl.when(starts).then(N * (N > 16)).otherwise(N),
        denominator=pl.col("denominator") * pl.when(STARTED).then(0.001).otherwise(1.0),
    )
    frame = frame.with_columns(numerator=pl.when(STARTED).then(0).otherwise(N))
    reason, said = refused(frame, tmp_path, "rate")
    assert reason == "expected"
    assert re.match(
        r"Too few events: (about \d+|under 1) to be expected after a start\. A rate needs 100 ",
        said,
    )


def test_a_fall_to_no_event_at_all_is_said_as_one(tmp_path):
    """A ratio of 0 has no interval; nor do silent wards prove that nothing happened."""
    frame = programme(0.0).with_columns(numerator=pl.when(STARTED).then(0).otherwise(N))
    reason, said = refused(frame, tmp_path, "rate")
    assert reason == "none"
    assert re.match(r"Not one event came after a start, where about \d,\d{3} were to be exp", said)
    assert said.endswith("Check that events were still reported, and add months.")


@pytest.mark.parametrize("kind", ["proportion", "rate"])
@pytest.mark.parametrize("size", [1e-6, 1e12])
def test_the_smallest_and_the_largest_denominators_raise_no_warning(tmp_path, kind, size):
    one = pl.col("unit") == "Z01-A"
    frame = programme().with_columns(
        numerator=pl.when(one & (kind == "proportion")).then(N / 20 * size).otherwise(N),
        denominator=pl.when(one).then(size).otherwise(20.0),
    )
    answer = run(saved(frame, tmp_path), kind)
    assert answer.answered or answer.content["reason"] in ("certainty", "expected")


def test_no_drift_or_difference_of_more_than_all_is_called_detectable(tmp_path):
    """One answer a month of one ward each, for eight months."""
    few = pl.col("unit").str.ends_with("A") & (pl.col("period") < "2024-09-01")
    frame = programme(0.0, trusts=20).filter(few)
    frame = frame.with_columns(numerator=(N > 12).cast(pl.Int64), denominator=pl.lit(1))
    text = " ".join(run(saved(frame, tmp_path)).sentences)
    assert "no drift, however large, would have been found about 8 times in 10" in text
    assert not re.search(r"\d{3,}\.\d (lower|higher|percentage points)", text)


def test_the_pretend_start_is_shown_month_by_month(found):
    checks = found.content["checks"]
    assert [month["since"] for month in checks["placebo_by_period"]] == [-3, -2, -1]
    every = [month["value"] for month in checks["placebo_by_period"]]
    assert min(every) <= checks["placebo"]["value"] <= max(every)


def test_a_rate_with_a_month_and_units_without_events_has_an_answer(tmp_path):
    quiet = (pl.col("period") == "2024-09-01") | pl.col("unit").str.ends_with("B") & ~STARTED
    frame = programme().with_columns(numerator=pl.when(quiet).then(0).otherwise(N))
    effect = run(saved(frame, tmp_path), "rate").content["effect"]
    assert 1.5 < effect["value"] < 4


def test_small_differences_keep_a_digit(tmp_path):
    frame = programme().with_columns(denominator=pl.col("denominator") * 500)
    answer = run(saved(frame, tmp_path))
    assert re.search(r"figures were 0\.0\d percentage points higher", answer.sentences[0])


def test_one_cluster_that_outweighs_all_others(tmp_path):
    huge = pl.when(pl.col("cluster") == "Z01").then(500_000).otherwise(1)
    frame = programme().with_columns(N * huge, pl.col("denominator") * huge)
    reason, said = refused(frame, tmp_path)
    assert reason == "certainty"
    assert "it would rest on too few clusters" in said


@pytest.mark.parametrize("ending", ["json", "csv", "parquet"])
def test_the_ending_picks_what_is_written(tmp_path, ending):
    out = tmp_path / f"answer.{ending}"
    answer = run(saved(programme(), tmp_path, "programme.csv"), out=out)
    if ending == "json":
        assert json.loads(out.read_text(encoding="utf-8")) == json.loads(json.dumps(answer.content))
    else:
        read = pl.read_csv if ending == "csv" else pl.read_parquet
        assert read(out).columns == ["since", "value", "lower", "upper", "chance", "clusters"]
        assert read(out)["value"].to_list() == answer.by_period["value"].to_list()


def test_a_refusal_is_written_as_json_and_never_as_a_table(tmp_path):
    file = saved(programme(trusts=8), tmp_path, "programme.csv")
    for ending in ("json", "csv"):
        run(file, out=tmp_path / f"answer.{ending}")
    assert json.loads((tmp_path / "answer.json").read_text())["answered"] is False
    assert not (tmp_path / "answer.csv").exists()


@pytest.mark.parametrize(
    ("kind", "out", "said"),
    [
        ("count", None, "--measure-kind count is not known: choose proportion or rate."),
        ("rate", "answer.txt", "answer.txt: its name must end in .json, .csv or .parquet."),
        ("rate", "none/answer.csv", "there is no folder "),
    ],
)
def test_options_that_are_not_allowed(tmp_path, kind, out, said):
    with pytest.raises(Unusable, match=re.escape(said)):
        run(saved(programme(), tmp_path), kind, out and tmp_path / out)


def test_what_was_compared_with_what_is_no_start_of_units_that_never_had_one(found):
    assert (
        ", with 502 figures from when units had not, of 48 units in 24 clusters; 8 "
        in (found.sentences[1])
    )


@pytest.mark.parametrize("all_along", [True, False])
def test_a_drift_as_large_as_the_hidden_one_leaves_no_clear_difference(found, tmp_path, all_along):
    """Taken away from those that start, all along or since their start."""
    drift = found.content["checks"]["hidden_trend"]
    assert (
        f"If units that started had been rising by {drift:.1f} percentage points more each month "
        "for another reason, all along or since their start, the interval would reach no difference"
    ) in " ".join(found.sentences)
    frame = programme(0.15)
    told = read(saved(frame, tmp_path), "proportion").panel
    kept = told.only(comparable(told)[0])
    month = np.where(told.start < NEVER, told.month if all_along else told.since + 1.0, 0.0)
    line = np.where(told.started | all_along, month, 0.0)
    fits = fits_to_before(kept, "proportion")
    moved = fits.moved_by(line) * drift
    lower = found.content["effect"]["lower"]
    assert moved <= lower + 1e-9
    assert moved == pytest.approx(lower, rel=0.1)


def test_where_all_start_at_once_they_are_compared_with_those_that_never_did(tmp_path):
    starts = pl.when(pl.col("adopted").is_not_null()).then(pl.lit("2024-10-01"))
    frame = programme(0.0).with_columns(adopted=starts)
    answer = run(saved(frame, tmp_path))
    assert any(
        one.startswith(
            "Before the start, units that started moved no clear way from the others in a year "
            "(95% interval: "
        )
        for one in answer.sentences
    )
    rising = (months_before() * -0.6).fill_null(0).round()
    frame = frame.with_columns(numerator=(N + rising).clip(0, 20).cast(pl.Int64))
    text = " ".join(run(saved(frame, tmp_path)).sentences)
    assert "units that started and the others may have moved apart" in text
    assert "early" not in text.replace("three months early", "")


def test_what_can_be_compared_is_found_once_also_where_it_is_refused(tmp_path, monkeypatch):
    times = []

    def counted(panel):
        times.append(panel)
        return comparable(panel)

    monkeypatch.setattr(estimate, "comparable", counted)
    reason, _ = refused(programme(trusts=12), tmp_path)
    assert reason == "clusters"
    assert len(times) == 1
