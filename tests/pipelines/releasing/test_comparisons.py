"""Wards in their peer group and trusts in the programme."""

from datetime import date

import polars as pl
import pytest

from pipelines.measures import load
from pipelines.releasing.comparisons import comparable, comparisons, peer_bands
from pipelines.releasing.steps.rolling_year import newest_year, rolling_year
from pipelines.statistics.deciles import DECILES
from schemas.programme import DisclosurePolicy
from schemas.release import Comparisons, PeerBands

POLICY = DisclosurePolicy()
MEASURES = load()
MONTHS = pl.date_range(date(2024, 1, 1), date(2025, 12, 1), "1mo", eager=True).to_list()
TRUSTS = ("Z01", "Z02", "Z03", "Z04", "Z05", "Z06")
CLASSES = pl.DataFrame(
    schema={
        "scope": pl.String,
        "ward_id": pl.String,
        "measure": pl.String,
        "month": pl.Date,
        "state": pl.String,
    }
)


def wards_of(trusts=TRUSTS, group="acute-female"):
    rows = [(f"{t}-W{i}", f"{t}-W{i}", t, date(2020, 1, 1), group) for i, t in enumerate(trusts)]
    names = ["ward_id", "current_ward_id", "current_trust_code", "valid_from", "peer_group"]
    frame = pl.DataFrame(rows, schema=names, orient="row")
    return frame.with_columns(peer_group_name=pl.lit("Acute adult wards, women"))


def sent(counts, measure="SS-O1", asked=20.0, trusts=TRUSTS, months=MONTHS):
    """Every ward sends the same count each month; None is a month not returned."""
    rows = []
    for i, (trust, count) in enumerate(zip(trusts, counts, strict=True)):
        for month in months:
            n = count(month) if callable(count) else count
            state = "missing" if n is None else "value"
            d = None if n is None else asked
            rows.append(("ward", f"{trust}-W{i}", trust, measure, month, n, d, state))
    names = ["level", "unit_id", "trust_code", "measure", "month", "numerator", "denominator"]
    types = {"numerator": pl.Float64, "denominator": pl.Float64}
    wards = pl.DataFrame(rows, schema=[*names, "state"], orient="row", schema_overrides=types)
    trust_rows = (
        wards.group_by("trust_code", "measure", "month", maintain_order=True)
        .agg(pl.col("numerator", "denominator").sum(), pl.col("state").first())
        .with_columns(level=pl.lit("trust"), unit_id="trust_code")
    )
    return pl.concat([wards, trust_rows.select(wards.columns)])


def compared(observations, wards=None, classes=CLASSES):
    wards = wards_of() if wards is None else wards
    return comparisons(comparable(observations, wards, classes, MEASURES, POLICY), POLICY)


def row(frame, unit):
    return frame.filter(pl.col("unit_id") == unit).row(0, named=True)


def test_both_tables_satisfy_the_release():
    observations = sent([18.0] * 6)
    made = compared(observations)
    bands = peer_bands(observations, wards_of(), CLASSES, MEASURES, POLICY)
    Comparisons.validate(made)
    PeerBands.validate(bands)
    assert set(made["level"]) == {"ward", "trust"}
    assert set(made.filter(pl.col("level") == "trust")["peer_group"]) == {"programme"}


def test_a_ward_far_from_its_group_is_told_apart():
    made = compared(sent([19.0, 19.0, 19.0, 19.0, 19.0, 8.0]))
    low = row(made, "Z06-W5")
    assert (low["n"], low["d"], low["category"]) == (96, 240, "lower")
    assert low["value"] == 0.4
    assert low["z"] < -3
    assert row(made, "Z01-W0")["category"] in ("within", "higher")


def test_one_ward_among_few_does_not_widen_its_own_limits():
    """Dispersion is reported, but allowed for only with ten units or more."""
    counts = [19.0] * 5 + [8.0]
    few = compared(sent(counts)).filter(pl.col("level") == "ward")
    assert few["phi"][0] > 2
    assert row(few, "Z06-W5")["category"] == "lower"
    many = tuple(f"Z{i:02d}" for i in range(1, 13))
    varied = [19.0, 12.0] * 6
    made = compared(sent(varied, trusts=many), wards_of(many)).filter(pl.col("level") == "ward")
    assert set(made["category"]) == {"within"}


def test_the_window_is_the_last_twelve_months():
    late = sent([lambda m: 2.0 if m < MONTHS[12] else 19.0] * 6)
    ward = row(compared(late), "Z01-W0")
    assert (ward["n"], ward["d"]) == (12 * 19, 240)
    assert (ward["first_month"], ward["last_month"]) == (MONTHS[12], MONTHS[-1])


def test_the_centre_is_that_of_rounded_sums():
    ward = row(compared(sent([18.0, 17.0, 18.0, 17.0, 18.0, 18.0])), "Z01-W0")
    assert ward["centre"] == round(12 * 106 / 5) * 5 / 1440


def test_partial_and_null_reporters_are_judged_but_not_part_of_the_centre():
    classes = pl.DataFrame(
        [("reporting", "Z06-W5", "SS-O1", None, "partial")], schema=CLASSES.schema, orient="row"
    )
    made = compared(sent([18.0] * 5 + [2.0]), classes=classes).filter(pl.col("level") == "ward")
    assert made["centre"].unique().to_list() == [0.9]
    assert row(made, "Z06-W5")["category"] == "lower"
    assert made.select("units", "left_out").unique().rows() == [(5, 1)]


@pytest.mark.parametrize("how_many", [1, 4])
def test_a_small_group_is_too_few(how_many):
    trusts = TRUSTS[:how_many]
    made = compared(sent([18.0] * how_many, trusts=trusts), wards_of(trusts))
    assert set(made["category"]) == {"too_few"}
    assert made["centre"].null_count() == made.height
    assert made["n"].to_list() == [216.0] * made.height


def test_a_unit_with_too_few_answers_is_too_few_among_the_others():
    quiet = sent([18.0] * 5 + [lambda m: 9.0 if m == MONTHS[-1] else None])
    small = pl.col("unit_id").is_in(["Z06-W5", "Z06"])
    quiet = quiet.with_columns(
        pl.when(small).then(pl.col(name) * 0.4).otherwise(name).alias(name)
        for name in ("numerator", "denominator")
    )
    made = compared(quiet)
    assert row(made, "Z06-W5")["category"] == "too_few"
    assert row(made, "Z06-W5")["z"] is None
    assert row(made, "Z01-W0")["category"] == "within"


def test_rates_are_compared_by_poisson():
    made = compared(sent([1.0, 1.0, 1.0, 1.0, 1.0, 4.0], measure="SS-I3", asked=450.0))
    assert row(made, "Z06-W5")["category"] == "higher"
    assert row(made, "Z06-W5")["value"] == pytest.approx(4 / 450)


@pytest.mark.parametrize(("measure", "counts"), [("SS-I3", 0.0), ("SS-O1", 20.0)])
def test_a_group_with_hardly_any_events_has_no_centre(measure, counts):
    """One incident beside none is not higher than expected, nor is 239 of 240 beside all."""
    asked = 20.0 if measure == "SS-O1" else 450.0
    one = counts + 1 if measure == "SS-I3" else counts - 1
    last = [lambda m: one if m == MONTHS[-1] else counts]
    made = compared(sent([counts] * 5 + last, measure=measure, asked=asked))
    assert set(made["category"]) == {"too_few"}
    assert made["centre"].null_count() == made.height


def test_people_counted_again_every_month_are_not_added_up():
    """Training lists the same staff each month: bands show it, a funnel would exaggerate it."""
    trained = sent([18.0] * 6, measure="SS-P4")
    assert compared(trained).is_empty()
    assert not peer_bands(trained, wards_of(), CLASSES, MEASURES, POLICY).is_empty()


def test_measures_that_repeat_a_state_or_are_restricted_are_not_compared():
    for measure in ("SS-P1", "SS-P5", "SS-I8", "SS-I7"):
        assert compared(sent([1.0] * 6, measure=measure, asked=1.0)).is_empty()


def test_nothing_sent_gives_empty_tables():
    nothing = sent([18.0] * 6).clear()
    assert compared(nothing).columns == list(Comparisons.to_schema().columns)
    assert peer_bands(nothing, wards_of(), CLASSES, MEASURES, POLICY).is_empty()


def test_a_band_counts_whom_it_leaves_out():
    gone = sent([18.0] * 5 + [lambda m: 18.0 if m < MONTHS[16] else None])
    bands = peer_bands(gone, wards_of(), CLASSES, MEASURES, POLICY)
    last = bands.filter(pl.col("month") == MONTHS[-1]).row(0, named=True)
    assert (last["wards"], last["left_out"], last["state"]) == (5, 1, "value")
    assert {last[name] for name in DECILES} == {0.9}  # 216 and 24 of 240, each rounded to 5


def test_a_band_begins_after_half_a_year():
    bands = peer_bands(sent([18.0] * 6), wards_of(), CLASSES, MEASURES, POLICY)
    first = bands.filter(pl.col("state") == "value")["month"].min()
    assert first == MONTHS[5]


def test_a_joiner_is_part_of_the_band_and_a_partial_reporter_is_not():
    joined = [lambda m: None if m < MONTHS[18] else 18.0]
    gaps = [lambda m: None if m.month % 3 == 0 else 18.0]
    bands = peer_bands(sent([18.0] * 4 + joined + gaps), wards_of(), CLASSES, MEASURES, POLICY)
    last = bands.filter(pl.col("month") == MONTHS[-1]).row(0, named=True)
    assert (last["wards"], last["left_out"]) == (5, 1)


def test_a_year_is_summed_up_to_each_month():
    year = rolling_year(sent([lambda m: float(m.month)] + [None] * 5)).filter(
        pl.col("unit_id") == "Z01-W0"
    )
    assert year.filter(pl.col("month") == MONTHS[-1])["n"].item() == 78
    assert year.filter(pl.col("month") == MONTHS[1])["n"].item() == 3
    assert year["valid"].to_list() == [*range(1, 13), *[12] * 12]


def test_the_newest_year_is_that_of_every_year_and_only_of_what_has_a_newest_month():
    half = [lambda m, since=since: float(m.month) if m.month > since else None for since in (3, 6)]
    observations = sent([18.0, *half, None, lambda m: None if m.month % 2 else 12.0, 9.0])
    ended = (pl.col("unit_id") == "Z01-W0") & (pl.col("month") == MONTHS[-1])
    observations = observations.filter(~ended)
    every = rolling_year(observations).filter(pl.col("month") == MONTHS[-1])
    found = newest_year(observations).select(every.columns)
    assert found.sort(pl.all()).equals(every.sort(pl.all()))
    assert "Z01-W0" not in found["unit_id"]
    assert found["valid_late"].n_unique() > 2


def test_a_year_of_very_few_people_has_no_percentage():
    asked = {"numerator": 3.0, "denominator": 4.0}
    tiny = sent([18.0] * 5 + [lambda m: 9.0 if m == MONTHS[-1] else None])
    small = pl.col("unit_id").is_in(["Z06-W5", "Z06"]) & pl.col("numerator").is_not_null()
    tiny = tiny.with_columns(
        pl.when(small).then(value).otherwise(name).alias(name) for name, value in asked.items()
    )
    ward = row(compared(tiny), "Z06-W5")
    assert (ward["n"], ward["d"], ward["value"]) == (3.0, 4.0, None)
