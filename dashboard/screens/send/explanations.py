"""A field to explain each query, with last time's explanation filled in."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.screens.send import problems
from dashboard.words import findings as words
from pipelines.keeping.free_text import LONGEST
from schemas.problems import Problem
from schemas.receipts import query_key

_HELP = "Say what happened on the ward, without names or anything that could identify someone."


def ask(queries: Sequence[Problem], carried: Mapping[str, str], sha256: str) -> dict[str, str]:
    """An explanation for each kind of query, under the cells it is about, or one for each cell.

    `carried` is last time's explanations, by `query_key`; queries without one come first.
    """
    groups: dict[tuple[str, str], list[Problem]] = {}
    for problem in queries:
        groups.setdefault((carried.get(_key(problem), ""), problem.code), []).append(problem)
    reasons: dict[str, str] = {}
    for earlier, code in sorted(groups, key=lambda group: (bool(group[0]), group[::-1])):
        reasons |= _fields(code, groups[earlier, code], earlier, sha256)
        st.space("small")
    return reasons


def _fields(code: str, found: list[Problem], earlier: str, sha256: str) -> dict[str, str]:
    """One explanation for all cells with the same query, or another one for each of them."""
    lines, caption = words.lines(found), words.heading(code, found, bool(earlier))
    shown = lines[: problems.SHOWN]
    note = f"The first {len(shown)} of {len(lines)}: all are in the problem report."
    problems.narrow(caption, shown, note * (len(lines) > len(shown)))
    cells = {_key(problem): problem for problem in found}
    place = f"{code} {_key(found[0])} {sha256}" if earlier else f"{code} {sha256}"
    for_all = st.text_area(
        words.field_label(code, len(found), bool(earlier)),
        earlier,
        key=f"reason {place}",
        max_chars=LONGEST,
        help=_HELP,
    )
    if len(cells) == 1:
        return dict.fromkeys(cells, for_all)
    with st.expander(f"Or an explanation for each ({code})"):
        own = {key: _reason_for(key, problem, sha256) for key, problem in cells.items()}
    return {key: text if text.strip() else for_all for key, text in own.items()}


def _reason_for(key: str, problem: Problem, sha256: str) -> str:
    label = f"{words.place(problem)}: {problem.value or 'blank'} ({problem.code})"
    return st.text_input(label, key=f"reason {key} {sha256}", max_chars=LONGEST)


def _key(problem: Problem) -> str:
    return query_key(problem.code, problem.sheet, problem.cell)
