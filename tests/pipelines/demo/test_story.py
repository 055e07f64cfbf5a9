"""The story, before anything is written: complete for every size, and the same every time."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.demo.cast import Size
from pipelines.demo.casting import cast
from pipelines.demo.charters import charter
from pipelines.demo.figures import figures
from pipelines.demo.register import editions
from pipelines.demo.schedule import postings
from pipelines.demo.script import chapters, kinds, script, trust_names, ward_names
from pipelines.demo.sheets import Clerk
from pipelines.demo.story import Story
from pipelines.registers.checks import missing_from, problems_of
from pipelines.registers.placeholders import placeholders
from schemas.periods import Month

LAST = Month(2026, 3)
PARTS_OF_WHOLES = {
    "pt_answered": ("patients_present",),
    "pt_safe": ("pt_answered",),
    "st_answered": ("staff_in_post",),
    "st_safe": ("st_answered",),
    "trained_n": ("staff_in_post",),
    "conf_positive": ("conf_valid",),
    "admissions_discussed": ("admissions_audited",),
    "meetings_discussed": ("meetings_held",),
    "support_offered_n": ("inc_harassment", "inc_assault", "inc_other"),
    "options_considered_n": ("inc_harassment", "inc_assault", "inc_other"),
}


@st.composite
def sizes(draw: st.DrawFn) -> Size:
    trusts = draw(st.integers(1, 12))
    return Size(
        trusts,
        trusts + draw(st.integers(0, 20)),
        draw(st.integers(1, 30)),
        draw(st.integers(0, 10_000)),
    )


@settings(max_examples=25)
@given(sizes())
def test_every_ward_has_a_place_and_every_number_adds_up(size: Size) -> None:
    story = Story(size, LAST)
    assert len(story.trusts) == size.trusts
    assert len(story.wards) == size.wards
    assert len({ward.id for ward in story.wards}) == size.wards
    assert {ward.trust_code for ward in story.wards} == {trust.code for trust in story.trusts}
    for ward in story.wards[:4]:
        rows = figures(ward, story)
        assert len(rows) == size.months
        for row in rows:
            for part, whole in PARTS_OF_WHOLES.items():
                assert 0 <= row[part] <= sum(row[name] for name in whole)


@settings(max_examples=15)
@given(sizes())
def test_every_edition_of_the_register_can_be_kept_and_forgets_nothing(size: Size) -> None:
    kept = editions(Story(size, LAST), placeholders())
    for edition in kept:
        assert problems_of(edition.register) == []
    for before, after in itertools.pairwise(kept):
        assert missing_from(after.register, before.register) == []
        assert before.at < after.at


@settings(max_examples=15)
@given(sizes())
def test_a_return_is_only_sent_for_a_month_that_is_over_and_by_its_own_trust(size: Size) -> None:
    story = Story(size, LAST)
    for trust in story.trusts:
        for posting in postings(story, trust):
            assert posting.at.date() > story.month(posting.month).last_day
            assert posting.month not in story.pause
            assert story.wards_of(trust, posting.month)


def test_the_same_size_and_month_tell_the_same_story() -> None:
    size = Size(8, 12, 15)
    one, two = Story(size, LAST), Story(size, LAST)
    assert cast(size) == cast(size)
    assert [figures(ward, one) for ward in one.wards] == [figures(ward, two) for ward in two.wards]
    assert [postings(one, t) for t in one.trusts] == [postings(two, t) for t in two.trusts]


def test_another_seed_tells_another_story() -> None:
    one, two = Story(Size(seed=1), LAST), Story(Size(seed=2), LAST)
    assert figures(one.wards[0], one) != figures(two.wards[0], two)


def test_the_figures_of_a_ward_depend_on_no_other_ward() -> None:
    story = Story(Size(8, 12, 15), LAST)
    alone = figures(story.wards[5], Story(Size(8, 12, 15), LAST))
    in_turn = [figures(ward, story) for ward in story.wards]
    assert in_turn[5] == alone


def test_the_usual_demonstration_has_every_chapter_and_habit() -> None:
    story = Story(Size(), LAST)
    told = {ward.chapter.id for ward in story.wards if ward.chapter}
    assert told == {chapter.id for chapter in chapters()}
    habits = {habit for trust in story.trusts for habit in trust.habits}
    assert habits == {*script()["habits"], "is_merged"}
    assert len(story.pause) == 2
    assert sum(ward.chapter is None for ward in story.wards) > len(story.wards) // 2


def test_charters_only_go_forward_until_they_are_reviewed() -> None:
    story = Story(Size(), LAST)
    order = ["none", "planned", "drafting", "agreed", "displayed"]
    for ward in story.wards:
        made = charter(ward, story)
        stages = [made.stage(month) for month in range(24)] if made else []
        forward = [order.index(stage) for stage in stages if stage != "under_review"]
        assert forward == sorted(forward)


def test_the_improved_ward_has_its_charter_on_the_wall_when_it_improves() -> None:
    story = Story(Size(), LAST)
    ward = next(w for w in story.wards if w.chapter and w.chapter.id == "charter_helped")
    made = charter(ward, story)
    assert made is not None
    assert made.stage(ward.turn) == "displayed"
    rows = figures(ward, story)
    before, after = rows[: ward.turn], rows[ward.turn + 2 :]
    safe = [
        sum(r["pt_safe"] for r in part) / sum(r["pt_answered"] for r in part)
        for part in (before, after)
    ]
    assert safe[1] - safe[0] > 0.15


def test_the_silent_ward_always_says_nil() -> None:
    story = Story(Size(), LAST)
    ward = next(w for w in story.wards if w.chapter and w.chapter.silent)
    clerk = Clerk(story, story.trust(ward.trust_code))
    for month in (0, 8, 23):
        rows = clerk.sheets(month, 1, [])["monthly"]
        row = next(row for row in rows if row["ward_code"] == ward.code)
        assert row["return_status"] == "nil_incidents"
        assert "inc_assault" not in row


def test_nobody_in_the_story_is_real() -> None:
    story = Story(Size(99, 300, 3), LAST)
    assert all(trust.code.startswith("Z") for trust in story.trusts)
    assert all(person["email"].endswith(".example") for person in script()["people"])
    assert len(set(trust_names())) == 99
    assert len(set(ward_names())) == len(ward_names())
    assert not any("NHS" in name for name in trust_names())
    assert len({ward.name for ward in story.wards}) == 300


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"trusts": 0}, "1 to 99 trusts"),
        ({"trusts": 100, "wards": 100}, "1 to 99 trusts"),
        ({"trusts": 3, "wards": 2}, "2 wards are too few for 3 trusts"),
        ({"months": 0}, "1 to 120 months"),
    ],
)
def test_a_size_that_makes_no_sense_is_refused_in_a_sentence(
    wrong: dict[str, int], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        Size(**wrong)


def test_the_kinds_of_ward_make_some_large_peer_groups_and_some_small_ones() -> None:
    assert sum(kind.share for kind in kinds()) == 100
    story = Story(Size(), LAST)
    groups: dict[str, int] = {}
    for ward in story.wards:
        groups[ward.kind.kind] = groups.get(ward.kind.kind, 0) + 1
    assert sum(count >= 5 for count in groups.values()) >= 4
    assert min(groups.values()) < 5
