"""Makes the register of the story, with a version each time an organisation changes. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from pipelines.demo.cast import Trust, Ward
from pipelines.demo.script import FOLDER, script, trust_names
from pipelines.demo.seeded_chance import chance
from pipelines.demo.story import Story
from pipelines.demo.yardsticks import yardsticks
from pipelines.registers.register import Register, register_of
from pipelines.registers.register_table import parsed
from schemas.vocabularies import REGIONS

Row = dict[str, Any]
_TRUSTS_RATE_FROM = 6  # months after the first


@dataclass(frozen=True)
class Edition:
    """A version of the register: when it was saved, and why."""

    at: datetime
    reason: str
    register: Register


def editions(story: Story, placeholders: dict[str, pl.DataFrame]) -> list[Edition]:
    """Every version in order; each includes only what has happened by then."""
    return [_edition(story, month, placeholders) for month in _changes(story)]


def edition_on(kept: list[Edition], moment: datetime) -> Register:
    """The register in use at a moment."""
    return next(e.register for e in reversed(kept) if e.at <= moment or e is kept[0])


def _changes(story: Story) -> list[int]:
    merges = {trust.merges_at for trust in story.trusts if trust.merges_at is not None}
    listed = {
        story.size.month_at(script()["invitations"]["updated"]),
        story.size.month_at(script()["yardsticks"]["known"]),
    }
    moves = {story.size.month_at(move["at"]) for move in script()["moves"]}
    turns = {w.turn for w in story.wards if w.chapter and (w.chapter.closes or w.chapter.opens)}
    return sorted({0} | listed | merges | moves | turns)


def _edition(story: Story, month: int, placeholders: dict[str, pl.DataFrame]) -> Edition:
    wards = [row for ward in story.wards for row in _ward(story, ward, month)]
    frames = {
        "trusts": _frame([_trust(story, t, month) for t in story.trusts]),
        "wards": _frame(wards),
        "access": _frame([_person(story, p) for p in script()["people"]]),
        "invitations": _frame(list(_invitations(story, month))),
        "groups": _frame(list(_groups(story, month))),
        "yardsticks": _frame(list(yardsticks(story, month))),
    }
    day = story.month(month).first_day
    return Edition(
        at=datetime(day.year, day.month, day.day, 8, 30, tzinfo=UTC) - timedelta(days=not month),
        reason="Organisations or invitations changed" if month else "The first register",
        register=register_of(
            frames | placeholders | {"standards": _standards(story, placeholders)}
        ),
    )


def _standards(story: Story, placeholders: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """The placeholders for wards and, from the second year on, a set for trusts as a whole."""
    text = (FOLDER / "trust_standards.csv").read_text(encoding="utf-8")
    of_trusts, _ = parsed("standards", text)
    dated = of_trusts.with_columns(valid_from=pl.lit(story.month(_TRUSTS_RATE_FROM).first_day))
    return pl.concat([placeholders["standards"], dated])


def _trust(story: Story, trust: Trust, known: int) -> Row:
    merged = trust.merges_at is not None and trust.merges_at <= known
    return {
        "trust_code": trust.code,
        "trust_name": trust.name,
        "region_code": trust.region_code,
        "joined": story.month(trust.joins).first_day,
        "valid_from": story.first.first_day,
        "valid_to": story.month(trust.merges_at - 1).last_day if merged else None,
        "successor_code": trust.merges_into if merged else None,
    }


def _invitations(story: Story, known: int) -> Iterator[Row]:
    """Every trust that could take part: those that do, and others yet to join."""
    settings, names = script()["invitations"], trust_names()
    day = story.month(known).first_day
    since = story.first.first_day
    for trust in story.trusts:
        row = _trust(story, trust, known)
        asked = row["joined"] - timedelta(days=60 + 3 * (trust.number % 20))
        yield _invitation(row, since, asked if asked <= day else None) | {
            "valid_to": row["valid_to"]
        }
    others = min(len(names), round(len(story.trusts) * (1 + settings["others"])))
    for number in range(len(story.trusts) + 1, others + 1):
        rng = chance(story.size.seed, "invited", number)
        row = {
            "trust_code": f"Z{number:02d}",
            "trust_name": names[number - 1],
            "region_code": rng.choice(list(REGIONS)),
        }
        asked = story.month(rng.randrange(story.size.months)).first_day + timedelta(days=9)
        never = rng.random() < settings["never"]
        yield _invitation(row, since, None if never or asked > day else asked)


def _invitation(trust: Row, since: date, invited: date | None) -> Row:
    about = {name: trust[name] for name in ("trust_code", "trust_name", "region_code")}
    return about | {"valid_from": since, "valid_to": None, "invited": invited}


def _groups(story: Story, known: int) -> Iterator[Row]:
    """The members of each group: trusts, of which one moves to another group, and single wards."""
    since = story.first.first_day
    for group in script()["groups"]:
        about = {f"group_{name}": group[name] for name in ("code", "name")} | {
            "kind": group["kind"],
            "valid_from": since,
            "valid_to": None,
        }
        for trust in story.trusts:
            there = [ward for ward in story.wards if ward.trust_code == trust.code]
            first = next((w.id for w in there if not (w.chapter and w.chapter.opens)), None)
            if trust.number in group.get("trusts", ()):
                yield about | {"member": trust.code}
            if first and trust.number in group.get("first_ward_of", ()):
                yield about | {"member": first}
        yield from _moved(story, known, about)


def _moved(story: Story, known: int, about: Row) -> Iterator[Row]:
    """The trusts that a group had until a month, or has had since."""
    for move in script()["moves"]:
        turn = story.size.month_at(move["at"])
        trust = next((t.code for t in story.trusts if t.number == move["trust"]), None)
        begins, ends = story.month(turn).first_day, story.month(turn - 1).last_day
        if trust and about["group_code"] == move["from"] and turn:
            yield about | {"member": trust, "valid_to": ends if turn <= known else None}
        if trust and about["group_code"] == move["to"] and turn <= known:
            yield about | {"member": trust, "valid_from": begins}


def _ward(story: Story, ward: Ward, known: int) -> list[Row]:
    """A ward's rows: none before it opens, two once its trust has merged into another, else one."""
    chapter = ward.chapter
    if chapter and chapter.opens and ward.turn > known:
        return []
    opens = chapter is not None and chapter.opens
    closes = chapter is not None and chapter.closes and ward.turn <= known
    row = {
        "trust_code": ward.trust_code,
        "ward_code": ward.code,
        "ward_name": ward.name,
        "site_code": ward.site_code,
        "mh_class": ward.kind.mh_class,
        "security_level": ward.kind.security_level,
        "intended_sex": ward.kind.intended_sex,
        "age_group": ward.kind.age_group,
        "beds": ward.beds,
        "open_from": story.month(ward.turn).first_day if opens else ward.opened,
        "open_to": story.month(ward.turn).last_day if closes else None,
        "in_collaborative": "yes",
        "valid_from": story.first.first_day,
        "valid_to": None,
        "successor_trust_code": None,
        "successor_ward_code": None,
    }
    trust = story.trust(ward.trust_code)
    if trust.merges_at is None or trust.merges_at > known:
        return [row]
    ended = {
        "valid_to": story.month(trust.merges_at - 1).last_day,
        "successor_trust_code": trust.merges_into,
        "successor_ward_code": ward.code,
    }
    moved = {"trust_code": trust.merges_into, "valid_from": story.month(trust.merges_at).first_day}
    return [row | ended, row | moved]


def _person(story: Story, person: dict[str, Any]) -> Row:
    numbers = person.get("trusts", ())
    codes = [trust.code for trust in story.trusts if trust.number in numbers]
    if "region_of" in person:
        region = story.trusts[person["region_of"] - 1].region_code
        codes = [trust.code for trust in story.trusts if trust.region_code == region]
    left = person.get("left_at")
    return {
        "email": person["email"],
        "name": person["name"],
        "role": person["role"],
        "trusts": " ".join(codes) or None,
        "groups": " ".join(person.get("groups", ())) or None,
        "valid_from": (story.first + -1).first_day,
        "valid_to": story.month(story.size.month_at(left)).last_day if left else None,
    }


def _frame(rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, infer_schema_length=None)
