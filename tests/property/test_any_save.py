"""A release that takes rows over from the last one is the release that is made of nothing.

Any acts in any order: returns, corrections, withdrawals, decisions, and changes of the register,
the measures and the settings, and looks back at earlier days. After each, the release is built upon
the last one and compared, table by table, with all that the archive comes to; so is that of each
earlier day, which takes over from whatever release is nearest.
"""

import shutil
import tempfile
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.accepting.submission import Arrival
from pipelines.keeping import decide
from pipelines.keeping.change_tests import log, record, revise
from pipelines.keeping.decide import DecisionError
from pipelines.keeping.decision_subjects import UnitCodes
from pipelines.keeping.decisions import Decided, in_force
from pipelines.keeping.home import SETTINGS, Home, as_toml, create_home
from pipelines.registers import group_acts, trust_acts, ward_acts
from pipelines.registers.register import RegisterError
from pipelines.releasing.build import build
from pipelines.releasing.release_tables import changes
from pipelines.releasing.sources import sources_of
from pipelines.submit import submit
from schemas.baseline_window import BaselineWindow
from schemas.change_tests import ChangeTest
from schemas.periods import Month, months
from schemas.programme import Deadlines, DisclosurePolicy
from schemas.register import Questions
from schemas.typed import typed
from tests import worlds
from tests.released import tables_of
from tests.returns.scene import question

pytestmark = pytest.mark.slow

NOW = datetime(2025, 11, 3, 9, tzinfo=UTC)
FIRST, LAST = Month(2025, 1), Month(2025, 6)  # over the end of a year to March
SETTINGS_OF = {
    "deadlines": Deadlines(closed_working_days=300, locked_working_days=301),
    "disclosure": DisclosurePolicy(smallest_peer_group=2, smallest_outside_trust=1),
}
BEFORE = BaselineWindow(trust="Z02", first="2024-07", last="2024-12", until=date(2026, 9, 30))
ITEM = question("talk", "Talk.", item_of="staff_confident")
ASKED = [question("staff_confident", "Overall."), ITEM]
QUESTIONS = typed(pl.DataFrame(ASKED, infer_schema_length=None), Questions)
TRUSTS, ALL_MONTHS = st.sampled_from(list(worlds.WARDS)), list(months(FIRST, LAST + 1))
PLACES = st.sampled_from([(trust, ward) for trust, wards in worlds.WARDS.items() for ward in wards])
DAYS = st.sampled_from([date(2025, 2, 1), date(2025, 4, 1), date(2025, 5, 15)])
LOOKED_BACK_AT = st.sampled_from(
    [date(2025, 4, 20), date(2025, 6, 20), date(2025, 9, 1), date(2025, 9, 2)]
)


def _send(home: Home, at: datetime, trust: str, month: Month, counts: tuple[int, int]) -> None:
    safe, assaults = counts
    rows = [
        worlds.monthly_row(ward, month, pt_safe=safe + number, inc_assault=assaults * number)
        for number, ward in enumerate(worlds.WARDS[trust])
    ]
    content = worlds.return_file(trust, month, monthly=rows)
    submit(home, Arrival(content, "r.zip", worlds.LEAD, at, {"*": "Checked"}))


def _tell(home: Home, at: datetime, trust: str, month: Month, confident: int) -> None:
    """A return that says more: who was affected, by whom, and confidence item by item."""
    usual = [worlds.monthly_row(ward, month) for ward in worlds.WARDS[trust]]
    rows = [row | {"inc_patient_by_patient": row["inc_affected_patient"]} for row in usual]
    items = [
        {"ward_code": ward, "question_id": "talk", "item_answered": 12, "item_confident": confident}
        for ward in worlds.WARDS[trust]
    ]
    content = worlds.return_file(trust, month, monthly=rows, confidence=items)
    submit(home, Arrival(content, "r.zip", worlds.LEAD, at, {"*": "Checked"}))


def _bring(home: Home, at: datetime, safe: int) -> None:
    """The baseline of the second trust, again if it has one."""
    span = list(months(BEFORE.first_month, BEFORE.last_month))
    rows = [
        worlds.monthly_row(ward, month, pt_safe=safe)
        for ward in worlds.WARDS[BEFORE.trust]
        for month in span
    ]
    cover = worlds.cover_row(BEFORE.trust, span[0], period=f"{span[0]} to {span[-1]}")
    sheets = {"cover": [cover], "monthly": rows, "charter": [], "standards": []}
    content = worlds.return_file(BEFORE.trust, span[0], **sheets)
    submit(home, Arrival(content, "b.zip", worlds.LEAD, at, {"*": "Checked"}))


def _without_baseline(home: Home, at: datetime) -> None:
    for receipt in home.archive.entries().baselines_in_use:
        decide.withdraw(home, receipt.return_id, _by(at))


def _withdraw(home: Home, at: datetime, trust: str, month: Month) -> None:
    active = [
        r for r in home.archive.entries().active if (r.trust_code, r.month) == (trust, str(month))
    ]
    for receipt in active:
        decide.withdraw(home, receipt.return_id, _by(at))


def _undo(home: Home, at: datetime) -> None:
    for taken in in_force(home.archive.decisions())[-1:]:
        decide.undo(home, taken.id, _by(at))


def _rebase(home: Home, at: datetime, place: tuple[str, str], month: Month, level: str) -> None:
    trust, ward = place
    units = {"ward": UnitCodes(trust, ward), "trust": UnitCodes(trust), "programme": UnitCodes()}
    decide.rebase(home, units[level], "SS-O1", str(month), _by(at))


def _note(home: Home, at: datetime, place: tuple[str, str], month: Month) -> None:
    event = decide.Event(str(month.first_day), "training", "Training began")
    decide.annotate(home, UnitCodes(*place), event, _by(at))


def _try(home: Home, at: datetime, place: tuple[str, str], month: Month) -> None:
    start, end = month.first_day, month.last_day
    about = {"idea": "A huddle", "foundation": "confidence", "prediction": "It helps"}
    tried = ChangeTest(**about, start=start, end=end)
    before = [e.newest for e in log(home.archive.decisions()) if e.newest.tried.start == start]
    if before:  # a second time, it is over
        over = tried.model_copy(update={"outcome": "adopt", "happened": "It helped"})
        revise(home, before[0].id, over, _by(at))
    else:
        record(home, UnitCodes(*place), tried, _by(at))


def _register(home: Home, at: datetime, act: str, place: tuple[str, str], day: date) -> None:
    trust, ward = place
    other = "Z02" if trust == "Z01" else "Z01"
    register = home.archive.newest_register()
    match act:
        case "merge":
            register = trust_acts.merge_trust(register, trust, other, day)
        case "rename":
            register = trust_acts.change_trust(register, trust, day, "Another name", "Y61")
        case "move":
            register = ward_acts.move_ward(register, trust, ward, other, f"{ward[:4]}9", day)
        case "close":
            register = ward_acts.close_ward(register, trust, ward, day)
        case "change":
            register = ward_acts.change_ward(register, trust, ward, day, {"intended_sex": "male"})
        case "name":
            register = ward_acts.change_ward(register, trust, ward, day, {"ward_name": "Another"})
        case "group":
            members = [trust, f"{other}-{worlds.WARDS[other][0]}"]
            register = group_acts.add_group(register, f"G{trust}", "Group", "icb", members, day)
        case "leave":
            register = group_acts.leave(register, f"G{trust}", trust, day)
        case "called":
            register = group_acts.rename(register, f"G{trust}", "Another group")
    home.archive.keep_register(register, _by(at))


def _settings(home: Home, at: datetime, smallest: int) -> None:
    policy = SETTINGS_OF["disclosure"].model_copy(update={"smallest_count": smallest})
    changed = home.programme.model_copy(update={"disclosure": policy})
    (home.root / SETTINGS).write_text(as_toml(changed))


def _measures(home: Home, at: datetime, kind: str) -> None:
    files = {
        "counts": worlds.measure_file("SS-I1", numerator='["inc_assault", "inc_other"]'),
        "new": worlds.measure_file(
            "SS-I1", id='"SS-X1"', numerator='["inc_assault", "inc_harassment"]'
        ),
        "words": worlds.measure_file("SS-P4", target="80"),
        "gone": worlds.measure_file("SS-I1", status='"archived"'),
        "back": worlds.measure_file("SS-I1"),
    }
    home.archive.keep_measures(files[kind], _by(at), len(home.archive.measures_kept()))


def _look_back(home: Home, at: datetime, day: date) -> None:
    _same(build(home, NOW, day), changes(sources_of(home, day), NOW).rows)


def _by(at: datetime) -> Decided:
    return Decided(worlds.TEAM, at, "Because")


MONTHS = st.sampled_from(ALL_MONTHS)
COUNTS = st.tuples(st.integers(0, 6), st.sampled_from([0, 2, 9]))
ACTS = st.one_of(
    st.tuples(st.just(_send), TRUSTS, MONTHS, COUNTS),
    st.tuples(st.just(_send), TRUSTS, MONTHS, COUNTS),
    st.tuples(st.just(_tell), TRUSTS, MONTHS, st.integers(3, 9)),
    st.tuples(st.just(_bring), st.integers(4, 8)),
    st.tuples(st.just(_without_baseline)),
    st.tuples(st.just(_withdraw), TRUSTS, MONTHS),
    st.tuples(st.just(_undo)),
    st.tuples(st.just(_rebase), PLACES, MONTHS, st.sampled_from(["ward", "trust", "programme"])),
    st.tuples(st.just(_note), PLACES, MONTHS),
    st.tuples(st.just(_try), PLACES, MONTHS),
    st.tuples(
        st.just(_register),
        st.sampled_from(
            ["merge", "rename", "move", "close", "change", "name", "group", "leave", "called"]
        ),
        PLACES,
        DAYS,
    ),
    st.tuples(st.just(_settings), st.sampled_from([3, 5])),
    st.tuples(st.just(_look_back), LOOKED_BACK_AT),
    st.tuples(st.just(_measures), st.sampled_from(["counts", "new", "words", "gone", "back"])),
)


@cache
def _start() -> Path:
    """A programme of two trusts with a first release; the last month isn't sent yet."""
    root, frames = Path(tempfile.mkdtemp()) / "home", worlds.register_frames(questions=QUESTIONS)
    settings_of = worlds.programme(**SETTINGS_OF, baselines=(BEFORE,))
    home = create_home(root, settings_of, frames, worlds.TEAM, worlds.START)
    for month in ALL_MONTHS[:-1]:
        for trust in worlds.WARDS:
            worlds.send(home, trust, month)
    build(home, NOW)
    return home.root


@settings(max_examples=max(6, settings().max_examples // 8))
@example(
    acts=[(_register, "change", ("Z02", "ELDER1"), date(2025, 4, 1))], look_back=True
)  # in the past, there is a peer group less
@example(
    acts=[
        (_register, "rename", ("Z01", "ALDER1"), date(2025, 2, 1)),
        (_register, "merge", ("Z01", "ALDER1"), date(2025, 4, 1)),
    ],
    look_back=False,
)  # its earlier name has ended too, and is no merger
@example(
    acts=[
        (_measures, "counts"),
        (_send, "Z01", Month(2025, 7), (3, 2)),
        (_measures, "gone"),
        (_settings, 3),
    ],
    look_back=True,
)  # what was hidden for a measure that is gone, in months that are taken over
@example(
    acts=[
        (_rebase, ("Z02", "ELDER1"), Month(2025, 3), "ward"),
        (_rebase, ("Z02", "ELDER1"), Month(2025, 3), "ward"),
        (_undo,),
        (_undo,),
    ],
    look_back=False,
)  # the same rebase twice draws a chart once, and it stays until both are undone
@example(
    acts=[
        (_register, "move", ("Z01", "ALDER1"), date(2025, 4, 1)),
        (_register, "name", ("Z02", "ELDER1"), date(2025, 5, 15)),
        (_send, "Z01", Month(2025, 2), (3, 2)),
    ],
    look_back=True,
)  # a register that places every ward as the one before changes nothing that is hidden
@example(
    acts=[
        (_try, ("Z01", "ALDER1"), Month(2025, 2)),
        (_register, "move", ("Z01", "ALDER1"), date(2025, 4, 1)),
        (_try, ("Z01", "ALDER1"), Month(2025, 2)),
    ],
    look_back=True,
)  # a ward takes its log along
@example(
    acts=[
        (_register, "group", ("Z01", "ALDER1"), date(2025, 2, 1)),
        (_send, "Z02", Month(2025, 3), (3, 2)),
        (_register, "leave", ("Z01", "ALDER1"), date(2025, 4, 1)),
        (_register, "called", ("Z01", "ALDER1"), date(2025, 4, 1)),
    ],
    look_back=True,
)  # of a trust whose group is left, figures above it are counted again
@example(
    acts=[
        (_bring, 5),
        (_register, "move", ("Z02", "ELDER1"), date(2025, 4, 1)),
        (_bring, 7),
        (_without_baseline,),
    ],
    look_back=False,
)  # a ward takes its baseline along, and it is gone when it is withdrawn
@example(
    acts=[
        (_tell, "Z01", Month(2025, 3), 5),
        (_note, ("Z01", "ALDER1"), Month(2025, 3)),
        (_register, "move", ("Z01", "ALDER1"), date(2025, 4, 1)),
        (_withdraw, "Z01", Month(2025, 3)),
    ],
    look_back=True,
)  # what is said beside figures stays through what doesn't touch it, and moves with its ward
@example(
    acts=[
        (_register, "change", ("Z01", "ALDER1"), date(2025, 5, 15)),
        (_look_back, date(2025, 9, 1)),
        (_send, "Z01", Month(2025, 7), (3, 2)),
        (_send, "Z02", Month(2025, 2), (1, 9)),
        (_look_back, date(2025, 6, 20)),
        (_register, "close", ("Z02", "ELDER1"), date(2025, 5, 15)),
    ],
    look_back=True,
)  # what stays hidden is taken over where a month has the same versions and places, and no further
@example(
    acts=[
        (_send, "Z01", Month(2025, 3), (3, 2)),
        (_withdraw, "Z02", Month(2025, 6)),
        (_withdraw, "Z01", Month(2025, 6)),
        (_look_back, date(2025, 9, 1)),
    ],
    look_back=True,
)  # on an earlier day, there are later months than in use today
@given(acts=st.lists(ACTS, min_size=1, max_size=4), look_back=st.booleans())
def test_a_release_built_on_the_last_one_is_the_release_of_the_whole_archive(acts, look_back):
    root = Path(tempfile.mkdtemp())
    try:
        home = Home(Path(shutil.copytree(_start(), root / "home")))
        for number, (act, *about) in enumerate(acts):
            at = datetime(2025, 9, 1, 9, tzinfo=UTC) + timedelta(days=number)
            with suppress(DecisionError, RegisterError):  # such an act changes nothing
                act(home, at, *about)
            _same(build(home, NOW), changes(sources_of(home), NOW).rows)
        if look_back:
            _look_back(home, NOW, date(2025, 4, 20))
    finally:
        shutil.rmtree(root)


def _same(release: Path, whole: dict[str, pl.DataFrame]) -> None:
    kept = tables_of(release, whole)
    for name, frame in whole.items():
        found = kept[name]
        assert found.columns == frame.columns, name
        assert found.sort(pl.all()).equals(frame.sort(pl.all())), name
