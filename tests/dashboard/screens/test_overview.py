"""The overview names whoever was newly given access to everything."""

from datetime import UTC, date, datetime

import polars as pl

from tests.dashboard import tiny_release
from tests.dashboard.screens.opening import LEAD1, TEAM, headings, shown

NOW = datetime(2026, 4, 20, 9, tzinfo=UTC)


def test_whoever_is_new_on_the_programme_team_is_named(tmp_path, at_the_door, open_screen):
    tables = tiny_release.frames()
    new = (
        tables["people"]
        .filter(email="team@example.org")
        .with_columns(
            email=pl.lit("new@example.org"),
            name=pl.lit("Nia *New*"),
            valid_from=pl.lit(date(2026, 4, 1)),
        )
    )
    tables["people"] = pl.concat([tables["people"], new])
    tiny_release.write(tmp_path, tables)
    at_the_door(tmp_path, NOW)
    app = open_screen("team@example.org", "overview")
    assert not app.exception
    shown = "\n".join(repr(element.proto) for element in app.main)
    assert "Nia *New* (new@example.org), from 1 April 2026." in shown


def test_one_sentence_says_for_each_ambition_how_far_it_is(visit):
    text = shown(visit(TEAM, "overview"))
    assert (
        "Restrictive interventions: a made-up ambition, 10% less than the mean of 55,000.0 in "
        "January 2025 to June 2025, which is 49,500.0 per 1,000 occupied bed days, by December "
        "2026; in October 2025 to March 2026 it was 52,800.0, 40% of the way, where its path "
        "averages 48%."
    ) in text
    assert "a made-up ambition, trust by trust; 0 of 3 trusts are on their path or better." in text
    assert "Restrictive interventions, Mossgarth Trust: its own made-up ambition, 30% less" in text


def test_a_chart_says_what_its_paths_say(visit):
    text = shown(visit(LEAD1, "trust", trust="Z01", measure="SS-B1"))
    assert "a made-up ambition, 10% less than the mean of 7,100.0" in text
    assert "its own made-up ambition, 30% less than the mean of 7,100.0" in text
    assert "Own target" in text


def test_without_ambitions_there_is_no_word_of_them(tmp_path, at_the_door, open_screen):
    tables = tiny_release.frames()
    tables["ambitions"] = tables["ambitions"].clear()
    tiny_release.write(tmp_path, tables)
    at_the_door(tmp_path, NOW)
    assert "Ambitions" not in headings(open_screen(TEAM, "overview"))


def test_the_list_of_changes_comes_before_the_sentences_about_them(visit):
    said = " ".join(element.proto.body for element in visit(TEAM, "overview").get("html"))
    listed = said.index("<caption>Wards whose latest month stands out</caption>")
    assert listed < said.index("Patients who feel safe from sexual harm: of ")


def test_wards_with_a_concern_are_named_above_the_charts(tmp_path, at_the_door, open_screen):
    tables = tiny_release.frames()
    for variation in ("concern_low", "common"):
        core = (pl.col("level") == "ward") & pl.col("measure").is_in(["SS-O1", "SS-O2"])
        tables["signals"] = tables["signals"].with_columns(
            variation=pl.when(core).then(pl.lit(variation)).otherwise("variation")
        )
        tiny_release.write(tmp_path / variation, tables)
        at_the_door(tmp_path / variation, NOW)
        above = [e.proto.body for e in open_screen(TEAM, "overview").get("html")]
        (line,) = [body for body in above if "The pack for a board" in body]
        concerns = [name for name, *_ in tiny_release.WARDS.values() if f">{name}</a> (" in line]
        assert bool(concerns) == ("Concerns now: " in line) == (variation != "common")
