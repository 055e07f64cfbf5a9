"""Room for the reason of each query; what was said last time stands in it already."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.screens.send import problems
from dashboard.words import findings as words
from pipelines.keeping.free_text import LONGEST
from schemas.problems import Problem
from schemas.receipts import query_key

_HELP = "Say what happened on the ward, without names or anything that tells who it was."


def ask(queries: Sequence[Problem], carried: Mapping[str, str], sha256: str) -> dict[str, str]:
    """A reason for each kind of query beneath the cells it is about, or one for each cell.

    `carried` holds the answers of last time, by `query_key`; what has none comes first.
    """
    asked: dict[tuple[str, str], list[Problem]] = {}
    for problem in queries:
        asked.setdefault((carried.get(_key(problem), ""), problem.code), []).append(problem)
    reasons: dict[str, str] = {}
    for said, code in sorted(asked, key=lambda about: (bool(about[0]), about[::-1])):
        reasons |= _asked(code, asked[said, code], said, sha256)
        st.space("small")
    return reasons


def _asked(code: str, found: list[Problem], said: str, sha256: str) -> dict[str, str]:
    """One reason for some cells with the same query, and room for another one for each of them."""
    lines, caption = words.lines(found), words.asked(code, found, bool(said))
    shown = lines[: problems.SHOWN]
    note = f"The first {len(shown)} of {len(lines)}: all are in the problem report."
    problems.narrow(caption, shown, note * (len(lines) > len(shown)))
    cells = {_key(problem): problem for problem in found}
    place = f"{code} {_key(found[0])} {sha256}" if said else f"{code} {sha256}"
    for_all = st.text_area(
        words.room(code, len(found), bool(said)),
        said,
        key=f"reason {place}",
        max_chars=LONGEST,
        help=_HELP,
    )
    if len(cells) == 1:
        return dict.fromkeys(cells, for_all)
    with st.expander(f"Or a reason for each ({code})"):
        own = {key: _reason_for(key, problem, sha256) for key, problem in cells.items()}
    return {key: text if text.strip() else for_all for key, text in own.items()}


def _reason_for(key: str, problem: Problem, sha256: str) -> str:
    label = f"{words.place(problem)}: {problem.value or 'blank'} ({problem.code})"
    return st.text_input(label, key=f"reason {key} {sha256}", max_chars=LONGEST)


def _key(problem: Problem) -> str:
    return query_key(problem.code, problem.sheet, problem.cell)
