"""Adds to what is known of learning forums: their details, who came, and what people said."""

from collections.abc import Callable
from functools import partial

import polars as pl
import streamlit as st

from dashboard import audit
from dashboard.page import page, session
from dashboard.page.session import Visit
from dashboard.panels import decision_form
from dashboard.panels.decision_form import Plan
from dashboard.queries.learning import forums, forums_of_trusts
from dashboard.queries.organisations import wards
from pipelines.keeping.decide import Decided, DecisionError
from pipelines.keeping.home import Home, open_home
from pipelines.learning import save
from pipelines.learning.attendance_file import MOST_PEOPLE, read_attendance
from pipelines.learning.evaluation_file import read_evaluation
from pipelines.learning.forums_file import forum_of
from pipelines.reading.tidy_cells import Unusable
from schemas import wording
from schemas.forums import GROUPS, LONGEST_TITLE, Attendance
from schemas.typed import typed
from schemas.vocabularies import FORUM_KIND

_NEW = ""  # in place of a forum's code
_MEGABYTES = 5
_ATTENDANCE = (
    "A CSV file with a row for each trust, or for each of its wards: trust_code, ward_code, staff, "
    "lived_experience and carers. Leave a number blank if nobody counted; 0 means nobody came. "
    "Rows that are not in the file stay as they are."
)
_EVALUATION = (
    "The CSV file that the form tool exports: a row for each response and a column for each "
    "question, answered with words such as “Agree”, with 1 to 5, or in people’s own words. Delete "
    "columns with names, e-mail addresses, trusts or wards first. It takes the place of what was "
    "uploaded for this forum before."
)


def show(visit: Visit) -> None:
    """An expander for each thing the programme team can add, change or undo."""
    known = {row["forum"]: row for row in visit.ask(forums).iter_rows(named=True)}
    page.section(
        "Keep this up to date", "Nothing is ever deleted: each change is saved as a new version."
    )
    held = [code for code, row in known.items() if row["day"] <= visit.today][::-1]
    _expander("Add or change a forum…", "forum", partial(_details, visit, known))
    if held:
        _expander(
            "Enter who came from one trust…", "came", partial(_attendance, visit, known, held)
        )
        _expander("Upload who came…", "upload_came", partial(_upload, visit, known, held))
        _expander(
            "Upload what people said…",
            "upload_said",
            partial(_upload_evaluation, visit, known, held),
        )
    if known:
        _expander("Undo a change to a forum…", "undo_forum", partial(_undo, visit, known))
    else:
        decision_form.show_result("undo_forum")


def _expander(label: str, key: str, form: Callable[[str], None]) -> None:
    expander = st.expander(label, key=f"learning_{key}", on_change="rerun")
    if expander.open:
        with expander, decision_form.around(key):
            form(key)


def _details(visit: Visit, known: dict[str, dict[str, object]], key: str) -> None:
    chosen = st.selectbox(
        "Which forum",
        [_NEW, *reversed(known)],
        format_func=lambda code: _named(known[code]) if code else "A new forum",
        key=f"{key}_which",
    )
    was = known.get(chosen, {})
    left, middle, right = st.columns(3)
    code = chosen or left.text_input(
        "Code", save.next_code(known), max_chars=20, key=f"{key}_code_{len(known)}"
    )
    day = middle.date_input(
        "Date", was.get("day", visit.today), format="DD/MM/YYYY", key=f"{key}_day_{chosen}"
    )
    kinds = list(FORUM_KIND)
    kind = right.selectbox(
        "Kind",
        kinds,
        kinds.index(str(was.get("kind", kinds[0]))),
        format_func=FORUM_KIND.__getitem__,
        key=f"{key}_kind_{chosen}",
    )
    texts = {
        name: st.text_input(
            label, str(was.get(name) or ""), max_chars=longest, key=f"{key}_{name}_{chosen}"
        )
        for name, label, longest in (
            ("title", "Title or theme. Everyone in the programme sees it.", LONGEST_TITLE),
            ("materials", "Link to the materials, if there are any yet", 500),
            ("recording", "Link to the recording, if there is one", 500),
        )
    }
    if not texts["title"].strip():
        return
    try:
        about = forum_of({"forum": code, "date": day.isoformat(), "kind": kind, **texts})
    except Unusable as wrong:
        st.error(_starting(wrong))
        return
    if not chosen and about.forum in known:
        st.error(f"{about.forum} is the code of another forum: choose that one, or another code.")
        return
    what = f"{about.forum}, “{about.title}” on {wording.day_of(about.day)}"
    _offer(
        key,
        Plan(
            f"Save {what}? All trusts in the programme see it. You can undo it.",
            "Yes, save it",
            f"Saved: {what}.",
            f"Details of {about.forum}",
            partial(
                _kept,
                about.forum,
                lambda home, by: save.save_forums(home, [about], by).get(about.forum, 0),
            ),
            partial(_straight_away, forum=about.forum),
        ),
    )


def _attendance(
    visit: Visit, known: dict[str, dict[str, object]], held: list[str], key: str
) -> None:
    forum = _which(known, held, key)
    left, right = st.columns(2)
    every = visit.ask(wards)
    trusts = dict(visit.ask(forums_of_trusts).select("trust_code", "trust_name").iter_rows())
    if not trusts:
        st.info("There are no trusts in the register yet: add them there first.")
        return
    trust = left.selectbox("Trust", list(trusts), format_func=trusts.get, key=f"{key}_trust")
    its = dict(every.filter(trust_code=trust).select("ward_id", "ward_name").iter_rows())
    ward = right.selectbox(
        "Ward",
        [None, *its],
        format_func=lambda code: its[code] if code else "Ward not known",
        key=f"{key}_ward_{trust}",
    )
    counts = {
        group: column.number_input(
            title, 0, MOST_PEOPLE, None, 1, key=f"{key}_{group}_{forum}_{trust}_{ward}"
        )
        for column, (group, title) in zip(st.columns(3), GROUPS.items(), strict=True)
    }
    counts = {group: number for group, number in counts.items() if number is not None}
    if not counts:
        return
    rows = typed(
        pl.DataFrame(
            {
                "trust_code": trust,
                "ward_code": ward.removeprefix(f"{trust}-") if ward else None,
                "group": list(counts),
                "people": list(counts.values()),
            }
        ),
        Attendance,
    )
    said = [f"{number:,} {GROUPS[group].lower()}" for group, number in counts.items()]
    what = f"{wording.listed(said)} from {trusts[trust]}, {its.get(ward, 'ward not known')}"
    _offer(key, _attended(forum, rows, what))


def _upload(visit: Visit, known: dict[str, dict[str, object]], held: list[str], key: str) -> None:
    forum = _which(known, held, key)
    register = open_home(session.home()).archive.newest_register()
    read = _read(key, _ATTENDANCE, partial(read_attendance, register=register))
    if read is not None:
        people, trusts = int(read["people"].sum()), read["trust_code"].n_unique()
        people_in_words = wording.counted(people, "person", "people")
        _offer(
            key,
            _attended(forum, read, f"{people_in_words} from {wording.counted(trusts, 'trust')}"),
        )


def _attended(forum: str, rows: pl.DataFrame, what: str) -> Plan:
    return Plan(
        f"Save for {forum}: {what}? Each number takes the place of the one saved for the same "
        "trust, ward and group. You can undo it.",
        "Yes, save it",
        f"Saved for {forum}: {what}.",
        f"Attendance of {forum}",
        partial(_kept, forum, lambda home, by: save.save_attendance(home, forum, rows, by)),
        partial(_straight_away, forum=forum),
    )


def _upload_evaluation(
    visit: Visit, known: dict[str, dict[str, object]], held: list[str], key: str
) -> None:
    forum = _which(known, held, key)
    register = open_home(session.home()).archive.newest_register()
    reader = partial(read_evaluation, register=register, today=visit.today)
    read = _read(key, _EVALUATION, reader)
    if read is None:
        return
    what = f"answers to {wording.counted(read['question'].n_unique(), 'question')}"
    plan = Plan(
        f"Save for {forum}: {what}? They take the place of what was uploaded before. You can undo "
        "it.",
        "Yes, save them",
        f"Saved for {forum}: {what}.",
        f"Evaluation of {forum}",
        partial(_kept, forum, lambda home, by: save.save_evaluation(home, forum, read, by)),
        partial(_straight_away, forum=forum),
    )
    _offer(key, plan)


def _read(key: str, about: str, reader: Callable[..., tuple[pl.DataFrame, tuple[str, ...]]]):
    """What an uploaded file holds, with its notes; None without one, or if it can't be used."""
    session.expect_upload()
    file = st.file_uploader(
        about, type=["csv", "txt"], max_upload_size=_MEGABYTES, key=f"{key}_file"
    )
    if file is None:
        return None
    try:
        read, notes = reader(file.name, file.getvalue())
    except Unusable as wrong:
        st.error("\n".join(f"- {line}" for line in str(wrong).splitlines()))
        return None
    for note in notes:
        st.info(note)
    return read


def _undo(visit: Visit, known: dict[str, dict[str, object]], key: str) -> None:
    forum = _which(known, list(reversed(known)), key)
    try:
        version = save.newest_version(open_home(session.home()), forum)
    except DecisionError as damaged:
        st.error(str(damaged))
        return
    reason = st.text_input(decision_form.WHY, key=f"{key}_reason", max_chars=200)
    plan = Plan(
        f"Undo the last change to {_named(known[forum])}? If adding it was the only change, it is "
        "removed. What was saved stays in the archive, and undoing again brings it back.",
        "Yes, undo it",
        f"The last change to {forum} is undone.",
        reason,
        partial(_kept, forum, lambda home, by: save.undo_forum(home, forum, by, version)),
        partial(_straight_away, forum=forum),
        about=version,
    )
    _offer(key, plan)


def _which(known: dict[str, dict[str, object]], codes: list[str], key: str) -> str:
    return st.selectbox(
        "Which forum", codes, format_func=lambda code: _named(known[code]), key=f"{key}_which"
    )


def _named(row: dict[str, object]) -> str:
    return f"{row['forum']}, {wording.day_of(row['day'])}: {row['title']}"


def _offer(key: str, plan: Plan) -> None:
    decision_form.offer(key, "Undo" if key == "undo_forum" else "Save", plan)


def _kept(forum: str, act: Callable[[Home, Decided], int], home: Home, decided: Decided) -> int:
    visit = session.admit("programme")
    version = act(home, decided)
    if not version:
        raise DecisionError("Nothing differs from what is saved already: there is nothing to save.")
    audit.record("forum", visit.scope, str(visit.facts["release_id"]), forum=forum)
    return version


def _straight_away(home: Home, decided: Decided, saved: int, *, forum: str) -> int:
    return _kept(forum, lambda home, by: save.undo_forum(home, forum, by, saved), home, decided)


def _starting(wrong: Unusable) -> str:
    return "\n".join(f"- {wording.starting(line)}" for line in str(wrong).splitlines())
