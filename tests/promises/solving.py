"""Finds the least and the most that sums of unknown whole numbers can be, given other sums.

Integer programming, by HiGHS in scipy. Two solutions that differ in a sum prove that both its
values are possible, so most sums need no solution of their own.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

Form = dict[int, float]  # a sum of variables, each times a number
Found = dict[tuple[Any, ...], tuple[float, float]]
INFEASIBLE = 2  # scipy's status of a solution that there isn't


@dataclass
class Target:
    """A hidden count, with the range that anyone may know it to be in."""

    key: tuple[Any, ...]
    form: Form
    true: float
    low: float
    high: float


@dataclass
class System:
    """Counts (the true ones), those of them that are known, and sums of them between bounds."""

    true: np.ndarray
    known: np.ndarray
    rows: list[tuple[Form, float, float]]

    def loose(self, form: Form) -> tuple[Form, float]:
        """The unknown part of a sum, and what the known part comes to."""
        known = sum(times * self.true[i] for i, times in form.items() if self.known[i])
        return {i: times for i, times in form.items() if not self.known[i] and times}, known


def narrowed(system: System, targets: list[Target]) -> Found:
    """The targets that must lie in less than their range, with the least and most they can be.

    That is looked for within their range: that one can leave its range at an end is no concern.
    """
    found: Found = {}
    for problem in _problems(system, targets):
        if problem.aims:
            found.update(problem.narrowed())
    return found


def _problems(system: System, targets: list[Target]) -> list["_Problem"]:
    """The system in pieces that have no unknown count in common."""
    rows = [(*system.loose(form), low, high) for form, low, high in system.rows]
    aims = [(*system.loose(target.form), target) for target in targets]
    pairs = [(next(iter(form)), i) for form, *_ in (*rows, *aims) for i in form]
    if not pairs:
        return []
    where = tuple(np.array(pairs).T)
    size = len(system.true)
    graph = csr_array((np.ones(len(pairs)), where), shape=(size, size))
    _, piece = connected_components(graph, directed=False)
    order = np.argsort(piece, kind="stable")
    starts = np.searchsorted(piece[order], np.arange(piece.max() + 1))
    place = np.empty(size, dtype=int)
    place[order] = np.arange(size) - starts[piece[order]]
    pieces = [_Problem(true) for true in np.split(system.true[order], starts[1:])]
    for form, known, low, high in rows:
        if form:
            here = {int(place[i]): times for i, times in form.items()}
            pieces[piece[next(iter(form))]].rows.append((here, low - known, high - known))
    for form, known, target in aims:
        if form:
            here = {int(place[i]): times for i, times in form.items()}
            pieces[piece[next(iter(form))]].aims.append((here, known, target))
    return pieces


@dataclass
class _Problem:
    """One piece of the system: unknown counts, sums of them between bounds, and targets."""

    true: np.ndarray
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)
    aims: list[tuple[dict[int, float], float, Target]] = field(default_factory=list)

    def narrowed(self) -> Found:
        rng = np.random.default_rng(0)
        self.matrix = _matrix([row for row, _, _ in self.rows], len(self.true))
        self.low = np.array([low for _, low, _ in self.rows])
        self.high = np.array([high for _, _, high in self.rows])
        aims = _matrix([aim for aim, _, _ in self.aims], len(self.true))
        known = np.array([k for _, k, _ in self.aims])
        want_low = np.array([t.low for _, _, t in self.aims])
        want_high = np.array([t.high for _, _, t in self.aims])
        least = most = aims @ self.true + known
        for _ in range(12):
            up, down = most < want_high, least > want_low
            if not (up | down).any():
                return {}
            seen = aims @ self.world(_towards(up, down, rng, (0.2, 1, 1, 3)) @ aims, 0.3) + known
            least, most = np.minimum(least, seen), np.maximum(most, seen)
        for i in np.flatnonzero((least > want_low) | (most < want_high)):
            goal = aims[[i]].toarray()[0]
            for sign in (1, -1):
                up, down = most < want_high, least > want_low
                if down[i] if sign == 1 else up[i]:
                    end = sign * ((want_low if sign == 1 else want_high)[i] - known[i])
                    others = _towards(up, down, rng) @ aims
                    counts = self.world(others, 0.3, (sign * goal, end))
                    if counts is None:  # it can't get that far: how far, then?
                        counts = self.world(sign * goal, 0)
                    seen = aims @ counts + known
                    least, most = np.minimum(least, seen), np.maximum(most, seen)
        bad = np.flatnonzero((least > want_low + 0.5) | (most < want_high - 0.5))
        return {self.aims[i][2].key: (float(least[i]), float(most[i])) for i in bad}

    def world(
        self, goal: np.ndarray, gap: float, end: tuple[np.ndarray, float] | None = None
    ) -> np.ndarray | None:
        """Counts that fit everything known and make `goal` small; with gap 0, smallest.

        With an `end`, a sum of them is at most so much; None if that can't be.
        """
        rows = [LinearConstraint(self.matrix, self.low, self.high)] if self.rows else []
        rows += [LinearConstraint(end[0], -np.inf, end[1])] if end else []
        answer = milp(
            goal,
            constraints=rows or None,
            integrality=np.ones(len(self.true)),
            bounds=Bounds(0, 10_000),
            options={"mip_rel_gap": gap},
        )
        if end and answer.status == INFEASIBLE:
            return None
        assert answer.x is not None, answer.message
        return np.round(answer.x)


def _towards(
    up: np.ndarray, down: np.ndarray, rng: np.random.Generator, weights: tuple[float, ...] = (1,)
) -> np.ndarray:
    """A weight for each target, so that a small sum brings many to an end they haven't been at."""
    sign = np.where(up & down, rng.choice([-1, 1], len(up)), np.where(up, -1, 1))
    return np.where(up | down, sign * rng.choice(weights, len(up)), 0)


def _matrix(forms: list[dict[int, float]], width: int) -> csr_array:
    lengths = [len(form) for form in forms]
    where = np.repeat(np.arange(len(forms)), lengths)
    ids = np.array([i for form in forms for i in form], dtype=int)
    values = np.array([t for form in forms for t in form.values()], dtype=float)
    return csr_array((values, (where, ids)), shape=(len(forms), width))
