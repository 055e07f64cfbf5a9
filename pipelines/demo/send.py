"""Sends the returns of one trust, from workbooks on disk to the archive."""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import polars as pl

from pipelines.checking.check import Checked, Context, check
from pipelines.demo.register import Edition, edition_on, editions
from pipelines.demo.schedule import Posting, brings_at, postings, sender
from pipelines.demo.script import script
from pipelines.demo.sheets import Clerk
from pipelines.demo.story import Story
from pipelines.keeping.home import Home
from pipelines.keeping.staging import unflushed
from pipelines.registers.placeholders import placeholders
from pipelines.registers.register import Register
from pipelines.workbooks.baseline_template import filled_baseline
from pipelines.workbooks.template import filled
from schemas.london_time import london_day
from schemas.periods import Month
from schemas.problems import Outcome
from schemas.receipts import slot_of
from schemas.sheets.confidence import QUESTION

WORKBOOKS = "workbooks"
_REMEMBERED = 12  # how many earlier months a return is checked against


class DemoError(RuntimeError):
    """The demonstration could not be made; the message says what stopped it."""


def send_all(root: Path, story: Story, code: str) -> int:
    """Write, check and save everything one trust sends; the number of workbooks.

    Needs the home to have its register already. Trusts don't depend on each other, so each may be
    sent by a separate process. Nothing waits for the disk: whoever calls it does, once.
    """
    with unflushed(), _uncollected():
        return _send_all(Home(root), story, code)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no cycles of objects: a workbook has thousands, and that is a tenth of its time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _send_all(home: Home, story: Story, code: str) -> int:
    trust, kept = story.trust(code), _editions(story)
    clerk, past = Clerk(story, trust), _Past(code)
    sent = 0
    for posting in postings(story, trust):
        register = edition_on(kept, posting.at)
        path = _write(home.root, story, clerk, posting, register)
        _send(home, story, path, posting, register, past)
        sent += 1
    return sent + _bring(home, story, clerk, kept)


@lru_cache(1)
def _editions(story: Story) -> list[Edition]:
    """The versions of the register, which answer every trust of a process what they know."""
    return editions(story, placeholders())


def count(story: Story) -> dict[str, int]:
    """How many workbooks each trust sends."""
    return {
        trust.code: len(postings(story, trust)) + bool(story.brought(trust))
        for trust in story.trusts
    }


def _bring(home: Home, story: Story, clerk: Clerk, kept: list[Edition]) -> int:
    """Send the baseline of a trust that joined late; the number of workbooks."""
    trust = clerk.trust
    window = story.window(trust)
    if window is None:
        return 0
    at = brings_at(story, trust)
    register = edition_on(kept, at)
    content = filled_baseline(story.programme, register, window, clerk.baseline())
    slot = slot_of(window.first, baseline=True)
    path = home.root / WORKBOOKS / trust.code / f"ssc_return_{trust.code}_{slot}.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    _send(
        home, story, path, Posting(trust.joins, 1, at, sender(trust)), register, _Past(trust.code)
    )
    return 1


def _write(root: Path, story: Story, clerk: Clerk, posting: Posting, register: Register) -> Path:
    month, code = story.month(posting.month), clerk.trust.code
    statements = register.sets_in_use(story.programme.standards_set, month)
    asked = register.items_of(QUESTION, month)["question_id"].to_list()
    values = clerk.sheets(posting.month, posting.version, statements.to_dicts(), asked)
    again = f"_v{posting.version}" if posting.version > 1 else ""
    path = root / WORKBOOKS / code / f"ssc_return_{code}_{month}{again}.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(filled(story.programme, register, code, month, values))
    return path


def _send(
    home: Home, story: Story, path: Path, posting: Posting, register: Register, past: "_Past"
) -> None:
    content, trust = path.read_bytes(), path.parent.name
    context = Context(
        programme=story.programme,
        register=register,
        today=london_day(posting.at),
        allowed_trusts=frozenset({trust}),
        history=past.cells(),
    )
    checked = check(content, path.name, context)
    home.archive.log_attempt(checked, posting.by, posting.at)
    if checked.cells is None:
        first = checked.problems[0]
        raise DemoError(f"{path.name} was refused: {first.code} at {first.cell}: {first.message}")
    answers = _answers(checked) if posting.answered else {}
    home.archive.keep_return(checked, content, posting.by, posting.at, answers)
    past.remember(story.month(posting.month), checked.cells)


def _answers(checked: Checked) -> Mapping[str, str]:
    answers = script()["answers"]
    if checked.outcome is not Outcome.QUERIES:
        return {}
    return {p.code: answers.get(p.code, answers["default"]) for p in checked.problems}


class _Past:
    """What a trust has sent so far, for checking its next return."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.months: dict[Month, pl.DataFrame] = {}

    def remember(self, month: Month, cells: pl.DataFrame) -> None:
        self.months[month] = cells.with_columns(
            trust_code=pl.lit(self.code), month=pl.lit(month.first_day)
        )

    def cells(self) -> pl.DataFrame | None:
        recent = sorted(self.months)[-_REMEMBERED:]
        return pl.concat([self.months[month] for month in recent]) if recent else None
