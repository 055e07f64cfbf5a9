"""The chase list as files: who has not sent what is due, as CSV and as e-mails ready to send."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from email.policy import SMTP
from io import BytesIO
from types import MappingProxyType
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import polars as pl

from dashboard import access
from dashboard.exports import tables
from dashboard.words import chase as words
from schemas.periods import Month

_NEW_YEAR = (1980, 1, 1, 0, 0, 0)  # the same list gives the same file, whenever it is made


@dataclass(frozen=True)
class Chased:
    """One trust with overdue returns, and its people who can send them.

    `open` are the months that can still be sent, `closed` those that must be reopened first, each
    with its due date. If nobody is in the register, `people` is the address that the trust's last
    return came from, without a name.
    """

    trust_code: str
    trust_name: str
    open: tuple[tuple[date, date], ...]
    closed: tuple[tuple[date, date], ...]
    people: tuple[tuple[str, str], ...]

    @property
    def due(self) -> tuple[tuple[date, date], ...]:
        """Every missing month with its due date, oldest first."""
        return tuple(sorted(self.open + self.closed))


def chased(
    grid: pl.DataFrame,
    people: pl.DataFrame,
    today: date,
    closed: Collection[tuple[str, Month]] = (),
    senders: Mapping[str, str] = MappingProxyType({}),
) -> list[Chased]:
    """Every trust to chase, in the order of the grid (`queries.returns_grid`); only what is due.

    `people` is the access register, `closed` the trusts and months that no longer accept a return,
    `senders` who sent each trust's last return.
    """
    late = grid.filter((pl.col("state") == "missing") & (pl.col("due") < today))
    leads = _leads(people, today)
    found = []
    for frame in late.partition_by("trust_code", maintain_order=True):
        code = frame["trust_code"][0]
        due = list(frame.sort("month").select("month", "due").iter_rows())
        shut = tuple(pair for pair in due if (code, Month.of(pair[0])) in closed)
        name = frame["trust_name"][0] or code
        still = tuple(pair for pair in due if pair not in shut)
        contacts = leads.get(code) or _sender(senders.get(code, ""))
        found.append(Chased(code, name, still, shut, tuple(contacts)))
    return found


def as_csv(found: Iterable[Chased], today: date) -> bytes:
    """One row for each overdue return."""
    rows = [
        {
            "Trust code": one.trust_code,
            "Trust": one.trust_name,
            "Month": f"{month:%Y-%m}",
            "Due": due.isoformat(),
            "Days overdue": (today - due).days,
            "Can still be sent": "no, closed" if (month, due) in one.closed else "yes",
            "Who to ask": "; ".join(email for email, _ in one.people) or "nobody in the register",
        }
        for one in found
        for month, due in one.due
    ]
    return tables.csv(pl.DataFrame(rows))


def message(one: Chased, today: date, programme: str, contact: str) -> EmailMessage:
    """The e-mail to one trust about the months it can still send; it opens as a draft."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = words.subject([month for month, _ in one.open])
    if one.people:
        mail["To"] = ", ".join(email for email, _ in one.people)
    mail["X-Unsent"] = "1"  # Outlook then opens it as a draft, not as a message received
    names = [name for _, name in one.people if name]
    body = words.body(one.trust_name, names, one.open, today, programme, contact)
    mail.set_content(body, cte="quoted-printable")
    return mail


def as_zip(found: Iterable[Chased], today: date, programme: str, contact: str) -> bytes:
    """An e-mail file for each trust that can still send something."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as folder:
        for one in found:
            if one.open:
                name = ZipInfo(f"{one.trust_code}.eml", _NEW_YEAR)
                folder.writestr(name, bytes(message(one, today, programme, contact)))
    return out.getvalue()


def _sender(by: str) -> list[tuple[str, str]]:
    """The sender of the last return, if that is an address and not the name of an account."""
    return [(by, "")] if re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+", by) else []


def _leads(people: pl.DataFrame, today: date) -> dict[str, list[tuple[str, str]]]:
    """The people who may send for a trust today: e-mail and name, by trust."""
    found: dict[str, list[tuple[str, str]]] = {}
    for email in people["email"].drop_nulls().unique().sort():
        scope = access.resolve(email, people, today)
        if scope is None or not scope.can_send:
            continue
        for trust in scope.trusts:
            entry = (scope.email, scope.name)
            if entry not in found.setdefault(trust, []):
                found[trust].append(entry)
    return found
