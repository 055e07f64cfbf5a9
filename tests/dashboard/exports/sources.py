"""What somebody makes files from, in the tests of every kind of file."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import polars as pl

from dashboard import store
from dashboard.access import Scope
from dashboard.exports import make
from pipelines import measures as measure_files
from schemas.measures import Measure
from schemas.programme import Programme


def source_of(
    release: Path, scope: Scope, programme: Programme, measures: Sequence[Measure] | None = None
) -> make.Source:
    """The source of a person's files: only what is in their scope.

    However many files are made from it, the release is asked each question once.
    """
    connection = store.open(release, scope)

    @cache
    def ask(question: Callable[..., pl.DataFrame], **about: object) -> pl.DataFrame:
        return question(connection, **about)

    return make.source(ask, store.facts(release), measures or measure_files.load(), programme)
