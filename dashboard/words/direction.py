"""Which way is better, said in words beside every chart."""

from collections.abc import Mapping

_WAYS = {
    "up": "Higher is better.",
    "down": "Lower is better.",
    "none": "Neither higher nor lower is better by itself.",
}


def sentence(measure: Mapping[str, object]) -> str:
    """The direction of a measure; a rise in reported incidents can mean better reporting."""
    words = _WAYS[str(measure["direction"])]
    if measure["direction"] == "none" and measure.get("topic") == "incidents":
        return f"{words[:-1]}: a rise can mean better reporting."
    return words
