"""What was given out under earlier measures gives nothing away, together with today’s."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from pipelines.keeping import own_measures
from pipelines.keeping.decisions import Decided
from pipelines.measures import MeasureError, load
from pipelines.releasing.build import build
from pipelines.releasing.release_file import read
from pipelines.releasing.release_tables import tables
from pipelines.releasing.sources import sources_of
from schemas.disclosure import KEY, mask, with_years
from schemas.periods import Month
from tests import worlds

pytestmark = pytest.mark.slow

JAN, FEB = Month(2025, 1), Month(2025, 2)
CHANGED = datetime(2025, 2, 20, 12, tzinfo=UTC)
NOW = datetime(2025, 4, 5, tzinfo=UTC)
TWO_KINDS = worlds.measure_file("SS-I1", numerator='["inc_harassment", "inc_assault"]')
PART = worlds.measure_file(
    "SS-I1",
    id='"SS-X1"',
    name='"Two kinds"',
    short_name='"Two kinds"',
    numerator='["inc_harassment", "inc_assault"]',
)


def busy(trust: str, month: Month) -> list[dict[str, object]]:
    """A month with many incidents on every ward but few of one kind on one."""
    rows = []
    for ward in worlds.WARDS[trust]:
        few = 2 if ward == "ELDER1" else 8
        kinds = {"inc_harassment": 12, "inc_assault": 8, "inc_other": few}
        about = ("inc_affected_patient", "inc_alleged_patient", "support_offered_n")
        every = dict.fromkeys(about, sum(kinds.values()))
        rows.append(worlds.monthly_row(ward, month, **kinds, **every))
    return rows


def send(home, month, *, everybody=False):
    """Send every trust's month, with all incidents affecting everybody if so asked."""
    for trust in worlds.WARDS:
        rows = busy(trust, month)
        if everybody:
            groups = ("inc_affected_staff", "inc_affected_visitor")
            rows = [row | dict.fromkeys(groups, row["inc_affected_patient"]) for row in rows]
        worlds.send(home, trust, month, monthly=rows)


@pytest.fixture
def home(tmp_path):
    made = worlds.empty_world(tmp_path / "home")
    send(made, JAN)
    return made


def change(home, files, over=0):
    home.archive.keep_measures(files, Decided(worlds.TEAM, CHANGED, "Agreed"), over)


def hidden(home) -> pl.DataFrame:
    return tables(sources_of(home), NOW)["suppressed"]


def shared(home, remembering=True) -> pl.DataFrame:
    made, measures = tables(sources_of(home), NOW), home.archive.newest_measures()
    before = made["suppressed"] if remembering else None
    policy = home.programme.disclosure
    return mask(with_years(made["observations"], measures), measures, policy, "public", before)


def states(masked, measure, month) -> set[str]:
    return set(masked.filter(measure=measure, month=month.first_day, months=1)["state"])


def test_a_measure_that_counts_something_else_is_hidden_where_it_was_given_out(home):
    change(home, TWO_KINDS)
    send(home, FEB)
    assert states(shared(home, remembering=False), "SS-I1", JAN) == {"value"}
    masked = shared(home)
    assert states(masked, "SS-I1", JAN) == {"suppressed"}
    assert "value" in states(masked, "SS-I1", FEB)
    assert set(hidden(home)["month"]) == {JAN.first_day}


def test_a_new_measure_that_counts_part_of_another_is_hidden_where_that_was_given_out(home):
    change(home, PART)
    assert states(shared(home), "SS-X1", JAN) == {"suppressed"}


def test_a_group_of_those_affected_is_hidden_where_the_others_were_given_out(tmp_path):
    """Each incident affects somebody: all three groups together say what each of them hides."""
    home = worlds.empty_world(tmp_path / "home")
    early = Decided(worlds.TEAM, worlds.received(JAN, 1), "Not yet")
    home.archive.keep_measures(worlds.measure_file("SS-I5", restricted="true"), early)
    send(home, JAN, everybody=True)
    assert "value" in states(shared(home), "SS-I9", JAN)
    change(home, worlds.measure_file("SS-I5", restricted="false"), over=1)
    send(home, FEB, everybody=True)
    assert "value" in states(shared(home, remembering=False), "SS-I5", JAN)
    masked = shared(home)
    assert states(masked, "SS-I5", JAN) == {"suppressed"}
    assert "value" in states(masked, "SS-I5", FEB)


def test_what_was_hidden_for_the_sake_of_a_measure_that_is_gone_stays_hidden(home):
    then = shared(home).filter(pl.col("state") == "suppressed", pl.col("measure") != "SS-I1")
    change(home, worlds.measure_file("SS-I1", status='"archived"'))

    def given_away(masked):
        return then.join(masked.filter(pl.col("state") == "value"), on=KEY, how="semi").height

    assert given_away(shared(home, remembering=False)) > 0
    assert given_away(shared(home)) == 0


@pytest.mark.parametrize(
    "files",
    [
        worlds.measure_file("SS-P4", target="80"),
        worlds.measure_file("SS-I1", name='"Every incident"', sort="31"),
        worlds.measure_file(
            "SS-B1", id='"SS-B2"', name='"N"', short_name='"N"', numerator='["seclusion_n"]'
        )
        | worlds.measure_file("SS-B1", status='"archived"'),
    ],
)
def test_a_change_that_says_nothing_of_other_figures_hides_none(home, files):
    before = shared(home)
    change(home, files)
    columns = [*KEY, "state"]
    lost = before.select(columns).join(shared(home), on=columns, how="anti")
    assert set(lost["measure"]) <= {"SS-B1"}


def test_a_measure_that_comes_back_is_hidden_only_where_it_was_not_given_out(home):
    change(home, worlds.measure_file("SS-I1", status='"archived"'))
    send(home, FEB)
    back = Decided(worlds.TEAM, worlds.received(FEB, 9), "It was needed")
    home.archive.keep_measures(worlds.measure_file("SS-I1"), back, 1)
    send(home, FEB + 1)
    masked = shared(home)
    assert "value" in states(masked, "SS-I1", JAN)
    assert states(masked, "SS-I1", FEB) == {"suppressed"}
    assert "value" in states(masked, "SS-I1", FEB + 1)


@pytest.mark.parametrize("name", ["receipt.json", "SS-I1_own.toml"])
def test_without_a_version_nobody_knows_what_it_gave_out(home, name):
    change(home, TWO_KINDS)
    change(home, worlds.measure_file("SS-P4", target="80"), over=1)
    (home.archive.root / "measures" / "1" / name).write_text("{}")
    with pytest.raises(MeasureError, match="Version 1 of the programme’s own measures is damaged"):
        hidden(home)


def test_a_version_that_newer_code_cannot_use_counts_as_one_without_that_measure(home, monkeypatch):
    text = TWO_KINDS["SS-I1_own.toml"].replace(b'"inc_assault"', b'"inc_long_ago"')
    monkeypatch.setattr(own_measures, "put_over", lambda kept, files: dict(files))
    change(home, {"SS-I1_own.toml": text})
    monkeypatch.undo()
    change(home, worlds.measure_file("SS-I1", numerator='["inc_assault"]'), over=1)
    assert states(shared(home), "SS-I1", JAN) == {"suppressed"}


def test_a_change_before_the_first_return_hides_nothing(tmp_path):
    home = worlds.empty_world(tmp_path / "home")
    change(home, TWO_KINDS)
    send(home, FEB)
    assert hidden(home).is_empty()


def test_a_release_that_takes_rows_over_hides_the_same(home):
    change(home, TWO_KINDS)
    build(home, NOW)
    send(home, FEB)
    path = build(home, NOW)
    whole = hidden(home)
    assert whole.height > 0
    assert read(path, "FROM suppressed ORDER BY ALL").equals(whole.sort(whole.columns))
    home.archive.record(worlds.note())
    assert read(build(home, NOW), "FROM suppressed ORDER BY ALL").equals(whole.sort(whole.columns))


def test_a_later_change_of_words_does_not_show_them_again(home):
    change(home, TWO_KINDS)
    again = worlds.measure_file(
        "SS-I1", numerator='["inc_harassment", "inc_assault"]', name='"Two kinds"'
    )
    change(home, again, over=1)
    assert states(shared(home), "SS-I1", JAN) == {"suppressed"}


def test_the_measures_of_a_year_are_hidden_if_one_of_its_months_was_given_out(tmp_path):
    home = worlds.empty_world(tmp_path / "home", first_month="2025-04")
    for number in range(12):
        send(home, Month(2025, 4) + number)
    change_at = datetime(2025, 6, 20, tzinfo=UTC)
    home.archive.keep_measures(TWO_KINDS, Decided(worlds.TEAM, change_at, "Agreed"))
    found = hidden(home).filter(measure="SS-I1")
    assert set(found.filter(months=1)["month"]) == {date(2025, 4, 1), date(2025, 5, 1)}
    assert set(found.filter(months=12)["month"]) == {date(2026, 3, 1)}


def test_without_measures_of_its_own_nothing_is_hidden_for_their_sake(home):
    assert sources_of(home).measures == load()
    assert hidden(home).is_empty()
