"""Numbers as people read them, and the words shown where there is no number.

Values here are counts, or in the unit a person reads (83 for 83%); nothing is computed from them.
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
    "few": "Too few people for a percentage",
    "baseline": "Baseline",
}


def rounded(number: float, places: int = 0) -> Decimal:
    """A number rounded half up, as people expect: 2.5 becomes 3."""
    return Decimal(repr(float(number))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def whole(number: float | None) -> str:
    """A count, with a comma from 1,000 up."""
    return "No data" if number is None else f"{rounded(number):,}"


def percent(number: float | None) -> str:
    """A whole percentage, such as 83%; only all of them are 100%, and only none of them 0%."""
    if number is None:
        return "No data"
    if 99.5 <= number < 100:
        return "over 99%"
    if 0 < number < 0.5:
        return "under 1%"
    return f"{rounded(number):,}%"


def reading(number: float | None, unit: str) -> str:
    """A value in its measure's unit, such as 83%, 1.9, 12 or 61 days.

    As for percentages, a rate of some events is never shown as that of none.
    """
    if number is None:
        return "No data"
    if unit == "percent":
        return percent(number)
    if unit == "per_1000_bed_days":
        return "under 0.1" if 0 < number < 0.05 else f"{rounded(number, 1):,}"
    if unit == "days":
        return "1 day" if rounded(number) == 1 else f"{whole(number)} days"
    return whole(number) if float(number).is_integer() else f"{rounded(number, 1):,}"


def with_unit(number: float | None, unit: str) -> str:
    """A value with its unit in words, for a sentence: 83%, 1.9 per 1,000 occupied bed days."""
    read = reading(number, unit)
    return f"{read} {UNITS[unit]}" if unit == "per_1000_bed_days" and number is not None else read


def out_of(numerator: float | None, denominator: float | None, unit: str = "percent") -> str:
    """The counts behind a value: 9 of 12, or 3 in 1,340 bed days; empty for a plain count."""
    if numerator is None or denominator is None:
        return ""
    if unit == "per_1000_bed_days":
        return f"{whole(numerator)} in {whole(denominator)} bed days"
    return f"{whole(numerator)} of {whole(denominator)}"


def scaled(value: float | None, multiplier: float) -> float | None:
    """A stored value in the unit a person reads, without floating-point noise."""
    return None if value is None else round(value * multiplier, 6)


def drawn(value: float | None, multiplier: float, unit: str) -> float | None:
    """A value as it is drawn: percentages clipped to 0 to 100, rates and counts at 0."""
    number = scaled(value, multiplier)
    if number is None:
        return None
    number = max(number, 0.0)
    return min(number, 100.0) if unit == "percent" else number
