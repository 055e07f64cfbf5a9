"""Which ward each chapter of the story happens to. Pure."""

from dataclasses import replace

from pipelines.demo.cast import Size, Trust, Ward
from pipelines.demo.script import Chapter, chapters


def with_chapters(size: Size, trusts: list[Trust], wards: list[Ward]) -> list[Ward]:
    """Give each chapter to the ward it suits best, and some of them to more wards."""
    merged = {trust.code for trust in trusts if "is_merged" in trust.habits}
    wards = list(wards)
    for telling in _tellings(size):
        chapter, told_before = telling
        free = [i for i, ward in enumerate(wards) if ward.chapter is None]
        if not free or len(free) < size.wards // 5:  # a fifth have no story at all
            break
        best = min(free, key=lambda i: (*_misfit(wards[i], *telling, merged), i))
        turn = size.month_at(chapter.begins + 0.02 * (told_before % 5))
        wards[best] = replace(wards[best], chapter=chapter, turn=turn)
    return wards


def _misfit(ward: Ward, chapter: Chapter, told_before: int, merged: set[str]) -> tuple[bool, ...]:
    """What speaks against a ward for a chapter; a repeat is wanted in any other trust."""
    there = ward.trust_code == f"Z{chapter.trust:02d}"
    wrong_trust = there if told_before else not there
    return ward.trust_code in merged, wrong_trust, ward.kind.kind not in chapter.kinds


def _tellings(size: Size) -> list[tuple[Chapter, int]]:
    """Every chapter once, in order, then the repeats that a larger programme has room for."""
    once = [(chapter, 0) for chapter in chapters() if _fits(chapter, size)]
    more = [
        (chapter, told)
        for chapter, _ in once
        for told in range(1, (size.wards // chapter.again) if chapter.again else 1)
    ]
    return once + more


def _fits(chapter: Chapter, size: Size) -> bool:
    return size.months >= 6 or not (chapter.closes or chapter.opens or chapter.shut_months)
