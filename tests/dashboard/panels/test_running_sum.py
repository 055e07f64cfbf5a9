"""The running sum under the chart of a rare measure: what it says, draws and lists."""

import re
from datetime import UTC, date, datetime
from html import unescape

import polars as pl
import pytest

from dashboard.charts import audible, running_sum
from dashboard.words import running_sum as words
from pipelines.measures import load
from pipelines.releasing.steps.monthly_sum import as_running_sums
from schemas.programme import Programme
from schemas.release import Observations, ReleaseEvents
from schemas.typed import empty, typed
from tests.dashboard import tiny_release
from tests.said_of_points import disagreements

TEAM = "team@example.org"
NOW = datetime(2026, 4, 20, 9, tzinfo=UTC)
ASSAULT = next(measure for measure in load() if measure.id == "SS-I3")
ABOUT = {**ASSAULT.model_dump(), "multiplier": ASSAULT.multiplier}
ROSE = [0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, None, 0, 1, 2, 2, 2, 2, 2, 0, 1, 0, 0]
PROGRAMME = Programme(name="A programme", fictional=True, first_month="2024-11")


def summed(counts, events=None):
    months = pl.date_range(date(2024, 11, 1), date(2026, 10, 1), "1mo", eager=True)[: len(counts)]
    there = pl.col("numerator").is_not_null()
    observations = pl.DataFrame({"month": months, "numerator": counts}).with_columns(
        level=pl.lit("ward"),
        unit_id=pl.lit("Z01-ELM"),
        trust_code=pl.lit("Z01"),
        measure=pl.lit("SS-I3"),
        denominator=pl.when(there).then(600.0),
        value=pl.col("numerator") / 600.0,
        state=pl.when(there).then(pl.lit("value")).otherwise(pl.lit("missing")),
        wards=1,
        wards_expected=1,
        provisional=False,
        queried=False,
    )
    happened = empty(ReleaseEvents) if events is None else events
    points, now = as_running_sums(typed(observations, Observations), happened, [ASSAULT], PROGRAMME)
    return points, now.row(0, named=True)


def test_its_sentence_its_points_and_its_drawing_say_the_same():
    points, signal = summed(ROSE)
    assert words.title(ABOUT, signal) == (
        "Sexual assault, running sum: more than the average explains from January 2026 to June "
        "2026; not since"
    )
    assert not list(disagreements(signal["headline"], signal["chart"], points))
    drawn = running_sum.rows(points, ABOUT)
    marked = [row["when"] for row in drawn if row["row"] == "point" and row["why"]]
    assert (marked[0], marked[-1]) == ("January 2026", "June 2026")
    assert [row["note"] for row in drawn if row["row"] == "name"] == ["Threshold"]
    (june,) = [row for row in drawn if row.get("when") == "June 2026"]
    assert june["v"] > june["u"] == 4.75
    assert june["based_on"] == "2 in 600 bed days"
    assert words.alternative("Elm", points, ABOUT, signal) == (
        "Running sum of Sexual assault, Elm, November 2024 to October 2026. More than the average "
        "explains from January 2026 to June 2026; not since. The sum is 0.0 in October 2026 and "
        "was at most 5.7. The threshold is 4.75."
    )
    heard = audible.heard(drawn, "", "count", "Threshold")
    assert "January 2026 to June 2026" in heard["parts"][audible.STANDS_OUT]["about"]


def test_its_table_has_the_counts_and_leads_to_their_cells():
    points, _ = summed(ROSE)
    markup = running_sum.table("Elm", points, ABOUT, lambda month, n: f"figure?{month}&{n}").html()
    assert 'href="figure?2026-05&1"' in unescape(markup)
    assert "Part of a climb that passes the threshold" in markup
    assert "No data" in re.search(r"November.2025.*?</tr>", markup)[0]


def test_it_says_what_it_could_have_found_and_where_there_are_too_few():
    assert words.could_find(summed(ROSE)[0]) == (
        "Its average rests on 14 reports. If months differ by chance alone, nine times in ten a "
        "doubling of the average would show within 25 months, a rise to about 2.2 reports a month "
        "within 7, and one to about 9.3 in a single month."
    )
    points, signal = summed([0, 1] * 5)
    assert words.could_find(points) == "Its average rests on 5 reports, too few for a threshold."
    assert "too few events for an average to judge by" in words.title(ABOUT, signal)
    assert "It has no threshold." in words.alternative("Elm", points, ABOUT, signal)


def test_it_says_how_often_chance_alone_passes_the_threshold():
    assert words.by_chance(summed(ROSE)[0]) == (
        "Where nothing has changed, at most 4 in 100 such sums of 23 months pass their threshold, "
        "by chance alone."
    )
    assert words.by_chance(summed([0, 1] * 5)[0]) == "", "no threshold, no false alarm"
    often = words.by_chance(summed([2, 3, 4] * 8)[0])
    assert "at most 14 in 100 such sums of 24 months" in often, "more than one a month is usual"


def test_a_ward_is_told_whether_there_were_more_than_usual_and_no_month():
    points, _ = summed(ROSE)
    lately, before = date(2025, 11, 1), date(2026, 8, 1)
    more = words.of_a_ward(points, lately)
    assert more == (
        "At some time in these months there were more than is usual for us. Where nothing has "
        "changed, at most 4 wards in 100 see that by chance."
    )
    quiet = words.of_a_ward(points, before)
    assert quiet == (
        "At no time in these months were there clearly more than is usual for us. If twice as many "
        "were reported from now on, we would see that within 25 months, nine times in ten."
    )
    assert words.of_a_ward(summed([0, 1] * 5)[0], lately.replace(year=2024)) == (
        "There are too few to say whether that is more than usual for us."
    )
    assert words.of_a_ward(points, date(2026, 9, 15)) == "", "none was reported"
    assert words.of_a_ward(points.clear(), lately) == ""


def test_new_limits_start_a_sum_and_an_average_of_their_own():
    rebase = pl.DataFrame(
        {"kind": "rebase", "level": "ward", "unit_id": "Z01-ELM", "measure": "SS-I3"}
    ).with_columns(month=date(2026, 1, 1))
    points, signal = summed(ROSE, typed(rebase, ReleaseEvents))
    assert signal["headline"].startswith("with new limits from January 2026, no doubling that")
    assert points["phase"].unique().to_list() == [1, 2]


@pytest.mark.parametrize(("chart", "offered"), [("points", True), ("xmr", False)])
def test_it_is_offered_where_a_measure_of_events_is_too_rare_for_limits(
    tmp_path, at_the_door, open_screen, chart, offered
):
    tables = tiny_release.frames()
    rare = pl.col("measure") == "SS-I1"
    tables["signals"] = tables["signals"].with_columns(
        chart=pl.when(rare).then(pl.lit(chart)).otherwise("chart")
    )
    tiny_release.write(tmp_path, tables)
    at_the_door(tmp_path, NOW)
    ward = tables["signals"].filter(rare, pl.col("level") == "ward")["unit_id"][0]
    app = open_screen(TEAM, "ward", ward=ward)
    assert not app.exception
    shown = " ".join(element.proto.body for element in app.get("html"))
    assert (words.OFFER in [fold.label for fold in app.expander]) is offered
    assert (", running sum: " in shown) is offered
