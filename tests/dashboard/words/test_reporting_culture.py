"""Reporting culture in words: what is clear beyond chance is said, and nothing else."""

import polars as pl

from dashboard.words import alt
from dashboard.words import reporting_culture as words

NAMES = {f"Z01-W{n}": f"Ward {n}" for n in range(20)}


def compared(*counts: tuple[float, float] | None) -> pl.DataFrame:
    rows = [
        {
            "unit_id": f"Z01-W{n}",
            "n": pair and float(pair[0]),
            "d": pair and float(pair[1]),
            "value": pair and pair[0] / pair[1],
        }
        for n, pair in enumerate(counts)
    ]
    return pl.DataFrame(rows, schema_overrides=dict.fromkeys(("n", "d", "value"), pl.Float64))


USUAL = [(150 + 2 * n, 200) for n in range(12)]
REPORTED = [(12 + 3 * n, 6000) for n in range(12)]


def test_a_ward_far_below_both_averages_is_named_and_never_judged():
    found = words.levels(compared((80, 200), *USUAL), compared((2, 6000), *REPORTED))
    assert found["quiet"].to_list() == [True, *[False] * 12]
    assert words.title(found, "ward") == (
        "On 1 of 13 wards, clearly fewer patients feel safe and clearly less is reported than on "
        "average"
    )
    said = words.sentence(found, NAMES, "ward")
    assert said.endswith("A reason to go and ask, not a judgement: Ward 0.")
    assert found["beside"][0] == "Fewer feel safe and less is reported"
    assert "1 clearly below both" in alt.culture(found, "ward")
    never = words.levels(compared((1, 2), (2, 3), None), compared((0, 90), (4, 90), (3, 90)))
    assert "2 wards, of which 1 reported no incidents" in alt.culture(never, "ward")


def test_three_answers_and_one_quiet_month_say_nothing():
    found = words.levels(compared((0, 5), *USUAL), compared((0, 300), *REPORTED))
    assert not found["quiet"].any()
    assert found["beside"][0] == "Not clearly apart from the average"
    assert words.title(found, "ward") == (
        "On no ward do clearly fewer patients feel safe while clearly less is reported than on "
        "average"
    )
    assert "reason" not in words.sentence(found, NAMES, "ward")


def test_an_estimate_has_its_range_and_lies_between_the_figure_and_the_average():
    found = words.levels(compared((2, 10), *USUAL), compared((0, 900), *REPORTED)).row(
        0, named=True
    )
    assert 20 < found["safe"] < found["safe_average"]
    assert 0 < found["reported"] < found["reported_average"]
    value, between = found["safe_likely"].split(" (")
    assert value.endswith("%")
    assert " to " in between


def test_whoever_lacks_a_figure_is_left_out_and_none_is_nothing():
    assert words.levels(compared((8, 10), None), compared(None, (1, 900))).is_empty()
    found = words.levels(compared(None), compared(None))
    assert words.sentence(found, NAMES, "trust") == ""
    assert words.title(found, "trust") == "Feeling safe against reported incidents, by trust"
    assert alt.culture(found, "trust").endswith("Nothing to show yet.")
    alone = words.levels(compared((8, 10)), compared((1, 900)))
    assert not alone["quiet"].any()


def test_a_range_that_rounds_to_its_estimate_is_not_said():
    """Under 0.1 (under 0.1 to under 0.1) would say nothing more."""
    silent = [(0, 500_000)] * 3
    found = words.levels(compared(*USUAL[:3]), compared(*silent))
    assert found["reported_likely"].to_list() == ["under 0.1"] * 3
    assert all(" to " in likely for likely in found["safe_likely"])
