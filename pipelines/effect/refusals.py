"""Why the figures can't say, in sentences, and what would help."""

from pipelines.effect.terms import Terms, difference, in_words
from pipelines.statistics.effect.comparable import (
    COMPARED,
    EVENTS_AFTER,
    EVENTS_BEFORE,
    FEWEST_CLUSTERS,
    FEWEST_STARTERS,
    Unanswerable,
)
from pipelines.statistics.effect.estimate import PLACEBO_PERIODS
from schemas.wording import about_whole, counted

# Both PLACEBO_CHANCE and REPORTING_CHANCE.
_RARELY = "which chance alone would bring less than once in 100 times"


def refusal(why: Unanswerable, terms: Terms) -> str:
    """Why the figures can't say, and what would help."""
    advice = terms.advice.get(why.reason, "").format(period=terms.period)
    return f"{_why(why, terms)} {advice}".strip()


def _why(why: Unanswerable, terms: Terms) -> str:
    unit, cluster, period = terms.unit, terms.cluster, terms.period
    match why.reason:
        case "nobody":
            return (
                f"Nothing was started here: no {unit} has a figure from the {period} in which it "
                "started, or later."
            )
        case "everybody":
            return f"Every figure comes from a {unit} that had already started."
        case "comparison":
            said = (
                f"Nothing is left to compare with. Only {unit}s with a figure from before their "
                f"start can be compared, and only in a {period} in which {COMPARED} {cluster}s or "
                "more were still to start."
            )
            if why.found >= FEWEST_CLUSTERS:
                return said
            has = "has" if why.found == 1 else "have"
            return (
                f"{said} An answer also needs {FEWEST_CLUSTERS} {cluster}s; only "
                f"{counted(int(why.found), cluster)} {has} a figure from before a start."
            )
        case "before":
            return (
                f"Figures were changing before the start: in the {in_words(PLACEBO_PERIODS)} "
                f"{period}s before it they were already {difference(why.found, terms.kind)} than "
                f"expected, {_RARELY}. What followed can't be told apart from what was already "
                "under way."
            )
        case "reporting":
            points = difference(why.found, "proportion")
            return (
                f"Reporting changed with the start: the share of {period}s for which {unit}s sent "
                f"a figure was {points} than expected once they had started, {_RARELY}. A "
                "difference could come from who reports."
            )
        case "alike":
            return (
                "Every figure is the same, so nothing shows how much they vary by chance, and no "
                "answer could say how sure it is."
            )
        case _:
            return _too_few(why, terms)


def _too_few(why: Unanswerable, terms: Terms) -> str:
    cluster = terms.cluster
    needed = (
        f"A rate needs {EVENTS_BEFORE} before a start and {EVENTS_AFTER} to be expected after it."
    )
    match why.reason:
        case "clusters":
            return (
                f"Too few {cluster}s: {why.found:.0f} can be compared and {FEWEST_CLUSTERS} are "
                "needed. With fewer, it hardly shows whether they were moving apart already, and "
                "an interval that allows for it is too wide to be of use."
            )
        case "starters":
            return (
                f"Too few {cluster}s started: {why.found:.0f}, and {FEWEST_STARTERS} are needed to "
                "tell a difference from the ups and downs of each."
            )
        case "events":
            return f"Too few events: {_short_of(EVENTS_BEFORE, why.found)} before a start. {needed}"
        case "expected":
            about = _short_of(EVENTS_AFTER, why.found, "about ")
            return f"Too few events: {about} to be expected after a start. {needed}"
        case "none":
            return (
                f"Not one event came after a start, where about {why.found:,.0f} were to be "
                "expected. A ratio of 0 has no interval, and nobody may have reported any."
            )
        case _:
            return (
                "The figures are too few to say how sure an answer would be: it would rest on too "
                f"few {cluster}s, or on hardly any events."
            )


def _short_of(needed: int, found: float, about: str = "") -> str:
    """How many there are, where they are too few: never as many as are needed by rounding."""
    read = about_whole(found)
    if read == f"{needed:,}":
        return f"just under {read}"
    return read if read.startswith("under") else f"{about}{read}"
