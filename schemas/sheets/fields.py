"""Describes the fields of a return: label, definition, kind and when to fill them in."""

from collections.abc import Mapping
from typing import Any

import pandera.polars as pa

from schemas.vocabularies import YES_NO

WARD_CODE = r"^[A-Z0-9][A-Z0-9_-]{0,11}$"
TRUST_CODE = r"^(?:[RT][A-Z0-9]{2}|[A-Z]\d[A-Z]\d[A-Z])$"
FICTIONAL_TRUST_CODE = r"^Z(?:0[1-9]|[1-9]\d)$"  # no real trust has these codes
SITE_CODE = r"^(?:[RTZ][A-Z0-9]{4}|[A-Z]\d[A-Z]\d[A-Z])$"
TEAM_MAILBOX = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
TEMPLATE_VERSION = "1.0"
LONGEST_WORDING = 300  # characters of an item or a statement, which stands in a cell
LONGEST_CELL = 100  # characters of a cell that is no text: a number, a date, a code, a choice

ALWAYS, WITH_DATA, UNLESS_CLOSED, OPTIONAL = "always", "with_data", "unless_closed", "optional"


def field(kind: str, required: str, title: str, description: str, example: str, **rest: Any) -> Any:
    """A field read as `kind`; nullable unless it is always required.

    `together` is the heading of neighbouring columns that most wards leave blank together.
    """
    metadata: dict[str, Any] = {"kind": kind, "required": required, "example": example}
    metadata["restricted"] = rest.pop("restricted", False)
    metadata["words"] = rest.pop("words", ())
    metadata["together"] = rest.pop("together", "")
    rest.setdefault("nullable", required != ALWAYS)
    return pa.Field(title=title, description=description, metadata=metadata, **rest)


def text(
    required: str, title: str, description: str, example: str, longest: int, **rest: Any
) -> Any:
    """Words of the sender's own, up to a number of characters."""
    limit = {"max_value": longest}
    return field("text", required, title, description, example, str_length=limit, **rest)


def count(required: str, title: str, description: str, example: str, **rest: Any) -> Any:
    """A whole number of people, incidents or days, 0 or more."""
    return field("count", required, title, description, example, ge=0, **rest)


def choice(
    required: str, title: str, description: str, example: str, allowed: Mapping[str, str]
) -> Any:
    """One of a list of codes, each with the words that people choose."""
    words = tuple(text[:1].upper() + text[1:] for text in allowed.values())
    return field("choice", required, title, description, example, isin=list(allowed), words=words)


def yes_no(required: str, title: str, description: str, example: str = "yes") -> Any:
    """A question answered with yes or no."""
    return choice(required, title, description, example, YES_NO)
