"""A tiny fictional programme whose returns go down the real road: two trusts, five wards.

Z01 has ALDER1, BIRCH1 and CEDAR1; Z02 has DOGWD1 and ELDER1. Returns are zips of CSV files, the
same every time, and received five days after the month has ended.
"""

import atexit
import csv
import re
import shutil
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from tempfile import mkdtemp
from zipfile import ZipFile, ZipInfo

import polars as pl

from pipelines.accepting.submission import Arrival, Submission
from pipelines.keeping.decisions import Decided, decision
from pipelines.keeping.home import Home, create_home
from pipelines.learning.attendance_file import read_attendance
from pipelines.learning.evaluation_file import read_evaluation
from pipelines.learning.save import save_attendance, save_evaluation, save_forums
from pipelines.measures import FOLDER
from pipelines.releasing.build import build
from pipelines.submit import submit
from schemas.forums import Forum
from schemas.periods import Month, months
from schemas.programme import Programme
from schemas.receipts import Decision

FIRST, LAST = Month(2025, 1), Month(2026, 2)
START = datetime(2024, 12, 2, 9, tzinfo=UTC)
WARDS = {"Z01": ("ALDER1", "BIRCH1", "CEDAR1"), "Z02": ("DOGWD1", "ELDER1")}
TEAM, LEAD = "team@programme.example", "lead@trust.example"
STATEMENTS = ("P1", "P2", "P3")


def programme(**changes: object) -> Programme:
    """The settings of the tiny programme."""
    said = {"name": "Tiny collaborative", "fictional": True, "first_month": str(FIRST)}
    return Programme(**{**said, **changes})


def register_frames(**changes: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The first register, with the files given in their place."""
    frames = {
        "trusts": pl.DataFrame([trust_row(code) for code in WARDS]),
        "wards": pl.DataFrame([ward_row(t, w) for t, wards in WARDS.items() for w in wards]),
        "access": pl.DataFrame(
            [
                _person(TEAM, "Programme team", "programme", None),
                _person(LEAD, "Trust lead", "trust", "Z01"),
            ],
            schema_overrides={"trusts": pl.String, "valid_to": pl.Date},
        ),
        "standards": pl.DataFrame([_statement(name, n) for n, name in enumerate(STATEMENTS)]),
        "invitations": pl.DataFrame(
            [
                invitation_row("Z01", invited=date(2019, 2, 1)),
                invitation_row("Z02"),
                invitation_row("Z08", invited=FIRST.first_day + timedelta(days=9)),
                invitation_row("Z09"),
            ],
            schema_overrides={"valid_to": pl.Date},
        ),
    }
    return {**frames, **changes}


def trust_row(code: str, **changes: object) -> dict[str, object]:
    """A row of trusts.csv."""
    row = {
        "trust_code": code,
        "trust_name": f"Tiny trust {code}",
        "region_code": "Y60",
        "joined": FIRST.first_day,
        "valid_from": date(2019, 1, 1),
        "valid_to": None,
        "successor_code": None,
    }
    return {**row, **changes}


def invitation_row(code: str, **changes: object) -> dict[str, object]:
    """A row of invitations.csv."""
    row = {
        "trust_code": code,
        "trust_name": f"Tiny trust {code}",
        "region_code": "Y60",
        "valid_from": date(2019, 1, 1),
        "valid_to": None,
        "invited": None,
    }
    return {**row, **changes}


def group_row(code: str, member: str, **changes: object) -> dict[str, object]:
    """A row of groups.csv."""
    row = {
        "group_code": code,
        "group_name": f"Tiny group {code}",
        "kind": "icb",
        "member": member,
        "valid_from": date(2019, 1, 1),
        "valid_to": None,
    }
    return {**row, **changes}


def yardstick_row(code: str, **changes: object) -> dict[str, object]:
    """A row of yardsticks.csv."""
    row = {
        "trust_code": code,
        "source": "Made-up survey",
        "asked_of": "staff",
        "higher_means": "harm",
        "period_from": date(2024, 4, 1),
        "period_to": date(2025, 3, 31),
        "numerator": 24,
        "denominator": 200,
        "percent": None,
    }
    return {**row, **changes}


def ward_row(trust: str, ward: str, **changes: object) -> dict[str, object]:
    """A row of wards.csv."""
    row = {
        "trust_code": trust,
        "ward_code": ward,
        "ward_name": f"{ward.title()} Ward",
        "site_code": None,
        "mh_class": "200",
        "security_level": "0",
        "intended_sex": "female",
        "age_group": "adult",
        "beds": 16,
        "open_from": date(2019, 1, 1),
        "open_to": None,
        "in_collaborative": "yes",
        "valid_from": date(2019, 1, 1),
        "valid_to": None,
        "successor_trust_code": None,
        "successor_ward_code": None,
    }
    return {**row, **changes}


def monthly_row(ward: str, month: Month, **changes: object) -> dict[str, object]:
    """A ward's month, plausible and the same every time; give None to leave a cell blank."""
    number = sum(map(ord, ward)) + 7 * (month.year * 12 + month.number)
    answered, staff = 10 + number % 5, 14 + number % 6
    incidents = (number % 3, number // 3 % 2, number // 5 % 2)
    row = {
        "period": str(month),
        "ward_code": ward,
        "return_status": "data",
        "occupied_bed_days": 400 + number % 40,
        "patients_present": 16,
        "pt_answered": answered,
        "pt_safe": answered - number % 4,
        "staff_in_post": 28,
        "st_answered": staff,
        "st_safe": staff - number % 3,
        "inc_harassment": incidents[0],
        "inc_assault": incidents[1],
        "inc_other": incidents[2],
        "inc_affected_patient": sum(incidents),
        "inc_affected_staff": 0,
        "inc_alleged_patient": sum(incidents),
        "inc_alleged_staff": 0,
        "support_offered_n": sum(incidents),
        "trained_n": 20 + number % 8,
        "conf_valid": 12,
        "conf_positive": 6 + number % 6,
    }
    return {**row, **changes}


def charter_row(ward: str, month: Month, **changes: object) -> dict[str, object]:
    """A charter that is being drafted, and displayed from the seventh month on."""
    row = {"ward_code": ward, "stage": "drafting", "agreed_on": None, "coproduced_patients": "yes"}
    if month - FIRST >= 6:
        row |= {"stage": "displayed", "agreed_on": str((FIRST + 6).first_day)}
    return {**row, **changes}


def standards_rows(ward: str, ratings: tuple[str, ...] = ("met", "partly_met", "not_met")):
    """A ward's self-assessment against the three statements."""
    return [
        {
            "set_id": "sexual_safety_placeholder",
            "statement_id": statement,
            "org_level": "ward",
            "org_code": ward,
            "rating": rating,
        }
        for statement, rating in zip(STATEMENTS, ratings, strict=True)
    ]


def return_file(trust: str, month: Month, **sheets: list[dict[str, object]]) -> bytes:
    """A return as a zip of CSV files; sheets given take the place of the usual ones."""
    wards = WARDS.get(trust, ())
    usual = {
        "cover": [cover_row(trust, month)],
        "monthly": [monthly_row(ward, month) for ward in wards],
        "charter": [charter_row(ward, month) for ward in wards],
        "standards": [row for ward in wards for row in standards_rows(ward)]
        if (month - FIRST) % 6 == 0
        else [],
        "events": [],
    }
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for name, rows in {**usual, **sheets}.items():
            if rows:
                text = _cover(rows[0]) if name == "cover" else _csv(rows)
                archive.writestr(ZipInfo(f"{name}.csv"), text)  # without the time of day
    return file.getvalue()


def cover_row(trust: str, month: Month, **changes: object) -> dict[str, object]:
    """The answers of a cover."""
    row = {
        "template_version": "1.0",
        "trust_code": trust,
        "period": str(month),
        "submitted_by_role": "trust_lead",
        "incident_source": "datix",
        "category_mapping": "native",
        "includes_leave_incidents": "yes",
        "data_status": "provisional",
        "declaration": "yes",
    }
    return {**row, **changes}


def measure_file(code: str, **lines: str) -> dict[str, bytes]:
    """The file of a measure that ships, by its name, with some lines written otherwise."""
    (path,) = FOLDER.glob(f"{code}_*")
    text = path.read_text(encoding="utf-8")
    for name, value in lines.items():
        text, found = re.subn(rf"^{name} = .*$", f"{name} = {value}", text, flags=re.MULTILINE)
        text = text if found else f"{name} = {value}\n{text}"
    about = lines.get("id", code).strip('"')
    return {f"{about}_own.toml": text.encode()}


def note(minutes: int = 0) -> Decision:
    """A note on the programme's charts, taken some minutes after the last month was received."""
    decided = Decided(TEAM, received(LAST) + timedelta(minutes=minutes), "So")
    return decision("annotation", decided)


def received(month: Month, days: int = 5) -> datetime:
    """A moment some days after a month has ended."""
    day = month.last_day + timedelta(days=days)
    return datetime(day.year, day.month, day.day, 10, tzinfo=UTC)


def empty_world(root: Path, **changes: object) -> Home:
    """The home before the first return."""
    return create_home(root, programme(**changes), register_frames(), TEAM, START)


def send(
    home: Home,
    trust: str,
    month: Month,
    at: datetime | None = None,
    release: bool = False,
    answers: dict[str, str] | None = None,
    **sheets: list[dict[str, object]],
) -> Submission:
    """Send one return down the real road; any problem but a query fails the test."""
    arrival = Arrival(
        return_file(trust, month, **sheets),
        f"{trust}_{month}.zip",
        LEAD,
        at or received(month),
        answers or {"*": "Checked with the ward"},
    )
    sent = submit(home, arrival)
    if release:
        build(home, arrival.at)
    assert sent.receipt is not None, [p.message for p in sent.checked.problems]
    return sent


def small_world(root: Path, first: Month = FIRST, last: Month = LAST, **changes: object) -> Home:
    """The home with every return of every month kept, and nothing built yet.

    A process that has made the same of as many months, or fewer, copies it and sends the rest.
    """
    key = (first, repr(sorted(changes.items())))
    known = [month for of, month in _MADE if of == key and month <= last]
    if known:
        home, sent = Home(root), max(known)
        shutil.copytree(_MADE[key, sent], root, dirs_exist_ok=True)
    else:
        home, sent = empty_world(root, **changes), first + -1
    for month in months(sent + 1, last):
        for trust in WARDS:
            send(home, trust, month)
    if last not in known:
        folder = mkdtemp(prefix="small-world-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        _MADE[key, last] = Path(shutil.copytree(root, Path(folder, "home")))
    return home


_MADE: dict[tuple[tuple[Month, str], Month], Path] = {}


def _person(email: str, name: str, role: str, trusts: str | None) -> dict[str, object]:
    return {
        "email": email,
        "name": name,
        "role": role,
        "trusts": trusts,
        "valid_from": date(2019, 1, 1),
        "valid_to": None,
    }


def _statement(name: str, sort: int) -> dict[str, object]:
    return {
        "set_id": "sexual_safety_placeholder",
        "set_title": "Placeholder",
        "publisher": None,
        "version": None,
        "group_id": "charter",
        "group_title": "Co-producing a ward charter",
        "statement_id": name,
        "short_text": f"Placeholder {name}",
        "applies_to": "ward",
        "sort": sort,
        "is_placeholder": True,
    }


def _cover(row: dict[str, object]) -> str:
    return _csv([{"field": name, "answer": value} for name, value in row.items()])


def _csv(rows: list[dict[str, object]]) -> str:
    file = StringIO()
    writer = csv.DictWriter(file, list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def hold_forum(home: Home, day: date, at: datetime, answers: int = 12) -> None:
    """A learning forum, LF01, to which each trust came from its first ward, and what people said.

    From the first trust 31 of the staff came, from the second 32, and so on.
    """
    decided = Decided(TEAM, at, "Held")
    about = Forum(forum="LF01", day=day, title="Safety first", kind="workshop")
    save_forums(home, [about], decided)
    lines = [f"{t},{w[0]},{31 + n},2," for n, (t, w) in enumerate(WARDS.items())]
    came = "\n".join(["trust,ward,staff,lived_experience,carers", *lines]).encode()
    register = home.archive.newest_register()
    save_attendance(home, "LF01", read_attendance("came.csv", came, register)[0], decided)
    form = "It was useful,What now?\n" + "Agree,A morning huddle\n" * answers
    said, _ = read_evaluation("form.csv", form.encode(), register, day)
    save_evaluation(home, "LF01", said, decided)
