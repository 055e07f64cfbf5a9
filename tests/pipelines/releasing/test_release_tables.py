"""The tables that are not figures: returns, queries, charters, standards, foundations, events."""

from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl
import pytest

from pipelines.keeping import decide
from pipelines.keeping.decisions import Decided, decision
from pipelines.keeping.entries import Entries
from pipelines.measures import load
from pipelines.registers.register import empty_register, register_of
from pipelines.releasing.charters import charters
from pipelines.releasing.queries import open_queries, queries
from pipelines.releasing.release_checks import ReleaseError, check
from pipelines.releasing.release_tables import tables
from pipelines.releasing.sources import sources_of
from schemas.periods import Month
from schemas.receipts import Query, Receipt, query_key
from schemas.release import TABLES, Charters, Queries, ReleaseCells
from schemas.typed import empty, typed
from tests import worlds

NOW = datetime(2026, 3, 5, tzinfo=UTC)
JAN = Month(2025, 1)


def of(home, as_at=None, now=NOW):
    return tables(sources_of(home, as_at), now)


@pytest.fixture
def home(tmp_path):
    return worlds.empty_world(tmp_path / "home")


def test_every_table_satisfies_its_model(small_home):
    made = of(small_home)
    check(made)
    assert list(made) == list(TABLES)
    never_had = {"events", "questions", "suppressed", "ambitions", "change_tests"}
    never_had |= {"forums", "forum_attendance", "forum_answers", "confidence_items", "baselines"}
    never_had |= {"incident_pairs", "breakdowns", "yardsticks"}
    assert {name for name, frame in made.items() if frame.is_empty()} == never_had


def test_what_is_made_some_at_a_time_is_the_same(small_home, monkeypatch):
    at_once = of(small_home)
    for module, few in (("cells", 5), ("counted", 20)):
        monkeypatch.setattr(f"pipelines.releasing.{module}.TOGETHER", few)
    made = of(small_home)
    for name, frame in at_once.items():
        assert made[name].equals(frame), name


def test_every_judged_series_has_its_chance_of_standing_out_by_chance(small_home):
    signals = of(small_home)["signals"].join(
        pl.DataFrame({"measure": [m.id for m in load()], "unit": [m.unit for m in load()]}),
        on="measure",
    )
    simulated = pl.col("unit").is_in(["percent", "per_1000_bed_days"])
    judged = pl.col("variation").is_not_null() & pl.col("centre").is_not_null()
    known = signals.filter(simulated & judged & (pl.col("denominator") > 0))
    assert known.height
    assert known["chance"].is_between(0, 0.3).all()
    assert signals.filter(~simulated | pl.col("variation").is_null())["chance"].is_null().all()


def test_a_month_sent_three_times_has_one_band_of_peers(home):
    for month in (JAN, JAN + 1):
        worlds.send(home, "Z02", month)
        for day, safe in ((5, 9), (6, 8), (7, 7)):
            rows = [worlds.monthly_row(w, month, pt_safe=safe) for w in worlds.WARDS["Z01"]]
            worlds.send(home, "Z01", month, at=worlds.received(month, day), monthly=rows)
    made = of(home)
    check(made)
    assert made["peer_bands"].height
    assert made["peer_bands"]["state"].unique().to_list() == ["suppressed"]


def test_a_programme_without_a_return_has_a_whole_release(home):
    made = of(home)
    check(made)
    assert made["observations"].is_empty()
    assert made["wards"].height == 5
    assert made["release"]["data_to"].item() is None


def test_only_the_moment_of_building_depends_on_the_clock(small_home):
    one, other = of(small_home), of(small_home, now=datetime(2031, 1, 1, tzinfo=UTC))
    for name in set(TABLES) - {"release"}:
        assert one[name].equals(other[name]), name
    assert one["release"].drop("built_at").equals(other["release"].drop("built_at"))


def test_the_id_follows_from_entries_settings_measures_and_day(small_home):
    here = sources_of(small_home)
    others = [
        replace(here, entries=replace(here.entries, state="other")),
        replace(here, programme=here.programme.model_copy(update={"name": "x"})),
        replace(here, measures=here.measures[1:]),
        replace(here, as_at=date(2026, 1, 1)),
    ]
    assert len({sources.release_id for sources in (here, *others)}) == 5


def test_as_at_an_earlier_day_is_what_was_built_that_day(tmp_path):
    half, whole = (worlds.empty_world(tmp_path / name) for name in ("half", "whole"))
    for number in range(6):
        for home in (half, whole):
            worlds.send(home, "Z01", JAN + number)
    day = worlds.received(JAN + 5).date()
    for number in range(6, 9):
        worlds.send(whole, "Z01", JAN + number)
    then, now = of(half, day), of(whole, day)
    for name in TABLES:
        assert then[name].equals(now[name]), name


def test_versions_are_active_superseded_or_withdrawn(home):
    rows = [worlds.monthly_row(ward, JAN, pt_safe=1) for ward in worlds.WARDS["Z01"]]
    worlds.send(home, "Z01", JAN)
    worlds.send(home, "Z01", JAN, monthly=rows, at=datetime(2025, 2, 20, tzinfo=UTC))
    worlds.send(home, "Z02", JAN)
    decide.withdraw(home, "Z02/2025-01/1", Decided(worlds.TEAM, NOW, "Sent by mistake"))
    found = of(home)["returns"].select("return_id", "status", "timeliness").rows()
    assert found == [
        ("Z01/2025-01/1", "superseded", "on_time"),
        ("Z01/2025-01/2", "active", "late"),
        ("Z02/2025-01/1", "withdrawn", "on_time"),
    ]


def test_every_answer_names_the_cell_it_was_sent_in(home):
    worlds.send(home, "Z01", JAN)
    found = of(home)["cells"].filter(ward_id="Z01-BIRCH1", field="pt_safe").row(0, named=True)
    sent = worlds.monthly_row("BIRCH1", JAN)
    assert (found["sheet"], found["row"], found["return_id"]) == ("monthly", 3, "Z01/2025-01/1")
    assert found["column"] == "ABCDEFGH"[list(sent).index("pt_safe")]
    assert (found["entered"], found["number"]) == (str(sent["pt_safe"]), sent["pt_safe"])


def asked(*found: Query) -> Receipt:
    return Receipt(
        trust_code="Z01",
        month="2025-01",
        version=1,
        received_at=datetime(2025, 2, 5, tzinfo=UTC),
        received_by=worlds.LEAD,
        filename="x.xlsx",
        sha256="0",
        kept_sha256="0",
        size=1,
        rows=1,
        rows_by_sheet={"monthly": 1},
        template_version="1.0",
        data_status="provisional",
        queries=found,
    )


def query(cell="D2", ward="ALDER1", answer=None, severity="query") -> Query:
    return Query(
        code="W04",
        sheet="monthly",
        cell=cell,
        row=2,
        column="occupied_bed_days",
        ward=ward,
        value="9",
        message="Fewer bed days than usual.",
        severity=severity,
        answer=answer,
    )


def kept(receipt, *decisions) -> Entries:
    return Entries((receipt,), decisions, empty_register(), "state", None)


def later(key, minute=0):
    at = datetime(2025, 3, 1, 9, minute, tzinfo=UTC)
    about = {"return_id": "Z01/2025-01/1", "query": key}
    return decision("query_answer", Decided(worlds.TEAM, at, "Ward half closed"), **about)


def test_an_answer_is_the_senders_or_one_given_later():
    receipt = asked(query(answer="Known"), query("D3"), query("D4"))
    frame = Queries.validate(queries(kept(receipt, later(query_key("W04", "monthly", "D4")))))
    assert frame.select("cell", "answer", "answered_by").rows() == [
        ("D2", "Known", worlds.LEAD),
        ("D3", None, None),
        ("D4", "Ward half closed", worlds.TEAM),
    ]
    assert frame["ward_id"].unique().to_list() == ["Z01-ALDER1"]


def test_an_answer_to_a_code_answers_all_its_findings_until_it_is_undone():
    given = later("W04")
    undo = decision("undo", Decided(worlds.TEAM, NOW, "Not so"), undoes=given.id)
    receipt = asked(query(), query("D3"))
    assert queries(kept(receipt, given))["answer"].null_count() == 0
    assert queries(kept(receipt, given, undo))["answer"].null_count() == 2


def test_open_queries_are_those_of_active_returns_without_an_answer():
    receipt = asked(query(), query("D3", "BIRCH1", "Known"), query("D4", severity="note"))
    frame = queries(kept(receipt))
    assert open_queries(frame, [receipt]).rows() == [
        ("Z01-ALDER1", date(2025, 1, 1), "occupied_bed_days")
    ]
    assert open_queries(frame, []).is_empty()


def charter(**said):
    fields = {"ward_code": "ALDER1", "stage": "displayed", "coproduced_patients": "yes", **said}
    month = date(2026, 3, 1)
    rows = [
        ("Z01/2026-03/1", "Z01", "Z01-ALDER1", month, "charter", 2, "A", name, text, text, None)
        for name, text in fields.items()
    ]
    rows = [(*row, "value") for row in rows]
    frame = charters(pl.DataFrame(rows, schema=empty(ReleaseCells).schema, orient="row"))
    return Charters.validate(frame).row(0, named=True)


@pytest.mark.parametrize(
    ("said", "in_place", "current"),
    [
        ({"agreed_on": "2025-04-01"}, True, True),
        ({"agreed_on": "2025-03-31"}, True, False),
        ({"agreed_on": "2020-01-01", "last_reviewed_on": "2026-02-01"}, True, True),
        ({"stage": "under_review", "agreed_on": "2026-01-01"}, True, True),
        ({"stage": "agreed", "agreed_on": "2026-01-01"}, False, False),
        ({"coproduced_patients": "no", "agreed_on": "2026-01-01"}, False, False),
        ({"coproduced_patients": None, "agreed_on": "2026-01-01"}, False, False),
        ({}, True, False),
    ],
)
def test_a_charter_in_place_was_made_with_patients_and_a_current_one_was_looked_at(
    said, in_place, current
):
    found = charter(**said)
    assert (found["in_place"], found["current"]) == (in_place, current)


def test_who_took_part_in_a_charter_is_kept_as_it_was_sent_and_blank_is_not_zero():
    said = {"patients_n": "6", "carers_n": "0", "conversations_n": "14"}
    found = charter(stage="agreed", coproduced_on="2025-10-21", **said)
    counts = [found[name] for name in ("patients_n", "staff_n", "carers_n", "conversations_n")]
    assert counts == [6, None, 0, 14]
    assert found["coproduced_on"] == date(2025, 10, 21)
    assert found["changes_n"] is None


def test_a_rating_says_who_gave_it_if_that_was_sent(home):
    first, *others = worlds.standards_rows("ALDER1")
    rated = [first | {"rated_by": "with_patients", "assessed_on": "2025-01-20"}, *others]
    worlds.send(home, "Z01", JAN, standards=rated)
    made = of(home)
    check(made)
    found = made["standards"].select("rating", "rated_by", "assessed_on").rows()
    assert found[0] == ("met", "with_patients", date(2025, 1, 20))
    assert found[1:] == [("partly_met", None, None), ("not_met", None, None)]


def test_foundations_count_what_each_ward_last_told_within_a_year(home):
    for number in range(14):
        sheets = {} if number in (0, 1) else {"charter": [], "standards": []}
        rows = [
            worlds.monthly_row(w, JAN + number, conf_valid=None, conf_positive=None)
            for w in worlds.WARDS["Z01"]
        ]
        if number == 0:
            sheets["charter"] = [
                worlds.charter_row("ALDER1", JAN, stage="displayed", agreed_on="2025-01-02")
            ]
            rows[0] = worlds.monthly_row("ALDER1", JAN)
        if number == 1:
            sheets["charter"] = [worlds.charter_row("BIRCH1", JAN + 1, stage="planned")]
        worlds.send(home, "Z01", JAN + number, monthly=rows, **sheets)
    made = of(home)["foundations"].filter(level="trust", unit_id="Z01")

    def with_it(foundation):
        return made.filter(foundation=foundation).sort("month")["wards_with"].to_list()

    assert with_it("benchmarking") == [3] * 12 + [0] * 2
    assert with_it("charter") == [1] * 12 + [0] * 2
    assert with_it("confidence") == [1] * 12 + [0] * 2
    assert with_it("trauma_informed") == [None] * 14, "nobody has sent any figure of it"
    assert made["wards"].unique().to_list() == [3]


def test_trauma_informed_care_counts_wards_that_practise_it(home):
    """A ward with zeros has measured it; one without any figure has not."""
    practised = {"ti_trained_n": 4, "ti_supervised_n": None}
    zeros = {"ti_trained_n": 0, "ti_supervised_n": 0, "rounds_held": 4, "rounds_informed": 0}
    sent = {("ALDER1", 0): zeros, ("ALDER1", 1): practised, ("BIRCH1", 2): {"ti_supervised_n": 1}}
    for number in range(16):
        rows = [
            worlds.monthly_row(w, JAN + number, **sent.get((w, number), {}))
            for w in worlds.WARDS["Z01"]
        ]
        worlds.send(home, "Z01", JAN + number, monthly=rows)
    made = of(home, now=datetime(2026, 6, 5, tzinfo=UTC))
    care = made["foundations"].filter(foundation="trauma_informed").sort("level", "month")
    counted = [0, 1, *[2] * 11, 1, None, None]
    assert care.filter(level="trust", unit_id="Z01")["wards_with"].to_list() == counted
    assert care.filter(level="programme")["wards_with"].to_list() == counted
    assert care.filter(level="trust", unit_id="Z02")["wards_with"].null_count() == 16
    share = made["observations"].filter(level="ward", unit_id="Z01-ALDER1", measure="SS-P13")
    assert share.sort("month")["numerator"].to_list()[:3] == [0, 4, None]


def event(ward="ALDER1", **said):
    return {"ward_code": ward, "date": "2025-01-15", "kind": "training", "label": "New", **said}


def test_events_are_shown_once_where_they_happened(home):
    worlds.send(home, "Z01", JAN, events=[event(), event("ALL", kind="staffing")])
    worlds.send(home, "Z01", JAN + 1, events=[event()])  # left in the workbook
    at = datetime(2025, 3, 1, tzinfo=UTC)
    about = {"trust_code": "Z02", "ward_code": "ELDER1", "month": "2025-02", "measure": "SS-I1"}
    rebase = decision("rebase", Decided(worlds.TEAM, at, "Definition changed"), **about)
    note = decision("annotation", Decided(worlds.TEAM, at, "Learning set"), month="2025-02")
    gone = decision("annotation", Decided(worlds.TEAM, at, "Not so"), month="2025-01")
    undo = decision("undo", Decided(worlds.TEAM, at, "Wrong month"), undoes=gone.id)
    for taken in (rebase, note, gone, undo):
        home.archive.record(taken)
    found = of(home)["events"].select("level", "unit_id", "kind", "day", "source").rows()
    assert found == [
        ("programme", "programme", "other", date(2025, 2, 1), note.id),
        ("trust", "Z01", "staffing", date(2025, 1, 15), "Z01/2025-01/1"),
        ("ward", "Z01-ALDER1", "training", date(2025, 1, 15), "Z01/2025-01/1"),
        ("ward", "Z02-ELDER1", "rebase", date(2025, 2, 1), rebase.id),
    ]


@pytest.mark.parametrize("renamed", [False, True])
def test_a_merger_is_an_event_of_the_trust_that_goes_on(home, renamed):
    frames = worlds.register_frames()
    rows = [
        worlds.trust_row("Z01", valid_to=date(2025, 3, 31), successor_code="Z02"),
        worlds.trust_row("Z02"),
    ]
    if renamed:
        before = {"trust_name": "As it was called", "valid_to": date(2025, 1, 31)}
        rows[0] |= {"valid_from": date(2025, 2, 1)}
        rows.insert(0, worlds.trust_row("Z01", **before))
    frames["trusts"] = pl.DataFrame(rows, infer_schema_length=None)
    at = datetime(2025, 4, 2, tzinfo=UTC)
    home.archive.keep_register(register_of(frames), Decided(worlds.TEAM, at, "Merged"))
    found = of(home)["events"].select("unit_id", "day", "label").rows()
    assert found == [("Z02", date(2025, 4, 1), "Tiny trust Z01 became part of this trust")]
    assert of(home, date(2025, 4, 1))["events"].is_empty()  # nobody had said so yet


def test_charters_and_ratings_are_those_of_the_ward_it_is_today(home):
    worlds.send(
        home, "Z01", JAN, charter=[worlds.charter_row(w, JAN) for w in ("ALDER1", "BIRCH1")]
    )
    frames = worlds.register_frames()
    birch = {
        "open_to": date(2025, 1, 31),
        "valid_to": date(2025, 1, 31),
        "successor_trust_code": "Z01",
        "successor_ward_code": "ALDER1",
    }
    moved = {"valid_to": date(2025, 1, 31), "successor_trust_code": "Z02"}
    rows = [
        worlds.ward_row("Z01", "ALDER1"),
        worlds.ward_row("Z01", "BIRCH1", **birch),
        worlds.ward_row("Z01", "CEDAR1", **moved, successor_ward_code="CEDAR1"),
        worlds.ward_row("Z02", "CEDAR1", valid_from=date(2025, 2, 1)),
        worlds.ward_row("Z02", "DOGWD1"),
        worlds.ward_row("Z02", "ELDER1"),
    ]
    frames["wards"] = pl.DataFrame(rows, infer_schema_length=None)
    home.archive.keep_register(register_of(frames), Decided(worlds.TEAM, NOW, "Moved"))
    made = of(home)
    check(made)
    assert made["charters"].select("ward_id", "trust_code").rows() == [("Z01-ALDER1", "Z01")]
    cedar = made["standards"].filter(org_code="CEDAR1")
    assert cedar.select("ward_id", "trust_code").unique().rows() == [("Z02-CEDAR1", "Z02")]
    assert set(made["cells"]["ward_id"].drop_nulls()) == {  # as they were sent
        "Z01-ALDER1",
        "Z01-BIRCH1",
        "Z01-CEDAR1",
    }


def test_a_release_that_breaks_its_rules_names_the_table_and_the_rule(small_home):
    made = of(small_home)
    broken = {
        **made,
        "observations": made["observations"].with_columns(
            state=pl.lit("missing"), level=pl.lit("bed")
        ),
        "returns": pl.concat([made["returns"], made["returns"][:1]]),
        "wards": made["wards"].drop("beds"),
    }
    with pytest.raises(ReleaseError) as error:
        check(broken)
    for said in (
        "observations.level",
        "observations with a figure and a state that has none",
        "returns has 2 rows with the same return_id",
        "wards has the columns",
    ):
        assert said in str(error.value)


def test_a_release_without_a_table_is_no_release(small_home):
    made = of(small_home)
    del made["points"]
    with pytest.raises(ReleaseError, match="has no table points"):
        check(made)


def test_typed_frames_have_exactly_the_models_columns():
    frame = typed(pl.DataFrame({"extra": [1], "code": ["W04"]}), Queries)
    assert frame.columns == list(Queries.to_schema().columns)
    assert frame["message"].to_list() == [None]
