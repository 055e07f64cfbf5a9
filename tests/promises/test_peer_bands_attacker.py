"""Promise: peer bands and comparisons reveal no exact figure of another trust's ward."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from pipelines.measures import load
from pipelines.releasing.comparisons import comparable, comparisons
from pipelines.releasing.peer_bands import peer_bands, still_hidden
from pipelines.statistics.deciles import DECILES
from schemas.programme import DisclosurePolicy

POLICY = DisclosurePolicy()
MEASURES = [measure for measure in load() if measure.id in ("SS-O1", "SS-I3")]
MONTHS = pl.date_range(date(2024, 1, 1), date(2025, 12, 1), "1mo", eager=True)
NOBODY_LEFT_OUT = pl.DataFrame(
    schema={
        "scope": pl.String,
        "ward_id": pl.String,
        "measure": pl.String,
        "month": pl.Date,
        "state": pl.String,
    }
)


def programme(trusts, seed=1):
    """One peer group: wards W0, W1, ... of these trusts, with every month sent."""
    rng = np.random.default_rng(seed)
    wards, rows = [], []
    for i, trust in enumerate(trusts):
        ward = f"{trust}-W{i}"
        wards.append(
            (ward, ward, trust, date(2020, 1, 1), "acute-female", "Acute adult wards, women")
        )
        for measure in MEASURES:
            percent = measure.unit == "percent"
            sizes = (
                rng.integers(8, 16, len(MONTHS)) if percent else rng.integers(400, 500, len(MONTHS))
            )
            counts = (
                rng.binomial(sizes, 0.88) if percent else rng.poisson(rng.choice([0.2, 1.0]), 24)
            )
            for month, n, d in zip(MONTHS, counts, sizes, strict=True):
                rows.append(("ward", ward, trust, measure.id, month, float(n), float(d), "value"))
    columns = ["level", "unit_id", "trust_code", "measure", "month", "numerator", "denominator"]
    names = ["ward_id", "current_ward_id", "current_trust_code", "valid_from"]
    names += ["peer_group", "peer_group_name"]
    return (
        pl.DataFrame(rows, schema=[*columns, "state"], orient="row"),
        pl.DataFrame(wards, schema=names, orient="row"),
    )


def bands_of(observations, wards):
    return peer_bands(observations, wards, NOBODY_LEFT_OUT, MEASURES, POLICY)


def compared(observations, wards):
    return comparisons(comparable(observations, wards, NOBODY_LEFT_OUT, MEASURES, POLICY), POLICY)


def exchanged(observations, first, second):
    """Another world: these two wards have each other's figures."""
    other = pl.col("unit_id").replace({first: second, second: first})
    trust = pl.col("trust_code").replace_strict(
        {first[:3]: second[:3], second[:3]: first[:3]}, default=pl.col("trust_code")
    )
    moved = pl.col("unit_id").is_in([first, second])
    return observations.with_columns(
        unit_id=other, trust_code=pl.when(moved).then(trust).otherwise("trust_code")
    ).sort("unit_id", "measure", "month")


SIX = ("Z01", "Z01", "Z01", "Z02", "Z03", "Z04")


def test_other_wards_could_have_each_others_figures():
    """A reader who knows the wards of Z01 sees the same bands and comparisons in every world."""
    observations, wards = programme(SIX)
    others = ["Z02-W3", "Z03-W4", "Z04-W5"]
    bands, own = bands_of(observations, wards), pl.col("trust_code") == "Z01"
    seen = compared(observations, wards).filter(own)
    assert bands.filter(pl.col("state") == "value").height > 10
    for first, second in [(0, 1), (0, 2), (1, 2)]:
        world = exchanged(observations, others[first], others[second])
        assert bands_of(world, wards).equals(bands)
        assert compared(world, wards).filter(own).equals(seen)


def test_so_no_small_count_of_another_ward_is_known():
    """In one of those worlds every small count of a month is a different number."""
    observations, _ = programme(SIX)
    others = observations.filter(pl.col("trust_code") != "Z01", pl.col("measure") == "SS-I3")
    small = others.filter(pl.col("numerator").is_between(1, 4))
    different = small.join(others, on="month").filter(
        pl.col("numerator") != pl.col("numerator_right")
    )
    known = small.join(different, on=["unit_id", "month"], how="anti")
    assert small.height > 10
    assert (
        known.height < small.height / 4
    )  # where all three are equal, a group figure is all there is


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_a_small_count_of_a_year_may_be_any_small_number(count):
    """Even with every ward named, 1, 2, 3 and 4 in twelve months give the same band."""
    observations, wards = programme(SIX)
    ward = (pl.col("unit_id") == "Z04-W5") & (pl.col("measure") == "SS-I3")
    first = pl.col("month") == MONTHS[12]

    def world(number):
        here = pl.when(first).then(float(number)).otherwise(0.0)
        return observations.with_columns(numerator=pl.when(ward).then(here).otherwise("numerator"))

    assert bands_of(world(count), wards).equals(bands_of(world(2), wards))
    assert not bands_of(world(0), wards).equals(bands_of(world(40), wards))


@pytest.mark.parametrize(
    "trusts",
    [
        ("Z01", "Z01", "Z01", "Z01", "Z02"),  # four of five wards: the fifth is what is left
        ("Z01", "Z01", "Z01", "Z02", "Z03"),  # two others: each could take out the rest
        ("Z01", "Z02", "Z03", "Z04"),  # four wards
    ],
)
def test_a_narrow_group_is_not_described(trusts):
    observations, wards = programme(trusts)
    bands, rows = bands_of(observations, wards), compared(observations, wards)
    assert set(bands["state"]) == {"suppressed"}
    assert bands.select("wards", "left_out", *DECILES).null_count().sum_horizontal()[0] == 11 * len(
        bands
    )
    assert bands["suppression_reason"].null_count() == 0
    assert set(rows["category"]) == {"too_few"}
    assert rows.select("centre", "phi", "tau2", "z").null_count().sum_horizontal()[0] == 4 * len(
        rows
    )


def test_control_a_plain_median_of_five_gives_the_fifth_ward_away():
    """The attacker can succeed: with exact deciles and four of five wards, the fifth is found."""
    observations, _ = programme(("Z01", "Z01", "Z01", "Z01", "Z02"))
    year = (
        observations.filter(pl.col("measure") == "SS-O1")
        .group_by("unit_id", "trust_code")
        .agg(value=pl.col("numerator").sum() / pl.col("denominator").sum())
    )
    told = [year["value"].quantile(tenth / 10, interpolation="linear") for tenth in range(1, 10)]
    own = year.filter(pl.col("trust_code") == "Z01")["value"].to_list()
    true = year.filter(pl.col("trust_code") == "Z02")["value"].item()
    guesses = np.linspace(0.7, 1, 30001)
    tenths = np.arange(1, 10) / 10
    fits = [g for g in guesses if np.allclose(np.quantile([*own, g], tenths), told, atol=2e-5)]
    assert fits
    assert all(abs(guess - true) < 1e-3 for guess in fits)


def test_a_band_once_suppressed_stays_suppressed():
    observations, wards = programme(SIX)
    narrow, narrow_wards = programme(SIX[:4])
    before = bands_of(narrow, narrow_wards)
    after = still_hidden(bands_of(observations, wards), [before.filter(state="suppressed")])
    assert set(after["state"]) == {"suppressed"}


def test_bands_are_whole_percents_and_rates_to_one_decimal():
    observations, wards = programme(SIX)
    shown = bands_of(observations, wards).filter(pl.col("state") == "value")
    for measure, places in (("SS-O1", 2), ("SS-I3", 4)):
        values = shown.filter(pl.col("measure") == measure).select(DECILES)
        assert values.equals(values.select(pl.all().round(places)))


def test_the_centre_of_a_group_hides_its_exact_sums():
    """One more or fewer in a neighbour's year: at least one of the two changes nothing seen."""
    observations, wards = programme(SIX)
    seen = compared(observations, wards).filter(pl.col("trust_code") == "Z01")
    same = 0
    for more in (-1, 1):
        changed = observations.with_columns(
            numerator=pl.when(
                (pl.col("unit_id") == "Z02-W3")
                & (pl.col("measure") == "SS-O1")
                & (pl.col("month") == MONTHS[-1])
            )
            .then(pl.col("numerator") + more)
            .otherwise("numerator")
        )
        centre = compared(changed, wards).filter(pl.col("trust_code") == "Z01")["centre"]
        same += centre.equals(seen["centre"])
    assert same >= 1


def of_each(observations, **years: dict[str, float]):
    """The figures with these many events in a year of wards, by measure; the others have none."""
    for measure, wards in years.items():
        here = pl.col("measure") == measure.replace("_", "-")
        last = pl.col("unit_id").replace_strict(wards, default=0.0, return_dtype=pl.Float64)
        counted = pl.when(pl.col("month") == MONTHS[-1]).then(last).otherwise(0.0)
        asked = pl.when(pl.col("measure") == "SS-O1").then(30.0).otherwise("denominator")
        yes = pl.when(pl.col("measure") == "SS-O1").then(30.0 - counted).otherwise(counted)
        observations = observations.with_columns(
            numerator=pl.when(here).then(yes).otherwise("numerator"),
            denominator=pl.when(here).then(asked).otherwise("denominator"),
        )
    return observations


@pytest.mark.parametrize("measure", ["SS_I3", "SS_O1"], ids=["events", "who do not feel safe"])
@pytest.mark.parametrize(("others", "shown"), [(0, False), (1, False), (4, False), (5, True)])
def test_a_trust_with_nearly_all_events_of_a_group_does_not_learn_of_the_few_others(
    measure, others, shown
):
    """Of 12 in all, shown as 8 to 12, whoever has 11 would know that the others have 0 or 1."""
    observations, wards = programme(SIX)
    counts = {"Z01-W0": 12.0 - others, "Z02-W3": float(others)}
    rows = compared(of_each(observations, **{measure: counts}), wards)
    rows = rows.filter(pl.col("measure") == measure.replace("_", "-"), pl.col("level") == "ward")
    assert (rows["centre"].null_count() == 0) == shown
    assert (set(rows["category"]) == {"too_few"}) != shown
