"""What a chart on which nothing stands out could have found: said where it is true, in people."""

from datetime import date

import polars as pl
import pytest

from dashboard.words.could_find import could_find, funnel_could_find
from pipelines.statistics.detectable import Lines, chance_shown
from pipelines.statistics.method import Method
from pipelines.statistics.points import points
from pipelines.statistics.signals import signals
from pipelines.statistics.value_detectable import TABLE
from schemas import wording

STEADY = [17, 16, 18, 17, 19, 15, 17, 18, 16, 17, 18, 14]  # of 20
PERCENT = {"unit": "percent", "multiplier": 100.0, "short_name": "Patients who feel safe"}
RATE = {"unit": "per_1000_bed_days", "multiplier": 1000.0, "short_name": "All incidents"}


def charted(counts, of=20, unit="proportion", chart="auto"):
    months = pl.date_range(date(2025, 1, 1), date(2025, 12, 1), "1mo", eager=True)
    frame = pl.DataFrame(
        {"series": "ward", "date": months, "numerator": counts, "denominator": [of] * 12}
    ).with_columns(pl.col("numerator", "denominator").cast(pl.Float64), unit=pl.lit(unit))
    method = Method(chart=chart, direction="up")
    named = pl.lit(signals(frame, method)["chart"][0])
    return points(frame, method).with_columns(months=pl.lit(1), chart=named)


def test_it_says_in_people_what_would_show_and_the_levels_are_those_of_the_rules():
    chart = charted(STEADY)
    said = could_find(PERCENT, chart, None)
    assert said == (
        "If months differ by chance alone, nine times in ten this chart would show a fall to about "
        "43% (9 of 20) in one month; over seven months, a fall to about 69% (14 of 20) or a rise "
        "to about 95% (19 of 20)."
    )
    latest = chart.row(-1, named=True)
    names = ("centre", "lower", "near_lower", "near_upper", "upper")
    lines = Lines("proportion", 20, *(latest[name] for name in names))
    assert chance_shown(lines, "down", 0.43) == pytest.approx(0.9, abs=0.01)
    assert chance_shown(lines, "down", 0.69, 7) == pytest.approx(0.9, abs=0.02)
    assert chance_shown(lines, "up", 0.95, 7) == pytest.approx(0.9, abs=0.02)


def test_a_wards_sheet_says_it_in_people_alone():
    said = could_find({"unit": "people", "multiplier": 100.0}, charted(STEADY), None)
    assert said == (
        "If months differ by chance alone, nine times in ten this chart would show a fall to about "
        "9 of 20 in one month; over seven months, a fall to about 14 of 20 or a rise to about 19 "
        "of 20."
    )


def test_a_rate_is_said_with_its_events_and_bed_days():
    incidents = [6, 4, 7, 5, 9, 3, 6, 8, 5, 2, 7, 6]
    said = could_find(RATE, charted(incidents, 450, "rate", "u"), None)
    assert (
        "show a rise to about 39.5 per 1,000 bed days (18 in 450) in one month; over seven" in said
    )
    assert said.count(" in 450)") == 3


def test_what_is_counted_comes_whole_and_is_neither_none_nor_all():
    few = could_find(RATE, charted([1, 0, 2, 1, 0, 1, 3, 1, 0, 2, 1, 1], 60, "rate", "u"), None)
    assert "a fall to about 3.1 per 1,000 bed days (under 1 in 60)" in few
    parts = [wording.about_of(part, 20) for part in (0, 0.3, 0.6, 9.4, 19.6, 20)]
    assert parts == ["0 of 20", "under 1 of 20", "1 of 20", "9 of 20", "over 19 of 20", "20 of 20"]
    numbers = [wording.significant(number, 3) for number in (0.03944, 9.0, 123.4, 12_345.6)]
    assert numbers == ["0.0394", "9", "123", "12,300"]


def test_plain_values_are_said_in_their_own_unit():
    days = [40, 55, 38, 61, 47, 52, 35, 58, 49, 44, 60, 51]
    chart = charted(days, of=1, unit="value", chart="xmr")
    row = chart.row(-1, named=True)
    once, lasting = (away * (row["upper"] - row["lower"]) / 6 for away in TABLE[12])
    said = could_find({"unit": "days", "multiplier": 1.0}, chart, None)
    assert said == (
        "If months differ by chance alone, nine times in ten this chart would show a rise or a "
        f"fall by about {once:.0f} days in one month; over seven months, by about "
        f"{lasting:.0f} days."
    )


@pytest.mark.parametrize(
    ("about", "counts", "chart"),
    [
        (PERCENT, [*STEADY[:-1], 4], "auto"),  # the last month stands out
        (PERCENT, [9] * 6 + [18] * 6, "run"),  # the median is crossed only once
        (PERCENT, [20] * 12, "auto"),  # no variation
        ({"unit": "days", "multiplier": 1.0}, [20] * 12, "xmr"),
    ],
)
def test_it_says_nothing_where_something_stands_out_or_nothing_is_judged(about, counts, chart):
    assert could_find(about, charted(counts, chart=chart), {"runs_signal": True}) == ""


def test_it_says_nothing_where_there_is_no_value():
    empty = charted(STEADY).with_columns(value=pl.lit(None, pl.Float64))
    assert could_find(PERCENT, empty, {"runs_signal": True}) == ""


def test_a_run_chart_says_how_long_a_change_must_last():
    said = could_find(PERCENT, charted(STEADY, chart="run"), {"runs_signal": False})
    assert said == (
        "Patients who feel safe: however large a change, this run chart would show it reliably "
        "only after 6 months at the new level."
    )
    few = charted(STEADY, chart="points").head(4)
    said = could_find(PERCENT, few, None)
    assert said.startswith("Patients who feel safe: no change, however large, would show reliably")


def test_where_a_single_month_can_show_nothing_it_says_so():
    said = could_find(PERCENT, charted([7, 9, 4, 8, 6, 9, 5, 8, 7, 9, 4, 7], 9, chart="xmr"), None)
    assert said.endswith("no change of a single month would show.")
    assert "over seven months, a fall to about" in said


def compared(phi: float = 1.0, tau2: float = 0.0) -> pl.DataFrame:
    sizes = [40.0, 120.0, 130.0, 200.0, 260.0]
    return pl.DataFrame(
        {
            "unit_id": [f"Z01-W{n}" for n in range(5)],
            "d": sizes,
            "centre": 0.83,
            "phi": phi,
            "tau2": tau2,
            "units": 30,
            "category": ["too_few", *["within"] * 4],
        }
    )


NONE = pl.DataFrame(schema={"ward_id": pl.String})


def test_a_funnel_says_how_far_a_ward_would_have_to_be_in_people():
    said = funnel_could_find(PERCENT, compared(), NONE)
    assert said == (
        "A ward as large as the middle one, with 200 answers, would be outside the limits nine "
        "times in ten if its own level were about 70% (140 of 200) or lower or about 93% (186 of "
        "200) or higher."
    )
    marked = funnel_could_find(PERCENT, compared(), pl.DataFrame({"ward_id": ["Z01-W1"]}))
    assert marked.startswith("The marked ward, with 120 answers, would be outside")
    # where limits are wider, a level has to be further away
    assert "about 70%" not in funnel_could_find(PERCENT, compared(3.0, 0.004), NONE)
    assert funnel_could_find({"unit": "days", "multiplier": 1.0}, compared(), NONE) == ""
    assert funnel_could_find(PERCENT, compared()[:1], NONE) == ""
