"""What a resubmission would change, cell by cell."""

import polars as pl

from pipelines.checking.version_changes import changes
from schemas.cells import Cells
from schemas.typed import types_of


def cell(field, text, row=5, sheet="monthly", ward="ALDER1", state="value"):
    state = "missing" if text is None else state
    return (sheet, row, "C", field, ward, text, text, None, state)


def row(ward, number, **values):
    said = {"period": "2026-03", "ward_code": ward, **values}
    return [cell(field, text, number, ward=ward) for field, text in said.items()]


def frame(*cells):
    return pl.DataFrame(list(cells), schema=types_of(Cells), orient="row")


def brief(found):
    return [
        (r["ward_code"], r["field"], r["before"], r["after"]) for r in found.iter_rows(named=True)
    ]


def test_the_same_return_changes_nothing():
    cells = frame(*row("ALDER1", 5, pt_safe="7"))
    assert changes(cells, cells).is_empty()


def test_a_changed_value_and_a_value_that_is_gone():
    before = frame(*row("ALDER1", 5, pt_answered="9", pt_safe="7"))
    after = frame(*row("ALDER1", 5, pt_answered=None, pt_safe="8"))
    found = changes(before, after)
    assert brief(found) == [("ALDER1", "pt_answered", "9", None), ("ALDER1", "pt_safe", "7", "8")]
    assert found["state_after"].to_list() == ["missing", "value"]


def test_rows_in_another_order_change_nothing():
    before = frame(*row("ALDER1", 5, pt_safe="7"), *row("BIRCH1", 6, pt_safe="3"))
    after = frame(*row("BIRCH1", 5, pt_safe="3"), *row("ALDER1", 9, pt_safe="7"))
    assert changes(before, after).is_empty()


def test_a_ward_that_is_new_or_gone_is_told_cell_by_cell_but_not_its_blanks():
    before = frame(*row("ALDER1", 5, pt_safe="7", pt_declined=None))
    after = frame(*row("BIRCH1", 5, pt_safe="3", pt_declined=None))
    found = changes(before, after)
    assert ("ALDER1", "pt_safe", "7", None) in brief(found)
    assert ("BIRCH1", "pt_safe", None, "3") in brief(found)
    assert "pt_declined" not in found["field"]
    assert found.filter(pl.col("ward_code") == "ALDER1")["state_after"].null_count() == 3


def test_a_nil_and_a_typed_zero_are_different():
    before = frame(*row("ALDER1", 5), cell("inc_other", "0", state="nil"))
    after = frame(*row("ALDER1", 5), cell("inc_other", "0"))
    found = changes(before, after)
    assert found.select("state_before", "state_after").rows() == [("nil", "value")]


def test_how_a_value_was_written_does_not_matter():
    before = frame(*row("ALDER1", 5, pt_safe="7"))
    after = before.with_columns(entered=pl.lit(" 7.0"))
    assert changes(before, after).is_empty()


def test_an_event_sent_twice_is_two_events():
    def event(number):
        said = {"ward_code": "ALDER1", "date": "2026-03-02", "kind": "training", "label": "Day"}
        return [cell(field, text, number, "events") for field, text in said.items()]

    found = changes(frame(*event(2)), frame(*event(2), *event(3)))
    assert found.height == 4
    assert found["about"].unique().to_list() == ["ALDER1, 2026-03-02, training, Day (2)"]


def test_the_cover_is_compared_wherever_its_answers_stand():
    before = frame(cell("data_status", "provisional", 4, "cover", None))
    after = frame(cell("data_status", "final", 9, "cover", None))
    assert brief(changes(before, after)) == [(None, "data_status", "provisional", "final")]


def test_changes_stand_in_the_order_of_the_template():
    before = frame(*row("BIRCH1", 5, pt_answered="1", pt_safe="1"), *row("ALDER1", 6, pt_safe="1"))
    after = frame(*row("BIRCH1", 5, pt_answered="2", pt_safe="2"), *row("ALDER1", 6, pt_safe="2"))
    order = [(w, f) for w, f, _, _ in brief(changes(before, after))]
    assert order == [("ALDER1", "pt_safe"), ("BIRCH1", "pt_answered"), ("BIRCH1", "pt_safe")]
