"""F04: checks whose figures these are, and that this person may send them."""

import re
from collections.abc import Iterator

from pipelines.checking.context import Context
from pipelines.checking.prechecks.shape import no_result
from pipelines.checking.problem_at import Place, problem_at, problem_at_cover
from pipelines.reading.compared import clean
from pipelines.reading.tables import Tables
from pipelines.registers.successors import current_trusts, merger_of
from schemas.periods import Month
from schemas.problems import Problem
from schemas.returns import FICTIONAL_TRUST_CODE, TRUST_CODE
from schemas.wording import listed, quoted


def right_trust(
    tables: Tables, trust: str | None, month: Month | None, context: Context
) -> Iterator[Problem]:
    """F04: the trust must be in the register, and one that the sender may send for."""
    if "trust_code" not in tables["cover"].columns:
        return
    without = no_result(tables, "trust_code")
    if without:
        yield without
        return
    found = _trust_problem(trust, month, context)
    if found:
        yield problem_at_cover(tables, "F04", "trust_code", *found)


def one_trust(tables: Tables, trust: str | None) -> Iterator[Problem]:
    """F04: a single CSV file repeats the trust on each row, and all rows must name the same."""
    if tables.kind != "csv":
        return
    for row in tables["cover"].rows:
        cell = row.cells.get("trust_code")
        code = clean(cell.text).upper() if cell else ""
        if cell and code != (trust or ""):
            found = quoted(code) if code else "no trust"
            yield problem_at(
                Place("monthly", cell, "trust_code"),
                "F04",
                f"This row is for {found}, but the first row is for {trust}. A file can only hold "
                "the figures of one trust.",
                "Send one file for each trust.",
            )
            return


def _trust_problem(
    trust: str | None, month: Month | None, context: Context
) -> tuple[str, str] | None:
    known = set(context.register.trusts["trust_code"])
    if trust is None:
        return "The trust code is blank, so it is not clear whose figures these are.", (
            "Type your trust's ODS code" + _such_as(context.allowed_trusts) + "."
        )
    if context.allowed_trusts is not None and trust not in context.allowed_trusts:
        yours = listed(sorted(context.allowed_trusts), nothing="no trust")
        found = f"You may send for {yours}, but this file is for {quoted(trust)[1:-1]}."
        merged = _merged(trust, month, context)
        if merged and merged[1] in context.allowed_trusts:
            return f"{found} {merged[0]}.", _send_for(merged[1])
        guess = _did_you_mean(trust, context.allowed_trusts)
        return found, (
            f"{guess}Check the trust code on the cover. If it is right, ask the programme team "
            "for access."
        )
    fictional = re.fullmatch(FICTIONAL_TRUST_CODE, trust)
    if fictional and not context.programme.fictional:
        return f"{trust} is a made-up trust code, for practice only.", (
            "Type your trust's own ODS code."
        )
    if not fictional and not re.fullmatch(TRUST_CODE, trust) and trust not in known:
        return f"{quoted(trust)} is not a trust code.", (
            f"{_did_you_mean(trust, known)}Type your trust's ODS code: three or five letters and "
            "digits, such as RW4."
        )
    if trust not in known or (month and context.register.trust(trust, month) is None):
        when = f" in {month.label}" if trust in known and month else ""
        if merged := _merged(trust, month, context):
            return (
                f"The trust {trust} is not on this programme's register{when}: {merged[0]}.",
                _send_for(merged[1]),
            )
        return f"The trust {trust} is not on this programme's register{when}.", (
            f"{_did_you_mean(trust, known)}Check the code, or ask the programme team to add it."
        )
    return None


def _merged(trust: str, month: Month | None, context: Context) -> tuple[str, str] | None:
    """What the trust had become by the month, in words, and the trust to send for."""
    day = month.first_day if month else context.today
    words = merger_of(context.register, trust, day)
    return (words, current_trusts(context.register, day)[trust]) if words else None


def _send_for(trust: str) -> str:
    return f"Send the return for {trust}: download its workbook, which has the wards it has now."


def _such_as(allowed: frozenset[str] | None) -> str:
    return f", such as {min(allowed)}" if allowed else ""


def _did_you_mean(entered: str, allowed: frozenset[str] | set[str]) -> str:
    """Suggest a code with digits for letters that look like them, never just a similar code."""
    digits = entered.translate(str.maketrans("OI", "01"))
    return f"Did you mean {digits}? " if digits != entered and digits in allowed else ""
