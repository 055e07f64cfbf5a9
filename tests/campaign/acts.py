"""Everything that people do to a home, and a home with every kind of file made by doing it all.

Each act is given the home, a number that no other act on it was given, and whom to tell: `show` is
called with what anyone is told is kept. `tests/campaign/test_acts.py` holds that nothing of the
code's own lists (decisions, lines of the chain, files of the register and of a home) is left out.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from dashboard import subscriptions, token_holders
from dashboard.shared import Shared
from pipelines.accepting.submission import Arrival
from pipelines.backup import restore
from pipelines.keeping import change_tests, decide, drafts, tokens, withdrawal_requests
from pipelines.keeping.decide import Decided, Event, UnitCodes
from pipelines.keeping.drafts import Draft
from pipelines.keeping.drop_folder import waiting
from pipelines.keeping.forums import new_forum
from pipelines.keeping.home import Home, create_home
from pipelines.keeping.staging import keep_file, make_folders
from pipelines.keeping.tokens import NewToken
from pipelines.keeping.uploads import Upload, Uploads
from pipelines.mirror import mirror
from pipelines.publishing import publish
from pipelines.releasing.build import build
from pipelines.rotation import rotate
from pipelines.submit import submit
from pipelines.watching import take
from pipelines.watching.unhandled import unhandled
from pipelines.watching.watcher import Tried, Watcher
from schemas.baseline_window import BaselineWindow
from schemas.change_tests import ChangeTest
from schemas.forums import Forum
from schemas.periods import months
from schemas.receipts import query_key
from tests import by_group, worlds

NOW = worlds.received(worlds.FIRST + 1)
LATER = worlds.received(worlds.FIRST + 8)  # the first months are final by then
WINDOW = BaselineWindow(trust="Z03", first="2024-11", last="2025-01", until=date(2025, 9, 30))
OWN = frozenset({"Z01"})
Seen = tuple[str, object]
Show = Callable[[Seen], None]
Act = Callable[[Home, int, Show], None]


def world(root: Path) -> Home:
    """A home with one month, groups, a survey, a breakdown, and a trust that may bring a past."""
    frames = worlds.register_frames()
    joins = {
        "trusts": [worlds.trust_row("Z03", joined=(worlds.FIRST + 1).first_day)],
        "wards": [worlds.ward_row("Z03", "GORSE1", valid_from=(worlds.FIRST + 1).first_day)],
    }
    for name, rows in joins.items():
        added = pl.DataFrame(rows, infer_schema_length=None)
        frames[name] = pl.concat([frames[name], added], how="vertical_relaxed")
    frames["groups"] = pl.DataFrame([worlds.group_row("SOUTH", "Z01")])
    frames["yardsticks"] = pl.DataFrame([worlds.yardstick_row("Z01")])
    settings = worlds.programme(baselines=(WINDOW,), breakdowns=(by_group.AGE,))
    home = create_home(root, settings, frames, worlds.TEAM, worlds.START)
    for trust in worlds.WARDS:
        worlds.send(home, trust, worlds.FIRST, **by_group.asked(trust, worlds.FIRST))
    return home


def made(root: Path) -> Home:
    """A home with every kind of file, and beside it what is copied from it: each act done once."""
    home = world(root / "home")
    for number, act in enumerate(ACTS.values(), start=700):
        act(home, number, lambda seen: None)
    build(home, LATER)
    return home


def _submit(home: Home, number: int, show: Show) -> None:
    first, *others = worlds.WARDS["Z01"]
    month = worlds.FIRST + 1
    rows = [worlds.monthly_row(first, month, occupied_bed_days=400 + number % 60)]
    rows += [worlds.monthly_row(other, month) for other in others]
    show(("return", worlds.send(home, "Z01", month, monthly=rows).receipt.return_id))


def _baseline(home: Home, number: int, show: Show) -> None:
    window = months(WINDOW.first_month, WINDOW.last_month)
    rows = [worlds.monthly_row("GORSE1", month) for month in window]
    rows[0]["occupied_bed_days"] = 400 + number % 60
    cover = worlds.cover_row("Z03", WINDOW.first_month, period=f"{WINDOW.first} to {WINDOW.last}")
    usual = {"cover": [cover], "monthly": rows, "charter": [], "standards": []}
    content = worlds.return_file("Z03", WINDOW.first_month, **usual)
    arrival = Arrival(content, "baseline.zip", worlds.TEAM, NOW, {"*": "Checked with the ward"})
    sent = submit(home, arrival)
    assert sent.receipt, [problem.message for problem in sent.checked.problems]
    show(("return", sent.receipt.return_id))


def _decide(home: Home, number: int, show: Show) -> None:
    for each in range(3):
        show(("decision", home.archive.record(worlds.note(100 + 3 * number + each)).id))


def _on_charts(home: Home, number: int, show: Show) -> None:
    """New limits, an event, and two versions of a test of change."""
    ward, month = UnitCodes("Z01", "ALDER1"), worlds.FIRST
    event = Event(str(month.last_day), "training", f"Training {number}")
    show(("decision", decide.rebase(home, ward, "SS-O1", str(month), _by(number)).id))
    show(("decision", decide.annotate(home, ward, event, _by(number)).id))
    tried = ChangeTest(
        idea=f"Evening huddle {number}",
        foundation="confidence",
        prediction="More people feel safe",
        start=month.first_day,
        end=month.last_day,
    )
    begun = change_tests.record(home, ward, tried, _by(number))
    show(("decision", begun.id))
    over = tried.model_copy(update={"happened": "By day only", "outcome": "adapt"})
    show(("decision", change_tests.revise(home, begun.id, over, _by(number)).id))


def _about_returns(home: Home, number: int, show: Show) -> None:
    """An explanation, a request and its refusal, a withdrawal and its undoing."""
    receipt = next(r for r in home.archive.receipts() if r.trust_code == "Z01" and r.queries)
    query = next(each for each in receipt.queries if each.severity == "query")
    key = query_key(query.code, query.sheet, query.cell)
    said = {(receipt.return_id, key): f"Counted again, number {number}"}
    (answer,) = decide.answer_queries(home, said, worlds.LEAD, NOW, OWN)
    show(("decision", answer.id))
    asked = f"Z02/{worlds.FIRST}/1"
    with suppress(decide.AlreadyDecided):  # by a process that was killed before it had undone it
        request = withdrawal_requests.ask(home, asked, _by(number), frozenset({"Z02"}))
        show(("decision", request.id))
        show(("decision", withdrawal_requests.refuse(home, request.id, _by(number)).id))
        withdrawal = decide.withdraw(home, asked, _by(number))
        show(("decision", withdrawal.id))
        show(("decision", decide.undo(home, withdrawal.id, _by(number)).id))


def _reopen(home: Home, number: int, show: Show) -> None:
    """A closed month is opened for everybody, and a final one for one trust."""
    month = str(worlds.FIRST)
    closed = worlds.received(worlds.FIRST + 2) + timedelta(minutes=number)
    show(("decision", decide.reopen(home, None, month, Decided(worlds.TEAM, closed, "So")).id))
    about = Decided(worlds.TEAM, LATER + timedelta(minutes=number), "A ward had miscounted")
    until = (LATER + timedelta(days=20)).date()
    final = decide.reopen(home, "Z01", month, about, until=until, owner=worlds.TEAM)
    show(("decision", final.id))


def _register(home: Home, number: int, show: Show) -> None:
    kept = home.archive.keep_register(home.archive.register(), _by(number))
    show(("register", kept.version))


def _measures(home: Home, number: int, show: Show) -> None:
    over, files = len(home.archive.measures_kept()), worlds.measure_file("SS-P4", target="80")
    show(("measures", home.archive.keep_measures(files, _by(number), over)))


def _forum(home: Home, number: int, show: Show) -> None:
    about = Forum(forum=f"LF{number}", day=NOW.date(), title="Safety first", kind="workshop")
    show(("forum", home.archive.keep_forum(new_forum(about), _by(number))))


def _token(home: Home, number: int, show: Show) -> None:
    new = NewToken(f"Program {number}", worlds.LEAD, ("Z01",), ("send",))
    issued, _ = token_holders.issue(home, new, worlds.TEAM, NOW)
    show(("token", (issued.id, False)))
    tokens.revoke(home, issued.id, Decided(worlds.TEAM, NOW, "Not needed"))
    show(("token", (issued.id, True)))


def _upload(home: Home, number: int, show: Show) -> None:
    month = str(worlds.FIRST)
    uploaded = Upload(f"{number}.csv", b"a,b" * 100, NOW)
    Uploads(home.root / "inbox").put(worlds.LEAD, "Z01", month, uploaded)
    show(("upload", number))


def _draft(home: Home, number: int, show: Show) -> None:
    """Two wards' figures are typed, one of them twice."""
    month, there = str(worlds.FIRST + 2), drafts.of_trust(home.root, "Z01", NOW)
    versions = {draft.ward: draft.version for draft in there}
    for ward in ("ALDER1", "BIRCH1", "ALDER1"):
        typed = {"return_status": "data", "pt_answered": number % 60, "explain": "Half closed"}
        new = Draft("Z01", month, ward, typed, worlds.LEAD, NOW, "1.0", versions.get(ward, 0))
        versions[ward] = drafts.save(home.root, new).version
        show(("draft", (ward, versions[ward])))


def _subscribe(home: Home, number: int, show: Show) -> None:
    """Somebody wants a pack, and it is sent."""
    person = f"reader-{number}@trust.example"
    subscriptions.choose(home.root, person, "Z01", "monthly")
    show(("subscription", (person, None)))
    (one,) = subscriptions.of_person(home.root, person)
    subscriptions.begin(home.root, one, "2025-01")
    subscriptions.done(home.root, one, "2025-01")
    show(("subscription", (person, "2025-01")))


def _sign_out(home: Home, number: int, show: Show) -> None:
    """An account is used, and its sign-in ends."""
    shared, key = Shared(home.root), f"key-{number}"
    shared.use(f"account-{number}", NOW.date())
    shared.add("ended", key, NOW.timestamp(), NOW.timestamp() - 10**6, 1000)
    show(("signed out", key))


def _drop(home: Home, number: int, show: Show) -> None:
    """A return is dropped into a watched folder, and so is a file the program fails on."""
    watcher = _watcher(home)
    first, *others = worlds.WARDS["Z01"]
    month = worlds.FIRST + 1
    rows = [worlds.monthly_row(first, month, occupied_bed_days=300 + number % 60)]
    rows += [worlds.monthly_row(other, month) for other in others]
    content, name = worlds.return_file("Z01", month, monthly=rows), f"{number}.zip"
    keep_file(watcher.folder / f"{name}.answers.json", b'{"*": "Checked with the ward"}')
    keep_file(watcher.folder / name, content)
    show(("dropped", name))
    for taken in take.take(watcher, waiting(watcher.folder)):
        if taken.submission and taken.submission.receipt:
            show(("return", taken.submission.receipt.return_id))


def _set_aside(home: Home, number: int, show: Show) -> None:
    watcher, name = _watcher(home), f"{number}.bin"
    keep_file(watcher.folder / name, b"What the program fails on")
    show(("dropped", name))
    (file,) = (f for f in take.whole(watcher.folder, waiting(watcher.folder)) if f.name == name)
    make_folders(watcher.folder / "set-aside")
    unhandled(watcher, Tried(file, fault=ArithmeticError()))


def _watcher(home: Home) -> Watcher:
    folder = home.root.parent / "drop"
    make_folders(folder)
    return Watcher(home, folder, worlds.LEAD, OWN, lambda: NOW, lambda about, fault: None)


def _build(home: Home, number: int, show: Show) -> None:
    home.archive.record(worlds.note(10_000 + number))
    show(("release", build(home, NOW + timedelta(minutes=number)).stem))


def _backup(home: Home, number: int, show: Show) -> None:
    folder = home.root.parent / "backups"
    make_folders(folder)
    show(("rotated", rotate(home, folder, 2, NOW + timedelta(minutes=number)).made.number))


def _restore(home: Home, number: int, show: Show) -> None:
    newest = max((home.root.parent / "backups").glob("*.zip"), default=None)
    if newest:
        restore(newest, home.root.parent / f"restored-{number}")


def _mirror(home: Home, number: int, show: Show) -> None:
    _decide(home, 20_000 + number, show)
    mirror(home, home.root.parent / "copy")
    show(("copy", len(home.archive.links())))


def _publish(home: Home, number: int, show: Show) -> None:
    publish(home, worlds.FIRST, home.root.parent / f"heads-{number}")


ACTS: dict[str, Act] = {
    "submit": _submit,
    "baseline": _baseline,
    "decide": _decide,
    "on charts": _on_charts,
    "about returns": _about_returns,
    "reopen": _reopen,
    "register": _register,
    "measures": _measures,
    "forum": _forum,
    "token": _token,
    "upload": _upload,
    "draft": _draft,
    "subscribe": _subscribe,
    "sign out": _sign_out,
    "drop": _drop,
    "set aside": _set_aside,
    "build": _build,
    "backup": _backup,
    "restore": _restore,
    "mirror": _mirror,
    "publish": _publish,
}


def _by(number: int) -> Decided:
    return Decided(worlds.TEAM, NOW + timedelta(minutes=number), f"For number {number}")
