"""Checks of ratings: that the set, the statement and the trust exist, and each is rated once."""

from collections.abc import Iterator

from pipelines.checking.rules.organisation import spoilt
from pipelines.checking.typed_return import TypedReturn, TypedRow
from schemas.problems import Problem
from schemas.wording import nearest, quoted, some


def unknown_statements(sent: TypedReturn) -> Iterator[Problem]:
    """E11: an unknown set, statement or trust, or a statement that is not in use in the month."""
    rows = [*sent.rows("standards"), *sent.rows("trust_standards")]
    if not rows:
        return
    register = sent.context.register
    known: dict[str, list[str]] = {}
    for set_id, code in register.standards.select("set_id", "statement_id").iter_rows():
        known.setdefault(set_id, []).append(code)
    current = set(register.statements(sent.month).select("set_id", "statement_id").iter_rows())
    for entry in rows:
        chosen, statement = entry["set_id"], entry["statement_id"]
        if chosen is not None and chosen not in known:
            yield not_listed(entry, "set_id", sorted(known))
        elif chosen is not None and statement is not None:
            if statement not in known[chosen]:
                yield not_listed(entry, "statement_id", list(dict.fromkeys(known[chosen])))
            elif (chosen, statement) not in current:
                yield entry.error(
                    "E11",
                    "statement_id",
                    f"{quoted(entry.cells['statement_id'].text)} is not in use in "
                    f"{sent.month.label}.",
                    "Delete the row, or download the workbook for that month again.",
                )
        if entry["org_level"] == "trust" and entry["org_code"] not in (None, sent.trust):
            yield not_listed(entry, "org_code", [sent.trust])


def rated_twice(sent: TypedReturn) -> Iterator[Problem]:
    """E02: a rating of the trust as a whole on both sheets."""
    there = {
        (row["set_id"], row["statement_id"]): row.number
        for row in sent.rows("standards")
        if row["org_level"] == "trust" and row["org_code"] == sent.trust
    }
    for entry in sent.rows("trust_standards"):
        other = there.get((entry["set_id"], entry["statement_id"]))
        if other is not None:
            yield entry.error(
                "E02",
                "statement_id",
                f"Statement {entry['statement_id']} of the trust is rated here and in row {other} "
                "of the sheet “standards”. Each statement can have only one rating.",
                "Keep the row that is right and delete the other.",
            )


def not_listed(entry: TypedRow, field: str, allowed: list[str]) -> Problem:
    """E11: a word that is none of those the programme has, with the nearest one."""
    guess = nearest(entry[field], allowed)
    hint = f"Did you mean {guess}? " if guess else ""
    choices = (
        f"Choose {some(allowed, 12, 'or')}." if allowed else "The programme has not loaded any."
    )
    return entry.error(
        "E11",
        field,
        f"{quoted(entry.cells[field].text)} is not a choice for {entry.title(field)}.",
        f"{spoilt(entry.cells[field])}{hint}{choices}",
    )


RULES = (unknown_statements, rated_twice)
