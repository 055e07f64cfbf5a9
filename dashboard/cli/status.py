"""feeling-safe status: who has sent what, and what is due."""

from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard.cli import options, output
from dashboard.cli.dropped_files import set_aside
from schemas import wording

if TYPE_CHECKING:
    from pipelines.status import Status
    from schemas.deadlines import Dates
    from schemas.periods import Month

_NAMED = (("damaged", "Damaged"), ("missing", "Missing"), ("not_yet_due", "Not yet due"))


def status(
    months: Annotated[int, typer.Option(min=1, help="How many months to show.")] = 6,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Show who has sent what, and what is due."""
    from pipelines.status import status as status_of
    from schemas.london_time import london_day

    root = options.home_of(home)
    found = status_of(root, london_day(datetime.now(UTC)))
    copy, lacking = _copy_of(root)
    backups = _backups_of(root)
    if as_json:
        about = {"folder": str(copy), "entries_behind": lacking} if copy else None
        output.as_json(_for_machines(found) | {"mirror": about, "backups": backups})
    else:
        output.line("\n".join(_for_people(found, months)))
        if copy:
            output.line(f"\n{_behind(copy, lacking)}")
        if backups:
            output.line(f"\n{_backed_up(backups)}")


def _copy_of(root: Path) -> tuple[Path | None, int | None]:
    """The folder that entries are copied to, if there is one, and how many it lacks."""
    from pipelines.settings import Settings

    copy = Settings().mirror
    if copy is None:
        return None, None
    from pipelines.mirror import behind

    return copy, behind(root, copy)


def _behind(copy: Path, lacking: int | None) -> str:
    if lacking is None:
        return f"The copy in {copy} can’t be reached, or has not begun."
    if lacking == 0:
        return f"The copy in {copy} has every entry."
    return f"The copy in {copy} is {wording.counted(lacking, 'entry', 'entries')} behind."


def _backups_of(root: Path) -> dict[str, Any] | None:
    """What is known of the folder of backups, if there is one."""
    from pipelines.settings import Settings

    folder = Settings().backups
    if folder is None:
        return None
    from pipelines.rotation import entries_since, newest_whole, numbered, unreadable

    last, every = newest_whole(folder), numbered(folder)
    newer = [each for each in every if last is None or each.number > last.number]
    return {
        "folder": str(folder),
        "last": last.path.name if last else None,
        "at": last.at if last else None,
        "entries_since": entries_since(root, last) if last else None,
        "newer_but_not_whole": [each.path.name for each in newer],
        "unreadable": unreadable(every),
    }


def _backed_up(known: dict[str, Any]) -> str:
    if known["last"] is None:
        words = (
            f"There is no whole backup in {known['folder']}: has one been made, and is its disk "
            "there?"
        )
    else:
        since = known["entries_since"]
        newer = f"{wording.counted(since, 'entry', 'entries')} {'is' if since == 1 else 'are'}"
        words = (
            f"The last whole backup in {known['folder']} is {known['last']}, made at "
            f"{wording.moment(known['at'])}: {newer if since else 'no entry is'} newer."
        )
    if known["newer_but_not_whole"]:
        words += f" Made since, but not whole: {', '.join(known['newer_but_not_whole'])}."
    if known["unreadable"]:
        words += f" Can’t be read, and don’t count: {', '.join(known['unreadable'])}."
    return words


def _for_people(found: "Status", months: int) -> list[str]:
    from pipelines.keeping.damaged import sentence

    programme = found.programme
    fictional = " (fictional)" if programme.fictional else ""
    lines = [
        f"{programme.name}{fictional}: {len(found.names)} trusts, from {programme.first.label}"
    ]
    lines.append(f"Release in use: {found.release or 'none yet'}")
    lines += [set_aside(files, place) for place, files in found.set_aside.items()]
    if found.damaged:
        lines.append(sentence(found.damaged))
    if found.staged:
        lines.append(
            f"{wording.counted(len(found.staged), 'unfinished release file')}, from a build that "
            "is running or was interrupted. While no build is running, you can delete: "
            f"{', '.join(map(str, found.staged))}"
        )
    if not found.names:
        return [*lines, "", "The register has no trusts yet: fill it in, then run “register”."]
    if not found.months:
        return [*lines, "", _before(found)]
    for month in found.months[: -months - 1 : -1]:
        lines += ["", *_month(found, month)]
    earlier = found.months[:-months]
    owed = sum(len(found.who(month, "missing")) for month in earlier)
    if earlier and owed:
        lines += [
            "",
            f"Another {owed} from earlier months are missing (--months {len(found.months)}).",
        ]
    return lines


def _before(found: "Status") -> str:
    """That no month has ended yet, with the day that this machine takes it to be."""
    from schemas.deadlines import dates_for

    first, today = found.programme.first, wording.day_of(found.today)
    if found.today < first.first_day:
        return (
            f"Nothing can be sent before the programme begins, in {first.label}. It is {today} by "
            "this machine’s clock: if that is wrong, set the clock."
        )
    due = wording.day_of(dates_for(first, found.programme.deadlines).due)
    return (
        f"It is {today}, and the first month has not ended yet: returns for {first.label} are due "
        f"by {due}."
    )


def _month(found: "Status", month: "Month") -> list[str]:
    from pipelines.status import OWED
    from schemas.deadlines import dates_for

    dates = dates_for(month, found.programme.deadlines)
    counts = found.count(month)
    came = counts["received"] + counts["late"]
    owed = sum(counts[state] for state in (*OWED, "damaged"))
    late = f", {counts['late']} of them late" if counts["late"] else ""
    lines = [
        f"{month.label}: {came} of {came + owed} received{late}",
        f"  {_when(dates, found.today)}",
    ]
    for state, words in _NAMED:
        names = [f"{code} {found.names[code]}" for code in found.who(month, state)]
        if names:
            lines.append(f"  {words}: {', '.join(names)}")
    for code, last in found.opened_again(month).items():
        lines.append(f"  Reopened until {wording.day_of(last)}: {code} {found.names[code]}")
    return lines


def _when(dates: "Dates", today: date) -> str:
    """The three dates of a month, in words that show which are past."""
    due = f"{'Was due' if dates.due < today else 'Due'} {wording.day_of(dates.due)}"
    closed = (
        f"{'closed' if dates.closed < today else 'closes after'} {wording.day_of(dates.closed)}"
    )
    if dates.locked < today:
        return f"{due}, {closed}; its figures are final"
    return f"{due}, {closed}; its figures are provisional until {wording.day_of(dates.locked)}"


def _for_machines(found: "Status") -> dict[str, Any]:
    from schemas.deadlines import dates_for

    deadlines = found.programme.deadlines
    return {
        "programme": found.programme.name,
        "fictional": found.programme.fictional,
        "first_month": str(found.programme.first),
        "today": str(found.today),
        "release": found.release,
        "set_aside": [{"folder": str(p), "files": n} for p, n in found.set_aside.items()],
        "damaged": [each.words for each in found.damaged],
        "unfinished_releases": [str(path) for path in found.staged],
        "months": [
            {"month": str(month)}
            | {name: str(day) for name, day in asdict(dates_for(month, deadlines)).items()}
            | dict(sorted(found.count(month).items()))
            for month in found.months
        ],
        "trusts": [
            {
                "trust": code,
                "name": found.names[code],
                "months": {str(month): state for month, state in states.items()},
                "open_again": {
                    str(month): str(found.opened_again(month)[code])
                    for month in states
                    if code in found.opened_again(month)
                },
            }
            for code, states in found.states.items()
        ],
    }
