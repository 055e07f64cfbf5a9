"""What is worked out for sending, and again only once something was saved."""

import os
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path

from dashboard.page import session
from dashboard.page.session import Visit
from pipelines.drafting.basis import Basis, basis_of
from pipelines.keeping.home import open_home
from pipelines.keeping.layout import ARCHIVE, decisions_in, registers_in, returns_in
from pipelines.sending import OpenMonth, open_months
from schemas.periods import Month


def months_to_send(visit: Visit, trust: str) -> list[OpenMonth]:
    """The months a trust may send (`open_months`)."""
    home = session.home()
    return _open(home, trust, visit.today, visit.scope.trusts, _about(home, trust))


def basis(visit: Visit, trust: str, month: Month) -> Basis:
    """What the drafts of a trust's month are made on (`basis_of`)."""
    home = session.home()
    whose = (trust, month, visit.scope.trusts)
    return _basis(home, whose, visit.today, _about(home, trust))


def _about(home: Path, trust: str) -> tuple[object, ...]:
    return (session.programme(), *_kept(home / ARCHIVE, trust))


def _kept(root: Path, trust: str) -> Iterator[tuple[str, frozenset[str]]]:
    """The names of all that decides which months are open: nothing is kept without a new one."""
    sent = returns_in(root) / trust
    months = sent.iterdir() if sent.is_dir() else ()
    for folder in (registers_in(root), decisions_in(root), *months):
        if folder.is_dir():
            yield folder.name, frozenset(os.listdir(folder))


@lru_cache(maxsize=256)
def _open(
    root: Path, trust: str, today: date, allowed: frozenset[str], about: tuple[object, ...]
) -> list[OpenMonth]:
    """Worked out again when a return, decision or register was saved, as `about` then changes."""
    return open_months(open_home(root), trust, today, allowed)


@lru_cache(maxsize=32)
def _basis(
    root: Path, whose: tuple[str, Month, frozenset[str]], today: date, about: tuple[object, ...]
) -> Basis:
    trust, month, allowed = whose
    return basis_of(open_home(root), trust, month, today, allowed)
