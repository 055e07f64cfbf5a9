"""Saving drafts and sending them: only for one's own trust, and never what somebody hasn't seen."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pipelines.accepting.preview import preview
from pipelines.accepting.submission import Arrival
from pipelines.drafting import drafting
from pipelines.drafting.basis import workbook_of
from pipelines.drafting.drafting import DraftsChanged, NotSaved
from pipelines.keeping.drafts import SavedMeanwhile
from pipelines.keeping.explanations import EVERY_CODE
from pipelines.keeping.uploads import Upload
from pipelines.sending import NotYours
from tests import worlds
from tests.pipelines.drafting.conftest import LAST, NEXT, NOW, OWN

OTHER = "jo@trust.example"
COVER = {"declaration": "yes"}


@pytest.fixture
def saved(home, basis, draft):
    """A draft of every ward, the last of them by somebody else."""
    *first, last = (draft(ward) for ward in worlds.WARDS["Z01"])
    every = [*first, replace(last, by=OTHER)]
    return [drafting.save(home, basis(), one, OWN) for one in every]


def arrival_of(look, content):
    reasons = {EVERY_CODE: "Counted again with the ward"}
    return Arrival(content, "drafts.xlsx", worlds.LEAD, NOW, reasons, OWN)


def checked(home, basis, drafts):
    content = workbook_of(basis(), drafts, COVER)
    look = preview(home, Upload("drafts.xlsx", content, NOW), NOW, OWN)
    assert look.may_be_sent, look.checked.as_dict()
    return look, arrival_of(look, content), {draft.ward: draft.version for draft in drafts}


def test_nobody_reads_saves_deletes_or_sends_another_trusts_drafts(home, basis, draft, saved):
    theirs = frozenset({"Z02"})
    look, arrival, versions = checked(home, basis, saved)
    for act in (
        lambda: drafting.drafts_of(home, "Z01", NOW, theirs),
        lambda: drafting.save(home, basis(), draft(), theirs),
        lambda: drafting.remove(home, saved[0], theirs),
        lambda: drafting.send_drafted(
            home, look, replace(arrival, allowed_trusts=theirs), versions
        ),
    ):
        with pytest.raises(NotYours):
            act()
    assert drafting.drafts_of(home, "Z02", NOW, theirs).whole == []
    assert drafting.drafts_of(home, "Z01", NOW, OWN).whole == saved


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"typed": {"return_status": "data", "explain": "Sarah was on leave"}},
            "“Explanation” looks as if it holds",
        ),
        ({"typed": {"pt_safe": -1}}, "“Patients who feel safe” can’t hold this"),
        ({"typed": {"pt_safe": 1_000_000}}, "can’t hold this"),
        ({"typed": {"pt_safe": True}}, "can’t hold this"),
        ({"typed": {"return_status": "perhaps"}}, "“Row status” can’t hold this"),
        ({"typed": {"explain": "a" * 201}}, "“Explanation” can’t hold this"),
        ({"typed": {"ward_code": "BIRCH1"}}, "the form doesn’t ask for"),
        ({"typed": {"no_such_figure": 1}}, "the form doesn’t ask for"),
        ({"typed": {"pt_safe": 3}}, "choose the “Row status” first"),
        ({"ward": "ELDER1"}, "ELDER1 was not open"),
        ({"month": str(LAST)}, "another trust or month"),
    ],
)
def test_what_no_form_holds_is_refused_in_a_sentence_and_nothing_is_saved(
    home, basis, draft, changes, said
):
    with pytest.raises(NotSaved, match=said):
        drafting.save(home, basis(), replace(draft(), **changes), OWN)
    assert drafting.drafts_of(home, "Z01", NOW, OWN).whole == []


def test_a_draft_may_be_unfinished_and_contradict_itself(home, basis, draft):
    kept = drafting.save(home, basis(), draft(pt_safe=99, st_safe=None), OWN)
    assert drafting.drafts_of(home, "Z01", NOW, OWN).whole == [kept]


def test_the_second_of_two_is_told_and_nothing_is_overwritten(home, basis, draft):
    first = drafting.save(home, basis(), draft(), OWN)
    with pytest.raises(SavedMeanwhile) as found:
        drafting.save(home, basis(), replace(draft(pt_declined=3), by=OTHER), OWN)
    assert found.value.now == first


def test_drafts_are_in_no_entry_and_no_figure_until_they_are_sent(home, saved):
    before = home.archive.state()
    assert len(saved) == 3
    assert home.archive.state() == before


def test_sending_keeps_one_return_names_who_typed_what_and_clears_the_drafts(home, basis, saved):
    look, arrival, versions = checked(home, basis, saved)
    kept = drafting.send_drafted(home, look, arrival, versions)
    assert kept.receipt.return_id == f"Z01/{NEXT}/1"
    by = {"ALDER1": worlds.LEAD, "BIRCH1": worlds.LEAD, "CEDAR1": OTHER}
    assert kept.receipt.drafted_by == by
    (stored,) = [r for r in home.archive.receipts() if r.return_id == kept.receipt.return_id]
    assert stored == kept.receipt
    assert drafting.drafts_of(home, "Z01", NOW, OWN).whole == []
    again = drafting.send_drafted(home, look, arrival, versions)  # a second click
    assert (again.receipt, again.already_kept) == (kept.receipt, True)


def test_a_draft_saved_or_deleted_after_the_check_stops_the_sending(home, basis, draft, saved):
    look, arrival, versions = checked(home, basis, saved)
    newer = replace(saved[1], typed=draft("BIRCH1", pt_declined=1).typed, by=OTHER)
    newer = drafting.save(home, basis(), newer, OWN)
    with pytest.raises(DraftsChanged) as found:
        drafting.send_drafted(home, look, arrival, versions)
    assert found.value.wards == ("BIRCH1",)
    assert drafting.remove(home, saved[0], OWN)
    with pytest.raises(DraftsChanged) as found:
        drafting.send_drafted(home, look, arrival, versions)
    assert found.value.wards == ("ALDER1", "BIRCH1")
    assert basis().active is None
    assert newer in drafting.drafts_of(home, "Z01", NOW, OWN).whole


def test_a_draft_of_another_month_stays_when_a_month_is_sent(home, basis, draft, saved):
    other = drafting.save(home, basis(LAST), draft(month=LAST), OWN)
    look, arrival, versions = checked(home, basis, saved)
    assert drafting.send_drafted(home, look, arrival, versions).receipt
    assert drafting.drafts_of(home, "Z01", NOW, OWN).whole == [other]


def test_a_draft_that_expired_after_the_check_stops_the_sending(home, basis, saved):
    look, arrival, versions = checked(home, basis, saved)
    late = replace(arrival, at=NOW + timedelta(days=31))
    with pytest.raises(DraftsChanged):
        drafting.send_drafted(home, look, late, versions)
    assert basis().active is None
