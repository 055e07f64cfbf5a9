"""Compares two versions of the register day by day. Pure."""

from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any, Literal

from pipelines.registers.effective import DAY, KEYS, Key, Row, held, rows_by_key
from pipelines.registers.register import Register
from schemas.wording import day_of

Kind = Literal["added", "ended", "changed", "became", "removed"]
_DAYS = ("valid_from", "valid_to")
_BECAME = {"trusts": ("successor_code",), "wards": ("successor_trust_code", "successor_ward_code")}


@dataclass(frozen=True)
class Difference:
    """One difference: its file and key, the day it begins, and the values before and after.

    `day` is the first day of the new value (for something that ended or got another name, its last
    day). It is empty for values that don't depend on the day, such as when a ward closed. `until`
    is the last day, if known.
    """

    file: str
    key: Key
    name: str
    kind: Kind
    field: str | None = None
    before: Any = None
    after: Any = None
    day: date | None = None
    until: date | None = None


def between(before: Register, after: Register) -> list[Difference]:
    """Every difference, by file and key, then by day."""
    found = []
    for file, key in KEYS.items():
        was, now = (rows_by_key(getattr(version, file), key) for version in (before, after))
        for name in sorted({**was, **now}):
            old, new = was.get(name, []), now.get(name, [])
            if old != new:
                found += (
                    _of_dated(file, name, old, new)
                    if file in _NAMES
                    else _of_text(file, name, old, new)
                )
    return _with_origins(_once_for_each_group(found))


_NAMES = {
    "trusts": "trust_name",
    "wards": "ward_name",
    "access": "name",
    "groups": "group_name",
}
# What doesn't depend on the day.
_ALWAYS = ("open_from", "open_to", "joined", "group_name", "kind")


def _of_dated(file: str, key: Key, old: list[Row], new: list[Row]) -> list[Difference]:
    name = str((old or new)[-1][_NAMES[file]])
    if not new:
        return [Difference(file, key, name, "removed")]
    fields = [f for f in new[0] if f not in (*KEYS[file], *_DAYS, *_BECAME.get(file, ()))]
    found: list[Difference] = []
    days = sorted({row["valid_from"] for row in old + new} | {
        row["valid_to"] + DAY for row in old + new if row["valid_to"]
    })  # fmt: skip
    for day, following in pairwise([*days, None]):
        was, now = held(old, day), held(new, day)
        until = now["valid_to"] if now else None
        if now and not was:
            found.append(Difference(file, key, name, "added", after=now, day=day, until=until))
        elif was and not now:
            found.append(Difference(file, key, name, "ended", before=was, day=day - DAY))
        elif was and now:
            last = following - DAY if following else None
            found += [
                Difference(file, key, name, "changed", f, was[f], now[f], _from(f, day), last)
                for f in fields
                if was[f] != now[f]
            ]
    became = _became(file, key, name, old, new)
    moved = {one.day for one in became if one.after}
    listed = [one for one in _joined(found) if one.kind != "ended" or one.day not in moved]
    return [*listed, *became]


def _once_for_each_group(found: list[Difference]) -> list[Difference]:
    """The differences, with another name or kind of a group told once, not for each member."""
    told, kept = set(), []
    for one in found:
        about = (one.key[0], one.field, one.before, one.after)
        if one.file == "groups" and one.kind == "changed":
            if about in told:
                continue
            told.add(about)
        kept.append(one)
    return kept


def _with_origins(found: list[Difference]) -> list[Difference]:
    """Give a ward that was added because another became it that ward's code as `before`."""
    origins = {one.after: "-".join(one.key) for one in found if one.kind == "became"}
    return [
        replace(one, before=origins.get("-".join(one.key))) if one.kind == "added" else one
        for one in found
    ]


def _joined(found: list[Difference]) -> list[Difference]:
    """The differences, with one that continues on following days listed once."""
    joined: list[Difference] = []
    for one in found:
        same = next((earlier for earlier in joined if _same(earlier, one)), None)
        if same is None:
            joined.append(one)
        else:
            joined[joined.index(same)] = _longer(same, one)
    return joined


def _same(earlier: Difference, one: Difference) -> bool:
    if (earlier.kind, earlier.field) != (one.kind, one.field):
        return False
    if one.kind == "ended":
        return earlier.day is not None and one.day is not None and earlier.day < one.day
    if one.kind == "added":
        return earlier.until is not None and earlier.until + DAY == one.day
    next_day = one.day is None or (earlier.until is not None and earlier.until + DAY == one.day)
    return (earlier.before, earlier.after) == (one.before, one.after) and next_day


def _longer(earlier: Difference, one: Difference) -> Difference:
    return earlier if one.kind == "ended" else replace(earlier, until=one.until)


def _from(field: str, day: date) -> date | None:
    return None if field in _ALWAYS else day


def _became(file: str, key: Key, name: str, old: list[Row], new: list[Row]) -> list[Difference]:
    names = _BECAME.get(file, ())
    was, now = (_last(rows, names) for rows in (old, new))
    if was == now:
        return []
    return [Difference(file, key, name, "became", before=was, after=now, day=new[-1]["valid_to"])]


def _last(rows: list[Row], names: Key) -> str | None:
    codes = [rows[-1][name] for name in names] if rows else []
    return "-".join(codes) if codes and all(codes) else None


# What a row of these files is called, and from which column on it holds.
_ROWS = {
    "standards": ("The wording", "valid_from"),
    "questions": ("The wording", "valid_from"),
    "invitations": ("What the list says", "valid_from"),
    "yardsticks": ("The figure", "period_from"),
}


def _of_text(file: str, key: Key, old: list[Row], new: list[Row]) -> list[Difference]:
    """What differs in a statement, a question, an invitation or a survey's figure, row by row."""
    name = "-".join(key)
    called, first = _ROWS[file]
    was, now = ({row[first]: row for row in rows} for rows in (old, new))
    found = []
    for day in dict.fromkeys([*was, *now]):
        if day not in was or day not in now:
            kind: Kind = "added" if day in now else "removed"
            about = name
            if old and new:
                about = f"{called} from {day_of(day) if day else 'the start'}"
            after = (now if day in now else was)[day]
            found.append(Difference(file, key, about, kind, after=after))
        else:
            found += [
                Difference(file, key, name, "changed", field, was[day][field], now[day][field])
                for field in now[day]
                if was[day][field] != now[day][field]
            ]
    return found
