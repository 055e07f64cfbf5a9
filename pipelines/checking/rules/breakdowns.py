"""Checks that a ward's categories are the programme's, all there, and add up to its own figures."""

from collections.abc import Iterator

from pipelines.checking.rules.standards import not_listed
from pipelines.checking.typed_return import TypedReturn, TypedRow
from schemas.problems import Problem
from schemas.programme import NOT_KNOWN, Breakdown
from schemas.wording import listed, quoted, shown

TOTALS = {"answered": "pt_answered", "safe": "pt_safe"}  # what the categories add up to
_LEAVE = "or leave all its rows of this breakdown blank"


def unknown_categories(sent: TypedReturn) -> Iterator[Problem]:
    """E11: a breakdown or a category that the programme doesn't ask for."""
    asked = {each.name: each for each in sent.context.programme.breakdowns}
    for entry in sent.rows("breakdowns"):
        name, category = entry["breakdown"], entry["category"]
        if name is not None and name not in asked:
            yield not_listed(entry, "breakdown", list(asked))
        elif name is not None and category not in (None, *asked[name].every):
            yield not_listed(entry, "category", list(asked[name].every))


def safe_above_answered(sent: TypedReturn) -> Iterator[Problem]:
    """E05: in a category, more people feel safe than answered."""
    for entry in sent.rows("breakdowns"):
        if entry.filled("answered", "safe") and entry["safe"] > entry["answered"]:
            yield entry.error(
                "E05",
                "safe",
                f"{entry.title('safe')} is {shown(entry['safe'])}, which is more than "
                f"{entry.title('answered')}, {shown(entry['answered'])}. It counts some of them, "
                "so it can't be more.",
                "Correct whichever of the two numbers is wrong.",
            )


def missing_categories(sent: TypedReturn) -> Iterator[Problem]:
    """E03: a ward gave some categories of a breakdown and left others blank."""
    for breakdown, rows in _given(sent):
        there = {row["category"] for row in rows}
        blank = [quoted(each) for each in breakdown.every if each not in there]
        if blank and there.issubset(breakdown.every):
            yield rows[0].error(
                "E03",
                "category",
                f"Ward {rows[0]['ward_code']} has figures by {breakdown.name}, but none for "
                f"{listed(blank)}.",
                "Fill in every category of the ward, with 0 in both columns where nobody answered, "
                f"{_LEAVE}. A blank cell never counts as 0.",
            )


def other_totals(sent: TypedReturn) -> Iterator[Problem]:
    """E18: the categories of a ward don't add up to its figures on the sheet “monthly”."""
    of_wards = {row["ward_code"]: row for row in reversed(sent.rows("monthly"))}
    for breakdown, rows in _given(sent):
        if {row["category"] for row in rows} != set(breakdown.every):
            continue
        if len(rows) > len(breakdown.every) or not all(row.filled(*TOTALS) for row in rows):
            continue
        ward = of_wards.get(rows[0]["ward_code"])
        for field, whole in TOTALS.items():
            if ward is None or whole not in ward.unreadable:
                yield from _unequal(field, breakdown, rows, ward[whole] if ward else None)


def _unequal(
    field: str, breakdown: Breakdown, rows: list[TypedRow], whole: int | None
) -> Iterator[Problem]:
    first, added = rows[0], sum(row[field] for row in rows)
    about = f"Ward {first['ward_code']} by {breakdown.name}"
    if whole is None:
        yield first.error(
            "E18",
            field,
            f"{about}: the categories add up to {shown(added)} for {first.title(field)}, but the "
            "ward has no such figure on the sheet “monthly”.",
            f"Fill it in there, {_LEAVE}.",
        )
    elif added != whole:
        yield first.error(
            "E18",
            field,
            f"{about}: the categories add up to {shown(added)} for {first.title(field)}, but the "
            f"sheet “monthly” says {shown(whole)}.",
            f"Count everybody once, and those in no other category under {quoted(NOT_KNOWN)}; or "
            "correct the figure on the sheet “monthly”.",
        )


def _given(sent: TypedReturn) -> Iterator[tuple[Breakdown, list[TypedRow]]]:
    """The rows of each ward and breakdown that has any, for wards whose breakdowns are known."""
    asked = {each.name: each for each in sent.context.programme.breakdowns}
    groups: dict[tuple[str, str | None], list[TypedRow]] = {}
    for row in sent.rows("breakdowns"):
        groups.setdefault((row["ward_code"], row["breakdown"]), []).append(row)
    unclear = {ward for ward, name in groups if name not in asked or ward not in sent.ward_names}
    for (ward, name), rows in groups.items():
        if ward not in unclear:
            yield asked[name or ""], rows


RULES = (unknown_categories, safe_above_answered, missing_categories, other_totals)
