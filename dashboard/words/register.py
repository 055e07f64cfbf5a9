"""What the Register screen says: what there is, what would change, and who saved each version."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl

from pipelines.registers.differences import Difference
from schemas import wording
from schemas.receipts import RegisterReceipt
from schemas.vocabularies import INTENDED_SEX, OWN_GROUPS, REGIONS, SECURITY_LEVEL, WARD_CLASSES

ROLES = {
    "programme": "Programme team: sees every trust",
    "trust": "Trust lead: sends returns, sees the trust’s wards",
    "region": "Region reader: sees the trusts’ wards, sends nothing",
    "group": "Group reader: sees the groups’ wards while they belong, sends nothing",
}
AGES = {"cyp": "Children and young people", "adult": "Adults", "older": "Older adults"}
SEXES = {sex: words.capitalize() for sex, words in INTENDED_SEX.items()}
CLASSES = {code: f"{kind.name} ({code})" for code, kind in WARD_CLASSES.items()}
NEW_FOR = timedelta(days=30)
_MOST = 3
_MOST_ASKED = 20
_MOST_TRUSTS = 8
_FIELDS = {
    "trust_name": "name",
    "region_code": "region",
    "joined": "first month with a return",
    "ward_name": "name",
    "group_name": "name",
    "site_code": "site",
    "mh_class": "class",
    "security_level": "security level",
    "intended_sex": "intended sex",
    "age_group": "age group",
    "open_from": "first day open",
    "open_to": "last day open",
    "in_collaborative": "in the collaborative",
    "invited": "day it was invited",
    "valid_from": "first day it could take part",
    "valid_to": "last day it could take part",
    "asked_of": "who was asked",
    "higher_means": "what a higher figure means",
    "period_from": "first day",
    "period_to": "last day",
    "numerator": "people who said so",
    "denominator": "people who answered",
    "percent": "percentage",
}
_VALUES: Mapping[str, Mapping[str, str]] = {
    "region_code": REGIONS,
    "mh_class": CLASSES,
    "intended_sex": INTENDED_SEX,
    "security_level": SECURITY_LEVEL,
    "age_group": AGES,
    "kind": OWN_GROUPS,
    "role": {code: words.partition(":")[0] for code, words in ROLES.items()},
}


def plain(text: str) -> str:
    """Text with Markdown's special characters escaped, so that names and reasons stay as typed."""
    return re.sub(r"([\\`*_\[\]<>$~#])", r"\\\1", text)


def summary(trusts: int, wards: int, people: int, receipt: RegisterReceipt | None) -> str:
    """The screen's headline: how much there is, and who saved it, when and why."""
    there_are = wording.listed(
        [
            wording.counted(trusts, "trust"),
            wording.counted(wards, "open ward"),
            wording.counted(people, "person with access", "people with access"),
        ]
    )
    if receipt is None:
        return f"{there_are}. No register has been saved yet."
    return f"{there_are}. {saved(receipt)}."


def saved(receipt: RegisterReceipt) -> str:
    """Which version was saved, when, by whom and why."""
    return (
        f"Version {receipt.version} of the register was saved at "
        f"{wording.moment(receipt.received_at)} by {receipt.received_by}: "
        f"“{receipt.reason}”"
    )


def conflict(newer: Iterable[RegisterReceipt]) -> str:
    """A warning that someone else saved the register while this person was changing it."""
    versions = ". ".join(saved(receipt) for receipt in newer)
    return (
        f"The register has changed while you were here. {versions}. Your change has not been "
        "saved. What you typed is still here: look at what they changed, then continue."
    )


def sentence(one: Difference) -> str:
    """A difference in one line: Alder Ward (Z01-ALDER1): beds 16 → 14 from 1 December 2026."""
    joined = ": " if "→" in what(one) else " "
    return f"{thing(one)}{joined}{what(one)}{_from(one)}."


def thing(one: Difference) -> str:
    """What a difference is about, with its code."""
    code = one.key[0] if one.file == "groups" else "-".join(one.key)
    return code if one.name == code else f"{one.name} ({code})"


def what(one: Difference) -> str:
    """What changes."""
    if one.kind == "changed":
        field = str(one.field)
        if field == "open_to" and one.before is None:
            return "closes"
        return f"{_FIELDS.get(field, field)} {value(field, one.before)} → {value(field, one.after)}"
    if one.kind == "became":
        return f"becomes {one.after}" if one.after else f"no longer becomes {one.before}"
    if one.kind == "removed" and one.file == "groups":
        return f"never included {one.key[1]}"
    if one.kind == "removed":
        return "is no longer in the register"
    if one.file == "groups":
        return f"{'includes' if one.kind == 'added' else 'no longer includes'} {one.key[1]}"
    if one.file == "access":
        seen = _seen(one.after or one.before)
        return f"has access as {seen}" if one.kind == "added" else f"loses access as {seen}"
    return f"is added{_described(one)}" if one.kind == "added" else "ends"


def when(one: Difference) -> str:
    """From which day, or on which it ends."""
    if one.field == "open_to" and one.before is None:
        return f"Last day open {wording.day_of(one.after)}"
    if one.day is None:
        return "From the start"
    if one.kind == "became":
        return f"From {wording.day_of(one.day + timedelta(days=1))}"
    if one.kind == "ended":
        return f"Last day {wording.day_of(one.day)}"
    until = f" until {wording.day_of(one.until)}" if one.until else ""
    return f"From {wording.day_of(one.day)}{until}"


def value(field: str, content: Any) -> str:
    """The content of a field, in words."""
    if content is None:
        return "none"
    if isinstance(content, date):
        return wording.month_of(content) if field == "joined" else wording.day_of(content)
    return _VALUES.get(field, {}).get(content, str(content))


def in_short(differences: list[Difference]) -> str:
    """The first few differences of a version, and how many more there are."""
    first = " ".join(sentence(one) for one in differences[:_MOST])
    more = len(differences) - _MOST
    return f"{first} And {wording.counted(more, 'more change')}." if more > 0 else first


def question(differences: list[Difference], version: int, today: date, own: bool) -> str:
    """What saving a change will do, several as a list in Markdown.

    `own` is whether it affects the access of the person saving it.
    """
    parts = []
    if any(one.day and one.day < today for one in differences if one.kind == "changed"):
        parts.append("It takes effect in the past, so figures people have seen may change.")
    if own:
        parts.append("This changes your own access.")
    parts.append(
        f"Save this as version {version}? Your name and reason are saved with it, and every figure "
        "is recalculated. You can undo it."
    )
    return f"{_listed(differences)}{' '.join(parts)}"


def _listed(differences: list[Difference]) -> str:
    if len(differences) == 1:
        return f"{sentence(differences[0])} "
    lines = [sentence(one) for one in differences[:_MOST_ASKED]]
    if more := len(differences) - len(lines):
        lines.append(f"And {wording.counted(more, 'more change')}, listed above.")
    return "".join(f"- {line}\n" for line in lines) + "\n"


def _from(one: Difference) -> str:
    text = when(one)
    if text == "From the start":
        return ""
    return f"{' ' if text.startswith('From') else ', '}{text[0].lower()}{text[1:]}"


def _seen(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return ""
    groups = (row["groups"] or "").split()
    codes = groups or (row["trusts"] or "").split()
    few, one = len(codes) <= _MOST_TRUSTS, "group" if groups else "trust"
    trusts = wording.listed(codes, nothing="") if few else wording.counted(len(codes), one)
    role = value("role", row["role"]).lower()
    return f"{role} for {trusts}" if trusts else role


def _described(one: Difference) -> str:
    if one.before:
        return f" in place of {one.before}"
    if one.file == "wards":
        row = one.after
        return (
            f" ({value('mh_class', row['mh_class'])}, {value('intended_sex', row['intended_sex'])},"
            f" {wording.counted(row['beds'], 'bed')})"
        )
    if one.file == "trusts":
        return f" ({value('region_code', one.after['region_code'])})"
    return ""


def new_on_the_team(people: pl.DataFrame, today: date) -> str:
    """Who got the programme role in the last 30 days or will soon, so that nobody does unnoticed.

    `people` is the access register (`schemas.release.People`). Somebody who had the role the day
    before is not new; empty if nobody is.
    """
    team = people.filter(role="programme")
    had = set(team.select("email", "valid_to").iter_rows())
    new = [
        f"{row['name'] or row['email']} ({row['email']}), from {wording.day_of(row['valid_from'])}"
        for row in team.sort("valid_from", "email").iter_rows(named=True)
        if row["valid_from"] > today - NEW_FOR
        and (row["email"], row["valid_from"] - timedelta(days=1)) not in had
    ]
    if not new:
        return ""
    return (
        f"New on the programme team, with access to every trust: {'; '.join(new)}. The versions on "
        "the Register screen say who gave this access and why."
    )
