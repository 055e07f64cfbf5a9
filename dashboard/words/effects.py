"""Did it help? What was started, and what figures say of it, on a screen.

The sentences of an answer are those of `pipelines.effect`; nothing here says that a start caused
anything either.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pipelines.effect.left_out import LeftOut
from pipelines.statistics.effect.comparable import Reason
from schemas import wording

# What can be started, by the kind of event; a charter's start is worked out from its rows.
STARTS = {
    "charter": "A charter in place",
    "training": "Training",
    "test_of_change": "A test of change",
    "forum": "A learning forum",
    "staffing": "A change of staffing",
    "building": "A change to the building",
}
_COUNTED_FROM = {
    "charter": "A ward has started from the first month in which its charter is displayed or under "
    "review and was co-produced with patients. Months without a row about the charter are left out "
    "where the start may have been in them.",
    "event": "A ward has started from the month of the first event of this kind that names it or "
    "its whole trust. An event that nobody recorded counts as not started.",
    "test_of_change": "Tests of change are not all alike: this is about having tried one.",
}
# What would help where there is no answer.
ADVICE: Mapping[Reason, str] = {
    "nobody": "It can be said once wards that start have sent a return since.",
    "everybody": "It would take figures from before the start, or wards that have yet to start.",
    "comparison": "It would take wards that start later, or not at all.",
    "before": "The process charts of those wards show when the change began.",
    "reporting": "It can be said once wards report as regularly as before.",
    "clusters": "It would take returns from more trusts, including some that have not started.",
    "starters": "It can be said once more have started.",
    "events": "It would take more wards and months.",
    "expected": "It would take more wards and months.",
    "none": "It would take months with events; see whether any were reported.",
    "certainty": "It would take more trusts and {period}s.",
}
WILL_SHOW = "whether figures changed on wards that started something, compared with the others"
NOTHING = "No ward has sent a figure of this measure that can be compared."
CHANCE = (
    "If you look at twenty measures, one will seem to have changed by chance alone. Choose the "
    "measure before you look, and say how many you looked at."
)
NO_CHART = "There is no chart, because the figures can’t say whether it helped."

FILES = (
    "Exact figures with small numbers, for the programme team: do not pass the files on. The file "
    "of figures can be analysed again in R, or with feeling-safe effect, which gives the same "
    "answer."
)
DOWNLOAD = {
    "answer": "Download the answer (CSV)",
    "figures": "Download the figures it rests on (CSV)",
    "radar": "Download the learning radar (CSV)",
}


def cut(off: bool) -> str:
    """A note where intervals are cut off."""
    return "Long intervals are cut off in the chart; the table has all of them." if off else ""


def counted_from(start: str) -> str:
    """From which month on a ward counts as having started."""
    own = _COUNTED_FROM.get(start, "")
    return own if start == "charter" else f"{_COUNTED_FROM['event']} {own}".strip()


def left_out(every: Iterable[LeftOut]) -> dict[str, str]:
    """Why each ward is left out that is, by its code."""
    return {code: one.why for one in every if one.what == "unit" for code in one.which}


def since(adopted: date | None, left_out: str | None) -> str:
    """When a ward started, and why it is left out if it is."""
    if left_out is None:
        return wording.month_of(adopted) if adopted else "Not started"
    when = f"{wording.month_of(adopted)}; left" if adopted else "Left"
    return f"{when} out: {left_out}"


def headline(what: str, measure: Mapping[str, object], sentence: str) -> str:
    """What was started, the measure, and the first sentence of the answer."""
    return f"{what}, and {_lower(str(measure['short_name']))}. {sentence}"


def _lower(name: str) -> str:
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def title(measure: Mapping[str, object], content: Mapping[str, Any]) -> str:
    """What the chart by months since the start shows."""
    effect, name = content["effect"], measure["short_name"]
    none = 1 if content["measure_kind"] == "rate" else 0
    if effect["lower"] <= none <= effect["upper"]:
        return f"{name}: no clear difference from what was expected"
    side = "higher" if effect["value"] > none else "lower"
    return f"{name}: {side} than expected on wards that had started"


def when(since: int | None) -> str:
    """A month, by how long it is since the start."""
    if since is None:
        return "All months since the start"
    if since == 0:
        return "The first month with it"
    if since > 0:
        return f"{wording.counted(since, 'month')} later"
    return f"{wording.counted(-since, 'month')} before the start"


def reading(value: float, kind: str) -> str:
    """A difference in percentage points with its sign, or a rate ratio."""
    if kind == "rate":
        return f"{value:.2f}"
    text = f"{abs(value):.1f}"
    return text if text == "0.0" else f"{'+' if value > 0 else '−'}{text}"


def interval(average: Mapping[str, float], kind: str) -> str:
    """A 95% interval: +1.9 to +13.7."""
    return f"{reading(average['lower'], kind)} to {reading(average['upper'], kind)}"


def heading(kind: str) -> str:
    """What the numbers of a table are."""
    return "Times what was expected" if kind == "rate" else "Difference, percentage points"
