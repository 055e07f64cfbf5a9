"""Gives a demonstration its trusts with their habits, and its wards of every kind. Pure."""

from dataclasses import replace
from datetime import date
from random import Random

from pipelines.demo.cast import Size, Trust, Ward
from pipelines.demo.script import Chapter, Kind, chapters, kinds, script, trust_names, ward_names
from pipelines.demo.seeded_chance import chance, share_out
from schemas.vocabularies import REGIONS

_TRUSTS_FOR_A_MERGER = 7


def cast(size: Size) -> tuple[list[Trust], list[Ward]]:
    """Every trust and every ward of a demonstration."""
    trusts = [_trust(size, number) for number in range(1, size.trusts + 1)]
    return trusts, _wards(size, trusts)


def _trust(size: Size, number: int) -> Trust:
    rng = chance(size.seed, "trust", number)
    habits = _habits(size, number)
    merges = "is_merged" in habits
    return Trust(
        number=number,
        code=f"Z{number:02d}",
        name=trust_names()[number - 1],
        region_code=rng.choice(list(REGIONS)),
        joins=size.month_at(script()["months"]["joins"]) if "joins_later" in habits else 0,
        incident_source=rng.choice(script()["spread"]["one_source"]),
        habits=habits,
        merges_at=size.month_at(script()["months"]["merges"]) if merges else None,
        merges_into=f"Z{script()['habits']['merger']:02d}" if merges else None,
    )


def _habits(size: Size, number: int) -> frozenset[str]:
    """A trust's habits; a short programme has no mergers or missing months."""
    numbers = script()["habits"]
    habits = {name for name, who in numbers.items() if who == number}
    if size.months < 4:
        habits -= {"misses_a_month", "misses_many", "joins_later"}
    if number == size.trusts >= _TRUSTS_FOR_A_MERGER and size.months >= 6:
        habits.add("is_merged")
    return frozenset(habits)


def _wards(size: Size, trusts: list[Trust]) -> list[Ward]:
    in_trusts = _wards_of_trusts(size)
    places = [(trust, i) for trust in trusts for i in range(in_trusts[trust.number - 1])]
    dealt = zip(places, _kinds_dealt(size), strict=True)
    wards = [_ward(size, place, kind, index) for index, (place, kind) in enumerate(dealt)]
    return with_chapters(size, trusts, wards)


def _wards_of_trusts(size: Size) -> list[int]:
    """How many wards each trust has: one each, and the first few have some of the rest."""
    rng = chance(size.seed, "wards of trusts")
    weights = [6.0, 4.0, 3.0] + [rng.choice((0.0, 1.0, 1.0, 2.0)) + 0.01 for _ in range(99)]
    return [1 + n for n in share_out(size.wards - size.trusts, weights[: size.trusts])]


def _kinds_dealt(size: Size) -> list[Kind]:
    """The kinds of all wards, in the shares of the file, then shuffled."""
    counts = share_out(size.wards, [kind.share for kind in kinds()])
    dealt = [kind for kind, count in zip(kinds(), counts, strict=True) for _ in range(count)]
    chance(size.seed, "kinds").shuffle(dealt)
    return dealt


def _ward(size: Size, place: tuple[Trust, int], kind: Kind, index: int) -> Ward:
    trust, number_in_trust = place
    again, name = divmod(index, len(ward_names()))
    rng = chance(size.seed, "ward", index)
    word = ward_names()[name]
    return Ward(
        trust_code=trust.code,
        code=f"{word.upper()[:10]}{again + 1}",
        name=f"{word} Ward" + (f" {again + 1}" if again else ""),
        site_code=f"{trust.code}{1 + number_in_trust // 3:02d}",
        kind=kind,
        beds=rng.randint(kind.beds_low, kind.beds_high),
        opened=date(rng.randint(1996, 2017), rng.randint(1, 12), 1),
        chapter=None,
        turn=0,
        collects=_collected(rng),
    )


def _collected(rng: Random) -> frozenset[str]:
    return frozenset(what for what, share in script()["collects"].items() if rng.random() < share)


def with_chapters(size: Size, trusts: list[Trust], wards: list[Ward]) -> list[Ward]:
    """Give each chapter to the ward it suits best, and some of them to more wards."""
    merged = {trust.code for trust in trusts if "is_merged" in trust.habits}
    wards = list(wards)
    for telling in _tellings(size):
        chapter, repeat = telling
        free = [i for i, ward in enumerate(wards) if ward.chapter is None]
        if not free or len(free) < size.wards // 5:  # a fifth have no story at all
            break
        best = min(free, key=lambda i: (*_misfit(wards[i], *telling, merged), i))
        turn = size.month_at(chapter.begins + 0.02 * (repeat % 5))
        wards[best] = replace(wards[best], chapter=chapter, turn=turn)
    return wards


def _misfit(ward: Ward, chapter: Chapter, repeat: int, merged: set[str]) -> tuple[bool, ...]:
    """Reasons not to give a ward a chapter; a repeat should be in another trust."""
    there = ward.trust_code == f"Z{chapter.trust:02d}"
    wrong_trust = there if repeat else not there
    return ward.trust_code in merged, wrong_trust, ward.kind.kind not in chapter.kinds


def _tellings(size: Size) -> list[tuple[Chapter, int]]:
    """Every chapter once, in order, then repeats if the programme is large enough."""
    once = [(chapter, 0) for chapter in chapters() if _fits(chapter, size)]
    more = [
        (chapter, repeat)
        for chapter, _ in once
        for repeat in range(1, (size.wards // chapter.again) if chapter.again else 1)
    ]
    return once + more


def _fits(chapter: Chapter, size: Size) -> bool:
    return size.months >= 6 or not (chapter.closes or chapter.opens or chapter.shut_months)
