"""feeling-safe tests-of-change: the log of tests of change of each ward."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli import audit_lines, figures, options, output
from dashboard.cli.errors import Refused
from schemas import wording
from schemas.tables.kinds import FOUNDATIONS
from schemas.vocabularies import LONGEST_IDEA, LONGEST_TEXT, OUTCOMES

if TYPE_CHECKING:
    from pipelines.keeping.change_tests import Entry
    from pipelines.keeping.home import Home
    from schemas.receipts import Decision

tests_of_change = typer.Typer(
    help="List, record and change the tests of change in the wards' logs. “feeling-safe undo” "
    "undoes a version; “feeling-safe export” writes them all to a file.",
    no_args_is_help=True,
)
Foundation = Annotated[
    str | None, typer.Option(help=f"One of {', '.join(FOUNDATIONS)}.", show_default=False)
]
Text = Annotated[str | None, typer.Option(help=f"Up to {LONGEST_TEXT} characters; name nobody.")]
Day = Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", show_default=False)]
Outcome = Annotated[
    str | None,
    typer.Option(help=f"Once it is over: {wording.listed(OUTCOMES, 'or')}.", show_default=False),
]
Measure = Annotated[
    str | None,
    typer.Option(help="The measure that should show it, such as SS-O1.", show_default=False),
]


@tests_of_change.command("list")
def list_all(
    trust: Annotated[str | None, typer.Option(help="Only this trust.", show_default="all")] = None,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """List every test of change in use, those that need an outcome first."""
    from pipelines.keeping.change_tests import log
    from pipelines.keeping.home import open_home
    from schemas.london_time import london_day

    programme, today = open_home(options.home_of(home)), london_day(datetime.now(UTC))
    wanted = trust and trust.strip().upper()
    if wanted and wanted not in programme.archive.register().trusts["trust_code"]:
        raise Refused(f"There is no trust {wanted} in the register.")
    found = [_listed(entry, today) for entry in log(programme.archive.decisions())]
    found = [each for each in found if wanted in (None, each["trust"])]
    found.sort(key=lambda each: (_ORDER.index(str(each["state"])), str(each["start"])))
    if as_json:
        output.as_json(found)
        return
    if not found:
        output.line("No test of change has been recorded.")
    for each in found:
        ends = wording.day_of(date.fromisoformat(str(each["end"])))
        output.line(f"{each['id']}  {each['ward']}  {each['state']}, to {ends}  “{each['idea']}”")


_ORDER = ("overdue", "running", *OUTCOMES)


@tests_of_change.command()
def add(
    ward: Annotated[str, typer.Argument(metavar="WARD", help="Its code, such as Z01-ALDER1.")],
    idea: Annotated[str, typer.Option(help=f"Its name, up to {LONGEST_IDEA} characters.")],
    foundation: Annotated[str, typer.Option(help=f"One of {', '.join(FOUNDATIONS)}.")],
    prediction: Annotated[str, typer.Option(help="What you predict will happen; name nobody.")],
    start: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="When it started.")],
    end: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="When it ends or ended.")],
    measure: Measure = None,
    happened: Text = None,
    outcome: Outcome = None,
    by: options.By = None,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Record a test of change in a ward's log."""
    from pipelines.keeping.change_tests import record
    from pipelines.keeping.decide import Decided, UnitCodes
    from schemas.change_tests import ChangeTest

    programme, sender, now = options.opened(home, by)
    code, _, name = ward.strip().upper().partition("-")
    tried = ChangeTest(
        idea=idea,
        foundation=foundation,
        prediction=prediction,
        start=options.day_of(start),
        end=options.day_of(end),
        measure=measure,
        happened=happened,
        outcome=outcome,
    )
    taken = record(
        programme, UnitCodes(code, name or None), tried, Decided(sender, now, prediction)
    )
    _report(programme, taken, taken.id, now, as_json)


@tests_of_change.command()
def change(
    test: Annotated[str, typer.Argument(metavar="ID", help="As “tests-of-change list” shows it.")],
    reason: Annotated[str, typer.Option(help="Why, for the record.", prompt="Why")],
    idea: Annotated[str | None, typer.Option(help="Another name.", show_default=False)] = None,
    foundation: Foundation = None,
    prediction: Text = None,
    start: Day = None,
    end: Day = None,
    measure: Measure = None,
    happened: Text = None,
    outcome: Outcome = None,
    by: options.By = None,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Save a new version of a test of change; what you leave out stays as it is."""
    from pipelines.keeping.change_tests import log, revise
    from pipelines.keeping.decide import Decided

    programme, sender, now = options.opened(home, by)
    known = {entry.test_id: entry for entry in log(programme.archive.decisions())}
    if test not in known:
        raise Refused(f"There is no test of change {test}: “tests-of-change list” shows them all.")
    newest = known[test].newest
    given = {
        "idea": idea,
        "foundation": foundation,
        "prediction": prediction,
        "start": options.day_of(start),
        "end": options.day_of(end),
        "measure": measure,
        "happened": happened,
        "outcome": outcome,
    }
    update = {field: value for field, value in given.items() if value is not None}
    tried = newest.tried.model_copy(update=update)
    taken = revise(programme, newest.id, tried, Decided(sender, now, reason))
    _report(programme, taken, test, now, as_json)


def _report(programme: "Home", taken: "Decision", test: str, now: datetime, as_json: bool) -> None:
    release = figures.worked_out(programme, now)
    ward = f"{taken.trust_code}-{taken.ward_code}"
    about = {"test": test, "decision": taken.id}
    audit_lines.note("change_test", taken.decided_by, release, ward=ward, **about)
    if as_json:
        output.as_json({"ward": ward, **about, "release": release})
        return
    output.line(f"Saved: “{taken.label}”, {ward}. Release {release} shows it.")
    output.line(f"To undo it: feeling-safe undo {taken.id}")


def _listed(entry: "Entry", today: date) -> dict[str, object]:
    from schemas.change_tests import state_of

    newest = entry.newest
    return {
        "id": entry.test_id,
        "trust": newest.trust_code,
        "ward": f"{newest.trust_code}-{newest.ward_code}",
        "state": state_of(newest.tried.outcome, newest.tried.end, today),
        "version": len(entry.versions),
        **newest.tried.model_dump(mode="json"),
    }
