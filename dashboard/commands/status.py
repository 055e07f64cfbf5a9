"""feeling-safe status: who has sent what, and what is due."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard.commands import options, say

if TYPE_CHECKING:
    from pipelines.status import Status
    from schemas.periods import Month


def status(
    months: Annotated[int, typer.Option(min=1, help="How many months to show.")] = 6,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Show who has sent what, and what is due."""
    from pipelines.status import status as status_of
    from schemas.deadlines import london_day

    found = status_of(options.home_of(home), london_day(datetime.now(UTC)))
    if as_json:
        say.machine(_for_machines(found))
    else:
        say.line("\n".join(_told(found, months)))


def _told(found: "Status", months: int) -> list[str]:
    programme = found.programme
    fictional = " (fictional)" if programme.fictional else ""
    lines = [
        f"{programme.name}{fictional}: {len(found.names)} trusts, from {programme.first.label}"
    ]
    lines.append(f"Release in use: {found.release or 'none yet'}")
    if not found.names:
        return [*lines, "", "The register holds no trust yet: fill it in, then “register”."]
    for month in found.months[: -months - 1 : -1]:
        lines += ["", *_month(found, month)]
    earlier = found.months[:-months]
    owed = sum(len(found.who(month, "missing")) for month in earlier)
    if earlier and owed:
        lines += [
            "",
            f"From earlier months {owed} more are missing (--months {len(found.months)}).",
        ]
    return lines


def _month(found: "Status", month: "Month") -> list[str]:
    from pipelines.status import OWED
    from schemas.deadlines import dates_for

    due = dates_for(month, found.programme.deadlines).due
    counts = found.count(month)
    came, owed = counts["received"] + counts["late"], sum(counts[state] for state in OWED)
    late = f", {counts['late']} of them late" if counts["late"] else ""
    be = "is" if due >= found.today else "was"
    lines = [f"{month.label}: {came} of {came + owed} received{late}; it {be} due {say.day(due)}"]
    for state, words in (("missing", "Missing"), ("not_yet_due", "Still to come")):
        names = [f"{code} {found.names[code]}" for code in found.who(month, state)]
        if names:
            lines.append(f"  {words}: {', '.join(names)}")
    return lines


def _for_machines(found: "Status") -> dict[str, Any]:
    from schemas.deadlines import dates_for

    deadlines = found.programme.deadlines
    return {
        "programme": found.programme.name,
        "fictional": found.programme.fictional,
        "today": str(found.today),
        "release": found.release,
        "months": [
            {"month": str(month), "due": str(dates_for(month, deadlines).due)}
            | dict(sorted(found.count(month).items()))
            for month in found.months
        ],
        "trusts": [
            {
                "trust": code,
                "name": found.names[code],
                "months": {str(month): state for month, state in states.items()},
            }
            for code, states in found.states.items()
        ],
    }
