"""A visit: one person looking at one release, and what was worked out for them once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeVar

import polars as pl

from dashboard import store
from dashboard.access import Scope

Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Visit:
    """One person looking at one release in one run: all a view needs to ask its questions."""

    scope: Scope
    release: Path
    today: date

    @cached_property
    def facts(self) -> dict[str, object]:
        """The row that describes the release."""
        return store.facts(self.release)

    @cached_property
    def _written(self) -> tuple[object, ...]:
        return store.stamp(self.release)

    def ask(self, question: Callable[..., pl.DataFrame], **about: object) -> pl.DataFrame:
        """The answer of a question of `dashboard.queries` for this scope; asked once per release.

        What it is about must be hashable: tuples, not lists.
        """
        asked = tuple(sorted(about.items()))
        return _answer(self.release, self._written, self.scope, question, asked)

    def keep(self, make: Callable[..., Kept], **about: object) -> Kept:
        """What `make(visit, **about)` makes, such as a picture: made once per release and scope.

        All that is worked out from answers is kept like this, so that a rerun only draws. What it
        is about must be hashable, and what is made must never be changed.
        """
        return _kept(self, self._written, make, tuple(sorted(about.items())))


@lru_cache(maxsize=1024)
def _answer(
    release: Path,
    written: tuple[object, ...],
    scope: Scope,
    question: Callable[..., pl.DataFrame],
    about: tuple[tuple[str, object], ...],
) -> pl.DataFrame:
    return question(store.cursor(release, scope), **dict(about))


@lru_cache(maxsize=1024)
def _kept(
    visit: Visit,
    written: tuple[object, ...],
    make: Callable[..., Kept],
    about: tuple[tuple[str, object], ...],
) -> Kept:
    return make(visit, **dict(about))
