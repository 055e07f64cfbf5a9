"""The address of the screen that shows where a figure came from."""

from html import escape
from urllib.parse import quote


def traced(level: str, unit: str, measure: str, month: str, months: int = 1) -> str:
    """An address for an `href`; `month` (2026-03) is the first of the figure's `months`."""
    about = f"level={level}&unit={quote(unit)}&measure={quote(measure)}&month={month}"
    return escape(f"figure?{about}&months={months}" if months > 1 else f"figure?{about}")


def sheet_of(unit: str, sheet: str, month: str) -> str:
    """An address for an `href`, of what a ward's return has on a sheet for a month (2026-03)."""
    return escape(f"figure?level=ward&unit={quote(unit)}&sheet={sheet}&month={month}")


def pair_of(level: str, unit: str, pair: str, month: str) -> str:
    """An address for an `href`, of one pair of people in the twelve months to one (2026-03)."""
    return escape(f"figure?level={level}&unit={quote(unit)}&pair={pair}&month={month}")


def linked(words: str, address: str) -> str:
    """A figure as a link, in markup, to where it came from."""
    return f'<a href="{address}" target="_self">{escape(words)}</a>'
