"""Reads what people said about a session: a form tool's export, one row for each response.

Answers are counted for each question. Which answers came from one person is not kept, nor anything
that says who that was: a file with names or addresses is refused.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipelines.checking.rules.personal_text import personal
from pipelines.keeping.free_text import places_of
from pipelines.learning.columns import as_model, filled_table
from pipelines.reading.compared import clean, normal
from pipelines.reading.tidy_cells import Unusable, first_of
from pipelines.registers.register import Register
from schemas.forums import COMMENT, LONGEST_COMMENT, LONGEST_QUESTION, SCALES, Answers
from schemas.wording import counted, listed, quoted

# What form tools add by themselves, which says nothing about the session.
_ADDED = {
    "id", "start_time", "completion_time", "last_modified_time", "timestamp", "respondent_id",
    "response_id", "collector_id", "start_date", "end_date", "date_created", "date_modified",
    "submission_date", "submitted", "started", "completed", "time_taken", "duration", "language",
}  # fmt: skip
_WHO = {
    "name", "full_name", "first_name", "last_name", "surname", "your_name", "email", "e_mail",
    "email_address", "your_email", "phone", "telephone", "mobile", "ip_address", "username", "user",
    "user_name", "date_of_birth", "nhs_number",
}  # fmt: skip
_WHERE = {
    "trust", "trust_code", "your_trust", "organisation", "organization", "your_organisation",
    "employer", "ward", "ward_code", "your_ward",
}  # fmt: skip
_NOBODY = {"", "anonymous"}
_PLACES = {
    scale: {normal(answer): place for place, answer in enumerate(answers, 1)}
    for scale, answers in SCALES.items()
}


@dataclass(frozen=True)
class Column:
    """One question of the file: its number and text, and the answers by row."""

    number: int
    text: str
    answers: dict[int, str]


def read_evaluation(
    file: str, content: bytes, register: Register, today: date
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The answers in a file, counted (`schemas.forums.Answers`), and notes; raises Unusable.

    A question is answered on a scale of `schemas.forums.SCALES` if most of its answers are, and
    otherwise in words. Words that could identify someone are left out, and a note says how many.
    """
    table = filled_table(file, content)
    if problems := list(table.uneven()):
        raise Unusable("\n".join(first_of(problems)))
    cells = {
        place: {row: clean(fields[place]) for row, fields in table.rows if place < len(fields)}
        for place in range(len(table.header))
    }
    columns, notes, problems = [], list(table.notes), []
    for place, heading in enumerate(table.header):
        text, answers = clean(heading), {row: a for row, a in cells[place].items() if a}
        about, name = f"Column {quoted(text)}", normal(text)
        if name in _ADDED or not name:
            problems += [f"Column {place + 1} has answers but no question."] * bool(
                answers and not name
            )
            notes += [f"{about} was left out: the form tool added it."] * bool(name)
        elif name in _WHO | _WHERE:
            problems += _identifies(about, name, answers)
        else:
            columns.append(Column(len(columns) + 1, text, answers))
    problems += _unusable(columns, register, today)
    if not columns:
        problems.append(f"{file} has no question: each column is one, with its text above it.")
    if problems:
        raise Unusable("\n".join(first_of(problems)))
    return _counted(file, columns, notes, register, today)


def _identifies(about: str, name: str, answers: dict[int, str]) -> Iterator[str]:
    if all(answer.lower() in _NOBODY for answer in answers.values()):
        return
    if name in _WHO:
        yield f"{about} says who answered: delete it from the file. Evaluations are without names."
    else:
        yield (
            f"{about} says where people work, which with their answers could point to a person: "
            "delete it from the file."
        )


def _unusable(columns: Sequence[Column], register: Register, today: date) -> Iterator[str]:
    """What is wrong with the questions themselves."""
    names = Counter(normal(column.text) for column in columns)
    places = places_of(register)
    for column in columns:
        about = f"Question {column.number}"
        if names[normal(column.text)] > 1:
            yield f"{about}, {quoted(column.text)}, is there twice: reword or delete one."
        if len(column.text) > LONGEST_QUESTION:
            yield f"{about} has more than {LONGEST_QUESTION} characters: shorten its heading."
        elif found := personal(column.text, today, places):
            yield f"{about} seems to include {found} in its heading: reword it."
        yield from _off_scale(about, column)


def _off_scale(about: str, column: Column) -> Iterator[str]:
    scale = _scale(column)
    if scale == COMMENT:
        if any(len(answer) > LONGEST_COMMENT for answer in column.answers.values()):
            yield f"{about} has an answer of more than {LONGEST_COMMENT:,} characters: shorten it."
        return
    rows = [row for row, answer in column.answers.items() if normal(answer) not in _PLACES[scale]]
    if rows:
        yield (
            f"{about} is answered with {listed(SCALES[scale], 'or')}, but not in "
            f"{'row' if len(rows) == 1 else 'rows'} {listed(map(str, rows[:5]))}"
            f"{' and others' if len(rows) > 5 else ''}: correct those, or leave them blank."
        )


def _scale(column: Column) -> str:
    """The scale that more than half of the answers are on; without one, they are in words.

    A column of numbers is always a scale of 1 to 5, so that one from 0 to 10 is refused.
    """
    answers = [normal(answer) for answer in column.answers.values()]
    if answers and all(answer.isdigit() for answer in answers):
        return "numbers"
    for scale, places in _PLACES.items():
        if 2 * sum(answer in places for answer in answers) > len(answers):
            return scale
    return COMMENT


def _counted(
    file: str, columns: Sequence[Column], notes: list[str], register: Register, today: date
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    rows: list[dict[str, object]] = []
    places = places_of(register)
    for column in columns:
        scale = _scale(column)
        about = {"question": column.number, "text": column.text, "scale": scale}
        texts = list(column.answers.values())
        if not texts:
            notes.append(f"Nobody answered {quoted(column.text)}, so it was left out.")
        if scale == COMMENT:
            kept = [text for text in texts if not personal(text, today, places)]
            if blocked := len(texts) - len(kept):
                notes.append(
                    f"{counted(blocked, 'answer')} to {quoted(column.text)} "
                    f"{'was' if blocked == 1 else 'were'} left out: "
                    f"{'it seems' if blocked == 1 else 'they seem'} to include a name, a telephone "
                    "number or something else that could identify a person."
                )
            rows += [
                about | {"place": None, "answer": text, "people": people}
                for text, people in sorted(Counter(kept).items())
            ]
            continue
        found = Counter(_PLACES[scale][normal(text)] for text in texts)
        rows += [
            about | {"place": place, "answer": SCALES[scale][place - 1], "people": people}
            for place, people in sorted(found.items())
        ]
    if not rows:
        raise Unusable(f"{file} has no answer that can be kept.")
    return as_model(file, rows, Answers), tuple(notes)
