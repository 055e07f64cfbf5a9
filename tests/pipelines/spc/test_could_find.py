"""What the output of `feeling-safe spc` says each chart could have found."""

import polars as pl
import pytest

from dashboard.words.could_find import could_find as on_screen
from pipelines.spc.run import run
from pipelines.statistics.detectable import Lines, chance_shown
from pipelines.statistics.method import Method
from pipelines.statistics.value_detectable import TABLE
from tests.pipelines.spc.tidy import STEADY, file

WARD = [17, 16, 18, 17, 19, 15, 17, 18, 16, 17, 18, 14]  # of 20
BIG = [30, 33, 28, 31, 34, 29, 30, 32, 27, 31, 33, 30]  # of 40
SAID = (
    "Nine times in ten, if the counts vary by chance alone, a fall to about 43% (9 of 20) would "
    "show in a single point, and one to about 69% (14 of 20) within 7 points; no rise could show "
    "in a single point, but one to about 95% (19 of 20) would within 7 points."
)


def counts(numerators, denominator=20, name="ward"):
    head = "series,date,numerator,denominator"
    rows = [
        f"{name},2025-{month:02}-01,{count},{denominator}"
        for month, count in enumerate(numerators, start=1)
    ]
    return "\n".join([head, *rows])


def signal(tmp_path, text, **options):
    return run(file(tmp_path, text), method=Method(**options)).signals.row(0, named=True)


def test_a_chart_says_what_it_could_have_found_in_people(tmp_path):
    found = signal(tmp_path, counts(WARD))
    assert found["could_find"] == SAID
    assert found["rise_once"] is None


def test_the_levels_are_those_that_show_nine_times_in_ten(tmp_path):
    charted = run(file(tmp_path, counts(WARD)), method=Method(chart="p"))
    latest, found = charted.points.row(-1, named=True), charted.signals.row(0, named=True)
    names = ("centre", "lower", "near_lower", "near_upper", "upper")
    lines = Lines("proportion", 20, *(latest[name] for name in names))
    assert chance_shown(lines, "down", found["fall_once"]) == pytest.approx(0.9, abs=1e-6)
    assert chance_shown(lines, "down", found["fall_lasting"], 7) == pytest.approx(0.9, abs=1e-6)
    assert chance_shown(lines, "up", found["rise_lasting"], 7) == pytest.approx(0.9, abs=1e-6)


def test_a_rate_is_said_with_its_events(tmp_path):
    found = signal(tmp_path, counts([6, 4, 7, 5, 9, 3, 6, 8, 5, 2, 7, 6], 450), chart="u")
    assert "a rise to about 0.0395 (18 events) would show in a single point" in found["could_find"]
    assert "no fall could show in a single point" in found["could_find"]


def test_counts_alone_are_said_as_they_are(tmp_path):
    values = "date,value\n" + "\n".join(
        f"2025-{month:02}-01,{count}"
        for month, count in enumerate([6, 4, 7, 5, 9, 3, 6, 8, 5, 2, 7, 6], start=1)
    )
    found = signal(tmp_path, values, chart="c")
    assert "a rise to about 17.8 would show in a single point" in found["could_find"]


def test_plain_values_are_said_in_their_own_unit_and_in_standard_deviations(tmp_path):
    charted = run(file(tmp_path, STEADY), method=Method(chart="xmr"))
    latest, found = charted.points.row(-1, named=True), charted.signals.row(0, named=True)
    sigma = (latest["upper"] - latest["lower"]) / 6
    used = charted.points["used_in_limits"].sum()
    once, lasting = TABLE[max(length for length in TABLE if length <= used)]
    for name, away in (("once", once), ("lasting", lasting)):
        assert found[f"rise_{name}"] == pytest.approx(latest["centre"] + away * sigma)
        assert found[f"fall_{name}"] == pytest.approx(latest["centre"] - away * sigma)
    assert found["could_find"] == (
        "Nine times in ten, if the values vary by chance alone, a rise or a fall by about "
        f"{once * sigma:.3g} ({once:.1f} standard deviations) would show in a single point, and "
        f"one by about {lasting * sigma:.3g} ({lasting:.1f}) within 7 points."
    )
    flat = "date,value\n" + "\n".join(f"2025-{month:02}-01,5" for month in range(1, 13))
    assert signal(tmp_path, flat, chart="xmr")["could_find"] is None


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (STEADY, {"chart": "t"}),
        (counts([10] * 12), {}),  # no variation
        (counts([12, 13, 12, 13, 12, 13, 12, 13, 12, 13, 12, 13]), {}),  # calmer than chance
        (counts(WARD), {"chart": "g"}),
        (counts([0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0], 450), {}),  # points only
    ],
)
def test_nothing_is_said_where_nothing_can_be(tmp_path, text, options):
    found = signal(tmp_path, text, **options)
    for column in ("could_find", "fall_once", "fall_lasting", "rise_lasting", "by_chance"):
        assert found[column] is None


def test_too_few_points_say_how_long_a_change_must_last(tmp_path):
    few = (
        "No change, however large, would show reliably in {} points: that takes 10, with 5 of them"
    )
    for points in (3, 8):  # points only, and a run chart
        found = signal(tmp_path, counts(WARD[:points]))
        assert found["could_find"].startswith(few.format(points))
        assert found["fall_once"] is None
    steady = signal(tmp_path, counts(WARD), chart="run")
    assert "show it reliably only after 6 points at the new level." in steady["could_find"]
    changed = signal(tmp_path, counts([9] * 6 + [18] * 6), chart="run")
    assert changed["runs_signal"]
    assert changed["could_find"] is None


def test_each_series_gets_its_own(tmp_path):
    text = counts(WARD) + "\n" + counts(BIG, 40, "big").split("\n", 1)[1]
    signals = run(file(tmp_path, text)).signals
    said = dict(signals.select("series", "could_find").iter_rows())
    assert said["ward"] == SAID
    assert "of 40" in said["big"]


def test_excluded_points_are_counted_alike_by_a_file_and_a_screen(tmp_path):
    """One rule for both: all points decide which chart there is, fewer what it could show."""
    text = counts(WARD[:7]).replace("denominator", "denominator,exclude", 1)
    lines = [
        line if not at else f"{line},{at in (2, 4)}".lower()
        for at, line in enumerate(text.split("\n"))
    ]
    charted = run(file(tmp_path, "\n".join(lines)))
    now = charted.signals.row(0, named=True)
    assert now["chart"] == "run"
    assert now["could_find"].startswith(
        "No change, however large, would show reliably in 5 points: that takes 10"
    )
    series = charted.points.with_columns(months=pl.lit(1), chart=pl.lit("run"))
    measure = {"unit": "percent", "multiplier": 100.0, "short_name": "Feeling safe"}
    assert on_screen(measure, series, now) == (
        "Feeling safe: no change, however large, would show reliably in 5 months: that takes 10, "
        "with 5 of them at the new level."
    )


def test_a_cusum_says_how_soon_it_shows_a_doubling(tmp_path):
    found = signal(tmp_path, counts([0, 1, 0, 1, 2, 0, 1, 0, 0, 1, 0, 1], 450), chart="cusum")
    assert found["could_find"] == (
        "Nine times in ten, if the counts vary by chance alone, a doubling of the average would "
        "show within 26 points, a rise to about 2.1 events a point within 7, and one to about 9.3 "
        "in a single point."
    )
    assert found["rise_lasting"] == pytest.approx(2.1 / 450, rel=0.03)
    assert found["fall_once"] is found["fall_lasting"] is None
    assert signal(tmp_path, counts([0, 1] * 5, 450), chart="cusum")["could_find"] is None


def test_a_cusum_says_how_often_one_like_it_is_a_false_alarm(tmp_path):
    """The figures of docs/false-alarms.md, in the table of signals and on the terminal."""
    rare = counts([0, 1, 0, 1, 2, 0, 1, 0, 0, 1, 0, 1], 450)
    said = (
        "Where nothing has changed, at most {} in 100 such sums of 12 points pass their "
        "threshold, by chance alone."
    )
    charted = run(file(tmp_path, rare), method=Method(chart="cusum"))
    now = charted.signals.row(0, named=True)
    assert (now["false_alarms"], now["by_chance"]) == (4, said.format(4))
    assert charted.notes == (said.format(4),)
    fewer = signal(tmp_path, rare, chart="cusum", find="halving")
    assert fewer["by_chance"] == said.format(fewer["false_alarms"])
    assert signal(tmp_path, rare, chart="u")["by_chance"] is None
    # An average from the first points alone is less sure than one from all, and they are more.
    first = signal(tmp_path, rare, chart="cusum", baseline=11)
    assert first["could_find"]
    assert first["false_alarms"] is first["by_chance"] is None
