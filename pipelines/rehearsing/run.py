"""A programme rehearsed before it begins: what `feeling-safe rehearse` does."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from pipelines.reading.tidy_cells import Unusable
from pipelines.rehearsing import words
from pipelines.rehearsing.plan import Plan
from pipelines.rehearsing.rehearse import (
    Mean,
    Progress,
    Share,
    Tried,
    Wish,
    false_alarms,
    queries,
    tried,
)
from pipelines.rehearsing.worlds import LEAST, MOST, Assumed

WORLDS = range(20, 5001)
MOST_SHOCK, MOST_MISSING = 0.5, 0.9
LEAST_EFFECT = 0.001  # either way; of shares, or of the logarithm of a ratio


@dataclass(frozen=True)
class Rehearsal:
    """What a rehearsal says in sentences, and all of it as JSON; without an answer, why not."""

    answered: bool
    sentences: tuple[str, ...]
    content: Mapping[str, Any]


def run(plan: Plan, assumed: Assumed, wish: Wish, progress: Progress) -> Rehearsal:
    """Rehearse a plan; raises Unusable for what can't be drawn.

    There is no answer if the estimator refuses most rehearsals, as nothing could be compared.
    """
    _check(assumed, wish)
    some = tried(plan, assumed, wish, progress)
    about = {"plan": _plan(plan), "assumed": asdict(assumed), "wish": asdict(wish)}
    if some.answered.value < 0.5:
        sentences = words.no_answer(some, wish)
        reasons = {why.reason: times for why, times in some.refused}
        content = {"answered": False, **about, "reasons": reasons, "sentences": list(sentences)}
        return Rehearsal(False, sentences, content)
    none = tried(plan, assumed, replace(wish, effect=0.0), progress)
    alarms = false_alarms(plan, assumed, wish)
    asked = _queries(plan, assumed, wish, progress)
    sentences = words.sentences(plan, assumed, wish, words.Figures(some, none, alarms, asked))
    content = {
        "answered": True,
        **about,
        "with_effect": _tried(some),
        "without_effect": _tried(none),
        "false_alarms_a_month": asdict(alarms),
        "queries_a_trust_and_year": {name: asdict(mean) for name, mean in asked.items()},
        "sentences": list(sentences),
    }
    return Rehearsal(True, sentences, content)


def _queries(plan: Plan, assumed: Assumed, wish: Wish, progress: Progress) -> dict[str, Mean]:
    """Queries of the trust with fewest wards and of the one with most, by name."""
    wards = Counter(plan.trust.tolist())
    most = max(sorted(wards), key=wards.__getitem__)
    fewest = min(sorted(wards), key=wards.__getitem__)
    which = [fewest] if wards[most] == wards[fewest] else [fewest, most]
    return {plan.trusts[one]: queries(plan, assumed, wish, one, progress) for one in which}


def _check(assumed: Assumed, wish: Wish) -> None:
    if wish.worlds not in WORLDS:
        raise Unusable(f"--rehearsals {wish.worlds}: use {WORLDS[0]} to {WORLDS[-1]:,}.")
    if abs(wish.effect) < LEAST_EFFECT:
        raise Unusable(
            f"--effect {_hundredths(wish.effect)} is hardly any: say how large one should be "
            f"found, from {LEAST_EFFECT * 100:g} up or from -{LEAST_EFFECT * 100:g} down."
        )
    for option, share, most in (
        ("--ups-and-downs", assumed.shock, MOST_SHOCK),
        ("--missing", assumed.missing, MOST_MISSING),
    ):
        if not 0 <= share <= most:
            raise Unusable(f"{option} {_hundredths(share)}: use 0 to {most * 100:.0f}.")
    after = assumed.level + wish.effect
    if wish.kind == "proportion" and not (
        LEAST <= assumed.level <= MOST and LEAST <= after <= MOST
    ):
        raise Unusable(
            f"A level of {_hundredths(assumed.level)}% with an effect of "
            f"{wish.effect * 100:+.3g} percentage points can’t be drawn: both before and after, "
            f"use {LEAST:.0%} to {MOST:.0%}."
        )


def _hundredths(share: float) -> str:
    """A share as it was typed, in hundredths."""
    return f"{share * 100:.6g}"


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "wards": plan.wards,
        "trusts": len(plan.trusts),
        "months": plan.months,
        "wards_starting": plan.starting,
        "answers_a_month": float(plan.size.sum()),
    }


def _tried(found: Tried) -> dict[str, Any]:
    return {
        "found": _share(found.found),
        "seen_either_way": _share(found.seen),
        "answered": _share(found.answered),
        "refused": {why.reason: times for why, times in found.refused},
        "detectable": found.detectable,
    }


def _share(share: Share) -> dict[str, float]:
    lower, upper = share.interval
    return {"count": share.count, "of": share.of, "lower": lower, "upper": upper}
