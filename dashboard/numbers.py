"""Numbers as people read them, and the words that stand where there is no number.

Values here are in the unit that is read (83 for 83%), or counts; nothing is computed from them.
"""

from decimal import ROUND_HALF_UP, Decimal

UNITS = {
    "percent": "%",
    "per_1000_bed_days": "per 1,000 occupied bed days",
    "count": "number",
    "days": "days",
}
AXES = {
    "percent": "Per cent",
    "per_1000_bed_days": "Per 1,000 occupied bed days",
    "count": "Number",
    "days": "Days",
}
STATES = {
    "missing": "No data",
    "nil": "Nil return",
    "closed": "Ward closed",
    "paused": "Programme paused",
    "not_applicable": "Not applicable",
    "suppressed": "Hidden: small numbers",
}


def rounded(number: float, places: int = 0) -> Decimal:
    """A number rounded half up, as people expect of 2.5."""
    return Decimal(repr(float(number))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def whole(number: float | None) -> str:
    """A count with a comma over 999: 1,204."""
    return "No data" if number is None else f"{rounded(number):,}"


def percent(number: float | None) -> str:
    """A percentage to the whole: 83%; nearly all and nearly none never read as all and none."""
    if number is None:
        return "No data"
    if 99.5 <= number < 100:
        return "over 99%"
    if 0 < number < 0.5:
        return "under 1%"
    return f"{rounded(number):,}%"


def reading(number: float | None, unit: str) -> str:
    """A value in its measure's unit: 83%, 1.9, 12 or 61 days."""
    if number is None:
        return "No data"
    if unit == "percent":
        return percent(number)
    if unit == "per_1000_bed_days":
        return f"{rounded(number, 1):,}"
    if unit == "days":
        return "1 day" if rounded(number) == 1 else f"{whole(number)} days"
    return whole(number) if float(number).is_integer() else f"{rounded(number, 1):,}"


def with_unit(number: float | None, unit: str) -> str:
    """A value as a sentence needs it: 83%, or 1.9 per 1,000 occupied bed days."""
    read = reading(number, unit)
    return f"{read} {UNITS[unit]}" if unit == "per_1000_bed_days" and number is not None else read


def out_of(numerator: float | None, denominator: float | None, unit: str = "percent") -> str:
    """What a value is made of: 9 of 12, or 3 in 1,340 bed days; empty for a plain count."""
    if numerator is None or denominator is None:
        return ""
    if unit == "per_1000_bed_days":
        return f"{whole(numerator)} in {whole(denominator)} bed days"
    return f"{whole(numerator)} of {whole(denominator)}"


def scaled(value: float | None, multiplier: float) -> float | None:
    """A stored value in the unit that is read, free of binary dust."""
    return None if value is None else round(value * multiplier, 6)


def drawn(value: float | None, multiplier: float, unit: str) -> float | None:
    """A value where it is drawn: percentages are clipped to 0 to 100, rates and counts to 0."""
    number = scaled(value, multiplier)
    if number is None:
        return None
    number = max(number, 0.0)
    return min(number, 100.0) if unit == "percent" else number
