"""A release of three small trusts, for tests of what people see without running the pipelines.

Every trust's names and numbers are its own: the counts of Z01 begin with 71, those of Z02 with
82, those of Z03 with 93, so that a test can look for them where they must not be. The trust Z04
merged into Z01, which today holds its ward.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pandera.polars as pa
import polars as pl

from pipelines import measures as measure_files
from pipelines.keeping.home import SETTINGS
from pipelines.releasing import release_file
from pipelines.releasing.definitions import DEFINITIONS, definitions
from schemas.periods import Month, months
from schemas.release import FOUNDATIONS, TABLES
from schemas.sheets.pairs import AFFECTED, ALLEGED
from schemas.tables.figures import Baselines
from schemas.vocabularies import peer_group_name

RELEASE_ID = "tiny-1"
TODAY = date(2026, 4, 20)
MONTHS = list(months(Month(2025, 1), Month(2026, 3)))
LAST = MONTHS[-1].first_day
HIDDEN_BEFORE = MONTHS[3].first_day
NAMES = {"Z01": "Quillfeather Trust", "Z02": "Mossgarth Trust", "Z03": "Tarnhowe Trust"}
NUMBER = {"Z01": 7100, "Z02": 8200, "Z03": 9300}
WARDS = {
    "Z01-ALDER1": ("Alderquill", "acute", "female"),
    "Z01-OAK1": ("Oakquill", "acute", "male"),
    "Z02-BIRCH1": ("Birchmoss", "acute", "female"),
    "Z02-FERN1": ("Fernmoss", "older", "mixed"),
    "Z03-ELM1": ("Elmtarn", "acute", "female"),
}
PEOPLE = {
    "team@example.org": ("Nomvula Team", "programme", None, None),
    "lead1@example.org": ("Lena Lead", "trust", "Z01", None),
    "lead2@example.org": ("Liam Lead", "trust", "Z02", None),
    "region@example.org": ("Rosa Region", "region", "Z01 Z03", None),
    "gone@example.org": ("Gwen Gone", "trust", "Z01", date(2026, 1, 31)),
}


def found(text: str, own: set[str]) -> list[str]:
    """What a text contains of other trusts: codes, names, wards, and numbers only they sent."""
    others = set(NAMES) - own
    words = {NAMES[trust] for trust in others}
    words |= others if own else set()  # the entry says who one may be, by code
    words |= {word for ward in WARDS if ward[:3] in others for word in (ward, WARDS[ward][0])}
    told = [word for word in words if word in text]
    for trust in others:
        first, second = divmod(NUMBER[trust] // 100, 10)
        # After a point it is the end of a coordinate in a drawing, and the next one.
        told += re.findall(rf"(?<![\d.]){first},?{second}\d\d\b", text)
    return told


def frames() -> dict[str, pl.DataFrame]:
    """Every table of a release, valid under its schema; the dictionary is the caller's own."""
    return dict(_frames())


@cache
def _frames() -> dict[str, pl.DataFrame]:
    rows = {
        "release": [_release()],
        "measures": _measures(),
        "trusts": _trusts(),
        "wards": _wards(),
        "groups": [*map(_in_region, _wards()), *_in_the_south()],
        "returns": [_return(code, month) for code in NAMES for month in MONTHS],
        "cells": [_answer(ward, month) for ward in WARDS for month in MONTHS],
        "queries": [_query(ward) for ward in WARDS],
        "events": _events(),
        "observations": [_observation(*at) for at in _series()],
        "baselines": [],
        "points": [_point(*at) for at in _series()],
        "signals": _signals(),
        "ambitions": [_ambition(*of) for of in _AIMED],
        "comparisons": _comparisons(),
        "peer_bands": _peer_bands(),
        "suppressed": [_suppressed(ward) for ward in WARDS],
        "charters": [_charter(ward, month) for ward in WARDS for month in MONTHS],
        "change_tests": [_change_test(ward) for ward in WARDS],
        "standards": [*map(_standard, WARDS), _standard_before("Z01-ALDER1"), *_of_trusts()],
        "confidence_items": [row for ward in WARDS for row in _items(ward)],
        "incident_pairs": [row for ward in WARDS for row in _pairs(ward)],
        "foundations": _foundations(),
        "breakdowns": [_everybody(trust) for trust in (None, *NAMES)],
        "completeness": _completeness(),
        "forums": [_forum("LF01", date(2026, 2, 10)), _forum("LF02", date(2026, 6, 9))],
        "forum_attendance": [_attended(ward) for ward in WARDS],
        "engagement": [_engaged(trust, name) for trust, name in NAMES.items()],
        "forum_answers": [*_answers("LF01"), _comment("LF01")],
        "yardsticks": [_yardstick(trust, at) for at, trust in enumerate(NAMES)],
        "standards_text": [_standards_text()],
        "questions": [_question()],
        "people": _people(),
    }
    return {name: TABLES[name].validate(frame(TABLES[name], rows[name])) for name in TABLES}


def frame(model: type[pa.DataFrameModel], rows: list[dict[str, object]]) -> pl.DataFrame:
    """Rows as a frame of the model's types; what a row does not say is empty."""
    types = {name: column.dtype.type for name, column in model.to_schema().columns.items()}
    unknown = {key for row in rows for key in row} - set(types)
    assert not unknown, f"{model.__name__} has no {unknown}"
    return pl.DataFrame([{name: row.get(name) for name in types} for row in rows], schema=types)


def write(home: Path, tables: dict[str, pl.DataFrame] | None = None, release_id: str = RELEASE_ID):
    """A home with this release in use; the path of the release."""
    releases = home / "releases"
    releases.mkdir(parents=True, exist_ok=True)
    path = releases / f"{release_id}.duckdb"
    path.write_bytes(_unchanged())
    if tables is not None:
        _change(path, tables)
    release_file.seal(path, path)
    (releases / "CURRENT").write_text(release_id, encoding="utf-8")
    (home / SETTINGS).write_text(
        'name = "Tiny programme"\nfictional = true\nfirst_month = "2025-01"\n', encoding="utf-8"
    )
    return path


def write_everything(home: Path) -> Path:
    """The same with no table empty: each ward has brought a baseline, and breakdowns are asked."""
    path = write(home, everything())
    with (home / SETTINGS).open("a", encoding="utf-8") as settings:
        settings.write('[[breakdowns]]\nname = "Age"\ncategories = ["Under 35", "35 or over"]\n')
    return path


def everything() -> dict[str, pl.DataFrame]:
    """Every table of a release with rows; in breakdowns, too, each trust has its own numbers."""
    tables = frames()
    seen = tables["observations"].filter(level="ward", state="value", month=MONTHS[0].first_day)
    brought = seen.with_columns(
        month=pl.col("month").dt.offset_by("-2y"),
        return_id=pl.col("trust_code") + "/2023-01-baseline/1",
    )
    tables["baselines"] = brought.select(list(Baselines.to_schema().columns))
    tables["breakdowns"] = tables["breakdowns"].with_columns(
        answered=pl.col("trust_code").replace_strict(NUMBER, default=999) + 7,
        safe=pl.col("trust_code").replace_strict(NUMBER, default=999) + 3,
    )
    return {name: TABLES[name].validate(table) for name, table in tables.items()}


def _into(path: Path, tables: dict[str, pl.DataFrame], gone: Iterable[str] = ()) -> None:
    with duckdb.connect(str(path)) as connection:
        for name in gone:
            connection.execute(f"DROP TABLE {name}")
        for name, table in tables.items():
            connection.register("incoming", table)
            connection.execute(f"CREATE OR REPLACE TABLE {name} AS FROM incoming")
            connection.unregister("incoming")


def _change(path: Path, tables: dict[str, pl.DataFrame]) -> None:
    """Make a copy of the unchanged release hold these tables: most of them are its own."""
    usual = _frames()
    changed = {name: table for name, table in tables.items() if table is not usual.get(name)}
    gone = usual.keys() - tables.keys()
    if changed or gone:
        _into(path, changed, gone)


@cache
def _unchanged() -> bytes:
    """The file of the release as it is, which most tests use: made once, then copied."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "release.duckdb"
        _into(path, {DEFINITIONS: definitions(measure_files.load()), **_frames()})
        return path.read_bytes()


def write_as_at(home: Path) -> Path:
    """The same release as at the last day of its last month, kept beside the one in use."""
    tables = frames()
    tables["release"] = tables["release"].with_columns(as_at=pl.lit(MONTHS[-1].last_day))
    path = write(home / "elsewhere", tables, "tiny-then")
    folder = home / "releases" / "as-at"
    folder.mkdir()
    return path.rename(folder / path.name)


def _release() -> dict[str, object]:
    return {
        "release_id": RELEASE_ID,
        "built_at": datetime.fromisoformat("2026-04-15T09:30"),
        "archive_state": "0" * 64,
        "data_to": LAST,
        "code_version": "test",
        "programme": "Tiny programme",
        "fictional": True,
        "first_month": MONTHS[0].first_day,
        "placeholders": True,
        "smallest_peer_group": 5,
    }


def _measures() -> list[dict[str, object]]:
    fields = TABLES["measures"].to_schema().columns
    return [
        {name: getattr(measure, "id" if name == "measure" else name) for name in fields}
        for measure in measure_files.load()
    ]


def _trusts() -> list[dict[str, object]]:
    shared = {"region_code": "Y56", "region": "London", "joined": date(2025, 1, 1)}
    rows = [
        {
            "trust_code": code,
            "trust_name": name,
            "valid_from": date(2025, 1, 1),
            "current_code": code,
            **shared,
        }
        for code, name in NAMES.items()
    ]
    merged = {
        "trust_code": "Z04",
        "trust_name": "Quilloakes Trust",
        "valid_from": date(2025, 1, 1),
        "valid_to": date(2025, 6, 30),
        "successor_code": "Z01",
        "current_code": "Z01",
        **shared,
    }
    return [*rows, merged]


def _wards() -> list[dict[str, object]]:
    rows = [_ward(ward, *WARDS[ward]) for ward in WARDS]
    moved = _ward("Z04-OAK1", *WARDS["Z01-OAK1"]) | {
        "current_ward_id": "Z01-OAK1",
        "current_trust_code": "Z01",
        "valid_to": date(2025, 6, 30),
    }
    return [*rows, moved]


def _ward(ward_id: str, name: str, group: str, sex: str) -> dict[str, object]:
    trust, _, code = ward_id.partition("-")
    return {
        "ward_id": ward_id,
        "trust_code": trust,
        "ward_code": code,
        "ward_name": name,
        "mh_class": "200",
        "peer_group": f"{group}-{sex}",
        "peer_group_name": peer_group_name(f"{group}-{sex}"),
        "intended_sex": sex,
        "beds": 16,
        "open_from": date(2020, 1, 1),
        "in_collaborative": "yes",
        "valid_from": date(2025, 1, 1),
        "current_ward_id": ward_id,
        "current_trust_code": trust,
    }


def _in_region(ward: dict[str, object]) -> dict[str, object]:
    about = {"group_code": "Y56", "group_name": "London", "kind": "region"}
    place = {name: ward[name] for name in ("trust_code", "ward_id")}
    return {**about, **place, "first_month": date(2025, 1, 1)}


def _in_the_south() -> list[dict[str, object]]:
    """A group of Z02, and of Z03 until the end of 2025."""
    about = {"group_code": "SOUTH", "group_name": "South board", "kind": "icb"}
    months = {"Z02": {}, "Z03": {"last_month": date(2025, 12, 1)}}
    return [
        {**about, "trust_code": trust, "ward_id": ward, "first_month": date(2025, 1, 1), **until}
        for trust, until in months.items()
        for ward in (None, *(ward for ward in WARDS if ward[:3] == trust))
    ]


def _return(code: str, month: Month) -> dict[str, object]:
    return {
        "return_id": f"{code}/{month}/1",
        "trust_code": code,
        "month": month.first_day,
        "version": 1,
        "received_at": datetime.fromisoformat(f"{month + 1}-09T08:05"),
        "received_by": f"sender.{code.lower()}@example.org",
        "filename": f"{code}_{month}.xlsx",
        "sha256": f"{NUMBER[code]}abc",
        "status": "active",
        "timeliness": "on_time",
        "data_status": "final",
        "rows": 2,
        "queries": 1,
        "queries_open": 1 if month == MONTHS[-1] else 0,
        "template_version": "1",
    }


def _answer(ward: str, month: Month) -> dict[str, object]:
    return {
        "return_id": f"{ward[:3]}/{month}/1",
        "trust_code": ward[:3],
        "ward_id": ward,
        "month": month.first_day,
        "sheet": "monthly",
        "row": 4,
        "column": "F",
        "field": "pt_safe",
        "entered": str(NUMBER[ward[:3]] + month.number),
        "text": str(NUMBER[ward[:3]] + month.number),
        "number": float(NUMBER[ward[:3]] + month.number),
        "state": "value",
    }


def _query(ward: str) -> dict[str, object]:
    return {
        "return_id": f"{ward[:3]}/{MONTHS[-1]}/1",
        "trust_code": ward[:3],
        "ward_id": ward,
        "month": LAST,
        "severity": "query",
        "code": "W04",
        "sheet": "monthly",
        "cell": "F4",
        "row": 4,
        "column": "pt_safe",
        "value": str(NUMBER[ward[:3]]),
        "message": f"{WARDS[ward][0]} sent {NUMBER[ward[:3]]}, the same as last month.",
    }


def _forum(code: str, day: date) -> dict[str, object]:
    link = f"https://example.org/{code}"
    about = {"title": f"What we learnt, {code}", "kind": "learning_set", "materials": link}
    return {"forum": code, "day": day, **about}


def _attended(ward: str) -> dict[str, object]:
    about = {"trust_code": ward[:3], "ward_id": ward, "group": "staff"}
    return {"forum": "LF01", "people": NUMBER[ward[:3]], **about}


def _engaged(trust: str, name: str) -> dict[str, object]:
    about = {"trust_code": trust, "trust_name": name, "region": "London", "listed": True}
    return {**about, "could_from": date(2019, 1, 1), "joined": date(2026, 1, 1)}


def _yardstick(trust: str, at: int) -> dict[str, object]:
    return {
        "trust_code": trust,
        "source": "Made-up survey",
        "asked_of": "staff",
        "higher_means": "harm",
        "period_from": date(2025, 1, 1),
        "period_to": date(2025, 12, 31),
        "numerator": NUMBER[trust] // 5,
        "denominator": NUMBER[trust] + at,
        "value": NUMBER[trust] // 5 / (NUMBER[trust] + at),
    }


def _answers(code: str) -> list[dict[str, object]]:
    about = {"forum": code, "question": 1, "text": "It was useful", "scale": "numbers"}
    counts = {3: 4, 4: 6, 5: 10}
    return [
        {**about, "place": place, "answer": str(place), "people": n, "answered": 20}
        for place, n in counts.items()
    ]


def _comment(code: str) -> dict[str, object]:
    about = {"forum": code, "question": 2, "text": "What did you learn?", "scale": "comment"}
    said = "What Mossgarth Trust and Tarnhowe Trust do, and Quillfeather Trust"  # names each trust
    return {**about, "answer": said, "people": 1, "answered": 1}


def _events() -> list[dict[str, object]]:
    def event(level: str, unit: str, trust: str | None, label: str) -> dict[str, object]:
        return {
            "event_id": f"{unit}-1",
            "level": level,
            "unit_id": unit,
            "trust_code": trust,
            "day": date(2025, 9, 10),
            "month": date(2025, 9, 1),
            "kind": "training",
            "label": label,
            "source": "a decision",
        }

    wards = [event("ward", ward, ward[:3], f"Training at {WARDS[ward][0]}") for ward in WARDS]
    return [event("programme", "programme", None, "Learning set"), *wards]


def _series() -> list[tuple[str, str, str | None, str, Month]]:
    units = [("ward", ward, ward[:3]) for ward in WARDS]
    units += [("trust", code, code) for code in NAMES]
    units += [("peer_group", "acute-female", None), ("programme", "programme", None)]
    units += [("group", "Y56", None)]
    return [
        (*unit, measure.id, month)
        for unit in units
        for measure in measure_files.load()
        for month in MONTHS
    ]


def _counts(unit: str, trust: str | None, month: Month) -> tuple[float, float]:
    """Unique to a trust; the programme's are none of theirs."""
    base = NUMBER[trust] if trust else 55000
    return base + month.number + len(unit), base + 60.0


_AIMED = [("programme", "programme", None, False)]
_AIMED += [("trust", code, code, own) for code in NAMES for own in (False, True)]


def _ambition(level: str, unit: str, trust: str | None, own: bool) -> dict[str, object]:
    """An ambition on whose path no month's figure is by chance a number of another trust."""
    baseline = (NUMBER[trust] if trust else 55000) / 1000
    return {
        "level": level,
        "unit_id": unit,
        "trust_code": trust,
        "measure": "SS-B1",
        "name": "its own made-up ambition" if own else "a made-up ambition",
        "own": own,
        "judged": not own,
        "by": date(2026, 12, 1),
        "change": -30.0 if own else -10.0,
        "target": baseline * (0.7 if own else 0.9),
        "baseline": baseline,
        "baseline_first": MONTHS[0].first_day,
        "baseline_last": MONTHS[5].first_day,
        "now": baseline * 0.96,
        "now_first": MONTHS[9].first_day,
        "now_last": LAST,
        "now_months": 6,
        "now_path": baseline * 0.952,
        "source": "Made up for tests.",
    }


def _observation(level: str, unit: str, trust: str | None, measure: str, month: Month):
    numerator, denominator = _counts(unit, trust, month)
    missing = level == "ward" and month == MONTHS[4]
    return {
        "level": level,
        "unit_id": unit,
        "trust_code": trust,
        "measure": measure,
        "month": month.first_day,
        "numerator": None if missing else numerator,
        "denominator": None if missing else denominator,
        "value": None if missing else numerator / denominator,
        "state": "missing" if missing else "value",
        "wards": 0 if missing else 1,
        "wards_expected": 1,
        "provisional": month == MONTHS[-1],
        "queried": False,
        "return_id": f"{trust}/{month}/1" if level == "ward" and not missing else None,
    }


def _point(level: str, unit: str, trust: str | None, measure: str, month: Month):
    seen = _observation(level, unit, trust, measure, month)
    shared = ("level", "unit_id", "trust_code", "measure", "month", "value", "numerator")
    centre = 0.9 + len(unit) / 1000
    return {
        **{name: seen[name] for name in (*shared, "denominator", "state", "provisional")},
        "months": 1,
        "chart": "xmr",
        "phase": 1,
        "used_in_limits": True,
        "centre": centre,
        "lower": centre - 0.1,
        "upper": centre + 0.1,
        "near_lower": centre - 0.06,
        "near_upper": centre + 0.06,
        "rule_outside": False,
        "rule_trend": False,
        "rule_two_of_three": False,
        "rule_shift": False,
        "kind": "common" if seen["value"] is not None else None,
        "trial": False,
        "queried": False,
    }


def _signals() -> list[dict[str, object]]:
    rows = []
    for level, unit, trust, measure, month in _series():
        if month != MONTHS[-1]:
            continue
        point = _point(level, unit, trust, measure, month)
        shared = ("level", "unit_id", "trust_code", "measure", "months", "value", "numerator")
        rows.append(
            {
                **{name: point[name] for name in (*shared, "denominator", "centre")},
                "n": 14,
                "chart": "xmr",
                "phase": 1,
                "latest": LAST,
                "lower": point["lower"],
                "upper": point["upper"],
                "variation": "improvement_high" if unit == "Z01-ALDER1" else "common",
                "assurance": "hit_or_miss",
                "chance": 0.02 if level == "ward" else None,
                "reason": "Twelve points and more.",
                "headline": "no change that stands out in 14 months",
                "sentence": "No change beyond what chance explains.",
            }
        )
    return rows


def _comparisons() -> list[dict[str, object]]:
    rows = []
    for ward, (_, group, sex) in WARDS.items():
        for measure in measure_files.load():
            numerator, denominator = _counts(ward, ward[:3], MONTHS[-1])
            rows.append(
                {
                    "level": "ward",
                    "unit_id": ward,
                    "trust_code": ward[:3],
                    "measure": measure.id,
                    "peer_group": f"{group}-{sex}",
                    "first_month": MONTHS[3].first_day,
                    "last_month": LAST,
                    "n": numerator,
                    "d": denominator,
                    "value": numerator / denominator,
                    "z": 0.2,
                    "centre": 0.9,
                    "lower95": 0.8,
                    "upper95": 0.95,
                    "lower998": 0.7,
                    "upper998": 0.99,
                    "category": "within",
                    "phi": 1.0,
                    "tau2": 0.0,
                    "units": 3 if (group, sex) == ("acute", "female") else 12,
                    "left_out": 1,
                }
            )
    return rows


def _peer_bands() -> list[dict[str, object]]:
    deciles = {f"p{10 * step}": 0.5 + step / 25 for step in range(1, 10)}
    return [
        {
            "peer_group": group,
            "peer_group_name": peer_group_name(group),
            "measure": measure.id,
            "month": month.first_day,
            **({"wards": 10, "left_out": 2, **deciles} if group == "acute-female" else {}),
            "state": "value" if group == "acute-female" else "suppressed",
            "suppression_reason": None if group == "acute-female" else "fewer than 5 wards",
        }
        for group in ("acute-female", "acute-male", "older-mixed")
        for measure in measure_files.load()
        if not measure.restricted
        for month in MONTHS
    ]


def _suppressed(ward: str) -> dict[str, object]:
    """A month of one measure that an earlier version of the return hid."""
    return {
        "level": "ward",
        "unit_id": ward,
        "measure": "SS-I1",
        "month": HIDDEN_BEFORE,
        "months": 1,
    }


def _charter(ward: str, month: Month) -> dict[str, object]:
    in_place = month >= MONTHS[6] and ward != "Z02-FERN1"
    return {
        "ward_id": ward,
        "trust_code": ward[:3],
        "month": month.first_day,
        "stage": "displayed" if in_place else "drafting",
        "agreed_on": date(2025, 6, 20) if in_place else None,
        "coproduced_patients": True,
        "coproduced_staff": True,
        "coproduced_carers": False,
        "patients_n": 7,
        "staff_n": 12,
        "carers_n": 0,
        "coproduced_on": date(2025, 6, 3) if in_place else None,
        "conversations_n": 3 if in_place else None,
        "changes_n": 2 if in_place else None,
        "part_commitment": in_place,
        "part_context": in_place,
        "part_expected_patients": True,
        "part_expected_staff": True,
        "part_expected_visitors": False,
        "part_explains_variation": False,
        "in_place": in_place,
        "current": in_place,
        "return_id": f"{ward[:3]}/{month}/1",
    }


def _change_test(ward: str) -> dict[str, object]:
    name = WARDS[ward][0]
    return {
        "test_id": f"test-{ward}",
        "ward_id": ward,
        "trust_code": ward[:3],
        "idea": f"Huddle at {name}",
        "foundation": "confidence",
        "prediction": f"{name} will feel safer",
        "measure": "SS-O1",
        "starts": date(2025, 9, 8),
        "ends": date(2025, 11, 30),
        "happened": f"{name} liked it",
        "outcome": "adopt",
        "version": 2,
        "recorded_at": datetime.fromisoformat("2025-12-01T09:00"),
    }


def _pairs(ward: str) -> list[dict[str, object]]:
    """Who was affected, by whom, in the last month: as often as only this trust can say."""
    about = {"ward_id": ward, "trust_code": ward[:3], "month": LAST}
    number = {("patient", "patient"): NUMBER[ward[:3]] + 41, ("staff", "patient"): 3}
    return [
        {**about, "affected": a, "alleged": b, "incidents": number.get((a, b), 0)}
        for a, b in product(AFFECTED, ALLEGED)
    ]


def _items(ward: str) -> list[dict[str, object]]:
    """Two items in two months of a ward; before the later one there was a session."""
    return [
        {
            "ward_id": ward,
            "trust_code": ward[:3],
            "month": month.first_day,
            "question_id": item,
            "text": f"Placeholder: I feel confident to {item}.",
            "is_placeholder": True,
            "sort": sort,
            "before_answered": None if month == MONTHS[-3] else 10,
            "before_confident": None if month == MONTHS[-3] else 4 - sort,
            "item_answered": 12,
            "item_confident": 8 - sort,
            "return_id": f"{ward[:3]}/{month}/1",
        }
        for month in (MONTHS[-3], MONTHS[-1])
        for sort, item in enumerate(("talk", "report"))
    ]


def _standard(ward: str) -> dict[str, object]:
    return {
        "set_id": "sexual_safety_placeholder",
        "statement_id": "P1",
        "group_id": "benchmarking",
        "group_title": "Benchmarking against the Standards",
        "short_text": "Placeholder, first statement.",
        "is_placeholder": True,
        "level": "ward",
        "org_code": ward.partition("-")[2],
        "ward_id": ward,
        "trust_code": ward[:3],
        "month": MONTHS[-2].first_day,
        "rating": "partly_met",
        "return_id": f"{ward[:3]}/{MONTHS[-2]}/1",
    }


def _standard_before(ward: str) -> dict[str, object]:
    """The rating of half a year earlier."""
    month = MONTHS[-8]
    earlier = {"month": month.first_day, "return_id": f"{ward[:3]}/{month}/1"}
    return _standard(ward) | earlier | {"rating": "not_met", "assessed_on": month.last_day}


def _of_trusts() -> list[dict[str, object]]:
    """Each trust's rating of itself, against a set of its own level."""
    return [
        _standard(f"{trust}-NONE")
        | {"set_id": "framework", "level": "trust", "org_code": trust, "ward_id": None}
        | {"rating": "met", "rated_by": "peers", "assessed_on": date(2026, 1, 9)}
        for trust in NAMES
    ]


def _everybody(trust: str | None) -> dict:
    """Everybody who was asked by age: in a quarter of the programme, or in a year of a trust."""
    return {
        "level": "trust" if trust else "programme",
        "unit_id": trust or "programme",
        "trust_code": trust,
        "first_month": date(2025, 4, 1),
        "last_month": date(2026, 3, 1) if trust else date(2025, 6, 1),
        "known_on": date(2026, 7, 1),
        "breakdown": "Age",
        "category": "All who answered",
        "sort": 0,
        "wards": 2,
        "answered": 120,
        "safe": 90,
    }


def _foundations() -> list[dict[str, object]]:
    units = [("trust", code, code, 2) for code in NAMES] + [("programme", "programme", None, 5)]
    return [
        {
            "level": level,
            "unit_id": unit,
            "trust_code": trust,
            "month": LAST,
            "foundation": foundation,
            "wards": wards,
            "wards_with": wards - 1,
            "what": "wards with it in place",
        }
        for level, unit, trust, wards in units
        for foundation in FOUNDATIONS
    ]


def _completeness() -> list[dict[str, object]]:
    sent = [
        {
            "scope": "return",
            "trust_code": code,
            "month": month.first_day,
            "due": (month + 1).first_day.replace(day=15),
            "closes": (month + 3).first_day,
            "open_until": (month + 3).first_day,
            "changes_until": (month + 4).first_day,
            "state": "missing" if (code, month) == ("Z03", MONTHS[4]) else "received",
            "return_id": f"{code}/{month}/1",
        }
        for code in NAMES
        for month in MONTHS
    ]
    reporting = [
        {
            "scope": "reporting",
            "trust_code": ward[:3],
            "ward_id": ward,
            "measure": measure.id,
            "state": "complete",
            "months_valid": 11,
            "months_expected": 12,
        }
        for ward in WARDS
        for measure in measure_files.load()
    ]
    return sent + reporting


def _standards_text() -> dict[str, object]:
    return {
        "set_id": "sexual_safety_placeholder",
        "set_title": "Sexual Safety Standards (placeholder)",
        "group_id": "benchmarking",
        "group_title": "Benchmarking against the Standards",
        "statement_id": "P1",
        "short_text": "Placeholder, first statement.",
        "applies_to": "ward",
        "sort": 10,
        "is_placeholder": True,
    }


def _question() -> dict[str, object]:
    return {
        "question_id": "patients_feel_safe",
        "asked_of": "patients",
        "text": "Placeholder wording: did you feel safe?",
        "answers": "Yes, always; Mostly; No",
        "counts_as_safe": "Yes, always",
        "is_placeholder": True,
    }


_READER = {"email": "group@example.org", "name": "Gina Group"}


def _people() -> list[dict[str, object]]:
    return [
        {
            "email": email,
            "name": name,
            "role": role,
            "trusts": trusts,
            "valid_from": date(2025, 1, 1),
            "valid_to": ends,
        }
        for email, (name, role, trusts, ends) in PEOPLE.items()
    ] + [{**_READER, "role": "group", "groups": "SOUTH", "valid_from": date(2025, 1, 1)}]
