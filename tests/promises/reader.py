"""A reader of a table for sharing, who works out all that can be worked out of what it hides.

The reader takes what any reader has: the figures and states of the table, at every level, month,
year and measure at once; the rules; the register; how many were asked; the fields that each measure
counts, so that the same count is recognised wherever it stands; and which fields count some of
others. To be on the safe side, the reader is also told which hidden figures are too small by
themselves, but for measures that are never given out. It solves for the smallest and the largest
number that each of those could be, by integer programming.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from schemas.disclosure import KEY, may_be_shared
from schemas.measures import Measure
from schemas.parts import AFFECTED, wholes_of
from schemas.programme import DisclosurePolicy
from schemas.returns import INCIDENT_COUNTS
from schemas.same_counts import unchecked
from schemas.sums import YEAR_ENDS_IN
from tests.promises.solving import Form, System, Target, narrowed

FAR = np.inf
SENT = ("value", "nil")
Row = dict[str, Any]


@dataclass
class Reader:
    """What a reader knows so far, as sums of unknown counts between bounds.

    `truth` is the exact table behind (`schemas.disclosure.with_years`). What no
    sensitive measure counts, such as how many answered, the reader knows.
    """

    truth: pl.DataFrame
    measures: Iterable[Measure]
    policy: DisclosurePolicy
    constraints: list[tuple[Form, float, float]] = field(default_factory=list)
    whatever: frozenset[tuple[Any, ...]] = frozenset()  # keys that are hidden whatever they count

    def __post_init__(self) -> None:
        self.measures = {m.id: m for m in self.measures if may_be_shared(m)}
        self.never = unchecked(self.measures.values())
        self._name_atoms()
        self.told: dict[tuple[tuple[Any, ...], bool], float] = {}  # by row, and whether of others
        self.none: set[int] = set()
        self.everyone: dict[int, Form] = {}  # those who did not, by a variable of those who did
        self.of_others: set[tuple[Any, ...]] = set()
        self.few_asked: set[tuple[Any, ...]] = set()
        self.true: list[float] = []
        self.fixed: list[bool] = []
        self.variables: dict[tuple[Any, ...], int] = {}
        self.exact = {
            tuple(row[k] for k in KEY): row
            for row in self.truth.iter_rows(named=True)
            if row["measure"] in self.measures
        }
        self._place()
        self._parts_are_no_more_than_wholes()
        self._fields_count_some_of_others()

    # ---- the counts behind the table

    def _name_atoms(self) -> None:
        """Fields that always stand together are one count; others are counts of their own."""
        where: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        for measure in self.measures.values():
            for fields in (measure.numerator, measure.denominator):
                for name in fields:
                    where[name].add(fields)
        groups: dict[Any, list[str]] = defaultdict(list)
        for name, places in where.items():
            groups[frozenset(places)].append(name)
        self.atom = {name: min(names) for names in groups.values() for name in names}
        self.inside = {min(names): set(names) for names in groups.values()}
        self.secret = {
            self.atom[name]
            for measure in self.measures.values()
            if measure.sensitive
            for name in measure.numerator
        }

    def atoms(self, fields: tuple[str, ...]) -> list[str]:
        return sorted({self.atom[name] for name in fields})

    def _place(self) -> None:
        """A variable for each ward, month and count that a sent row has."""
        self.wards: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.exact.values():
            if row["level"] == "ward" and row["months"] == 1:
                self.wards[row["measure"], str(row["month"])].append(row)
        sent = [
            row
            for rows in self.wards.values()
            for row in rows
            if row["state"] in SENT and row["numerator"] is not None
        ]
        for row in sent:
            for atoms, value in self._counted(row):
                if len(atoms) == 1:
                    self._variable(row, atoms[0], value)
        self._place_none_of_none()
        for row in sent:  # what nothing counts by itself is the rest of a sum
            for atoms, value in self._counted(row):
                known = {atom: self._at(row, atom) for atom in atoms}
                rest = [atom for atom, i in known.items() if i is None]
                if len(rest) == 1:
                    others = sum(self.true[i] for i in known.values() if i is not None)
                    self._variable(row, rest[0], value - others)

    def _place_none_of_none(self) -> None:
        """Where a measure does not apply there is a count too, but only the ward knows that."""
        for row in (row for rows in self.wards.values() for row in rows):
            measure = self.measures[row["measure"]]
            below = [self._at(row, atom) for atom in self.atoms(measure.denominator)]
            known = [self.true[i] for i in below if i is not None]
            if row["state"] == "not_applicable" and known and not any(known):
                for atom in self.atoms(measure.numerator):
                    self._variable(row, atom, 0)

    def _counted(self, row: Row) -> Iterator[tuple[list[str], float]]:
        measure = self.measures[row["measure"]]
        yield self.atoms(measure.numerator), row["numerator"]
        if measure.denominator:
            yield self.atoms(measure.denominator), row["denominator"]

    def _at(self, row: Row, atom: str) -> int | None:
        return self.variables.get((row["unit_id"], row["month"], atom))

    def _variable(self, row: Row, atom: str, value: float) -> int:
        key = (row["unit_id"], row["month"], atom)
        if key not in self.variables:
            self.variables[key] = len(self.true)
            self.true.append(float(value))
            self.fixed.append(atom not in self.secret)
        return self.variables[key]

    def _parts_are_no_more_than_wholes(self) -> None:
        for row in self.exact.values():
            measure = self.measures[row["measure"]]
            if row["level"] == "ward" and row["months"] == 1 and measure.unit == "percent":
                n, d = self.forms(row)
                if n is not None and row["numerator"] <= row["denominator"]:
                    self.constraints.append((_minus(d, n), 0, FAR))

    def _fields_count_some_of_others(self) -> None:
        """What the contract says of fields, where it holds; elsewhere it may be explained."""
        places = {(unit, month) for unit, month, _ in self.variables}
        for unit, month in sorted(places):
            here: dict[str, int] = {
                atom: self.variables[unit, month, atom]
                for atom in self.inside
                if (unit, month, atom) in self.variables
            }
            for part, i in here.items():
                wholes = [wholes_of(name) for name in self.inside[part]]
                for whole in wholes[0]:
                    every = self._every(whole, here)
                    if every and all(whole in others for others in wholes):
                        most = {j: float(len(wholes)) for j in every}
                        self._where_true(_minus(most, {i: 1.0}))
            affected, incidents = self._every(AFFECTED, here), self._every(INCIDENT_COUNTS, here)
            if affected and incidents:
                together = dict.fromkeys(affected, 1.0)
                self._where_true(_minus(together, dict.fromkeys(incidents, 1.0)))

    def _every(self, fields: tuple[str, ...], here: dict[str, int]) -> list[int]:
        """The counts that these fields, and nothing else, come to; none if one is not counted."""
        atoms = {self.atom[name] for name in fields if name in self.atom}
        inside = {name for atom in atoms for name in self.inside[atom]}
        if inside != set(fields) or not atoms <= here.keys():
            return []
        return [here[atom] for atom in sorted(atoms)]

    def _where_true(self, form: Form) -> None:
        if self.of(form) >= 0:
            self.constraints.append((form, 0, FAR))

    def contributing(self, row: Row) -> Iterator[Row]:
        """The ward-months that a figure is the sum of."""
        months = [row["month"]]
        if row["months"] == 12:
            months = pl.date_range(
                row["month"].replace(year=row["month"].year - 1), row["month"], "1mo", eager=True
            ).to_list()[1:]
        for month in months:
            for ward in self.wards[row["measure"], str(month)]:
                mine = {"ward": ward["unit_id"], "trust": ward["trust_code"]}
                if mine.get(row["level"], row["unit_id"]) == row["unit_id"]:
                    yield ward

    def forms(self, row: Row) -> tuple[Form | None, Form | None]:
        """The numerator and the denominator of a row as sums; None if they are no such sum."""
        measure = self.measures[row["measure"]]
        found = []
        wards = list(self.contributing(row))
        for fields, name in (
            (measure.numerator, "numerator"),
            (measure.denominator, "denominator"),
        ):
            form: Form = defaultdict(float)
            for ward in wards:
                none = ward["state"] == "not_applicable"  # 0 of 0, which no reader is told
                if not none and (ward["state"] not in SENT or ward["numerator"] is None):
                    continue
                for atom in self.atoms(fields):
                    key = (ward["unit_id"], ward["month"], atom)
                    if key not in self.variables:
                        if none:
                            continue
                        return None, None
                    form[self.variables[key]] += 1
            true = row[name]
            if true is None or abs(self.of(form) - true) > 1e-6:
                return None, None
            found.append(dict(form))
        return found[0], found[1]

    def of(self, form: Form) -> float:
        return sum(times * self.true[i] for i, times in form.items())

    # ---- what the table says

    def read(self, masked: pl.DataFrame) -> list[Target]:
        """Take in a table for sharing; its figures that are hidden as small are the targets."""
        rows = {tuple(row[k] for k in KEY): row for row in masked.iter_rows(named=True)}
        targets = []
        for key, row in rows.items():
            exact = self.exact.get(key)
            if exact is None or exact["state"] not in SENT:
                self._read_state(row, exact)
                continue
            n, d = self.forms(exact)
            if n is None or d is None:
                continue
            if row["state"] == "value":
                self._shown(row, n, d)
            elif (found := self._hidden(key, exact, n, d, rows)) is not None:
                targets.append(found)
        self.none |= self._known_to_be_none(rows)
        targets = [t for t in targets if not self.is_none(t.form)]
        return [
            replace(t, low=max(t.low, self._told_of_parts(t)), high=self._left(t)) for t in targets
        ]

    def is_none(self, form: Form) -> bool:
        """Whether a year that is shown as none, or as everyone, tells all that is unknown of it."""
        for i, others in self.everyone.items():
            if i in form:
                form = _minus(form, others, form[i] / others[i])
        return {i for i, times in form.items() if times and not self.fixed[i]} <= self.none

    def _told_of_parts(self, target: Target) -> float:
        """The least that a sum can be by what the reader is told of its parts alone."""
        mine = set(self.measures[target.key[2]].numerator)
        kinds = [other.id for other in self.measures.values() if set(other.numerator) < mine]
        others = target.key in self.of_others

        def told(ward: Row, measure: str) -> float:
            key = tuple((ward | {"measure": measure})[k] for k in KEY)
            return self.told.get((key, others), 0)

        return sum(
            max(told(ward, target.key[2]), sum(told(ward, kind) for kind in kinds))
            for ward in self.contributing(self.exact[target.key])
        )

    def _read_state(self, row: Row, exact: Row | None) -> None:
        """That a figure was not returned, although its denominator was, says that this was not 0.

        The same goes for “not applicable”, which says that it was 0.
        """
        measure = self.measures.get(row["measure"])
        if measure is None or exact is None or row["level"] != "ward" or row["months"] != 1:
            return
        atoms = self.atoms(measure.denominator)
        keys = [(row["unit_id"], row["month"], atom) for atom in atoms]
        if not atoms or any(key not in self.variables for key in keys):
            return
        form = {self.variables[key]: 1.0 for key in keys}
        if row["state"] == "missing" and self.of(form) > 0:
            self.constraints.append((form, 1, FAR))
        elif row["state"] == "not_applicable":
            self.constraints.append((form, 0, 0))

    def _shown(self, row: Row, n: Form, d: Form) -> None:
        self._within(n, row["numerator"])
        percent = self.measures[row["measure"]].unit == "percent"
        if not percent:
            return
        self._within(d, row["denominator"])
        self.constraints.append((d, self.policy.smallest_respondents, FAR))
        share = round(100 * row["value"]) if row["value"] is not None else None
        if share is None:
            return
        self.constraints.append((_minus(n, d, (share - 0.5) / 100), 0, FAR))
        self.constraints.append((_minus(n, d, (share + 0.5) / 100), -FAR, 0))
        small = self.policy.smallest_count
        if not self.measures[row["measure"]].sensitive:
            return
        if share == 100 and row["denominator"] < 100 * small:
            self.constraints.append((_minus(d, n), 0, 0))
        elif share < 100:
            self.constraints.append((_minus(d, n), small, FAR))

    def _within(self, form: Form, shown: float) -> None:
        half = self.policy.round_to // 2
        if shown == 0:
            self.constraints.append((form, 0, 0))
        else:
            low = max(shown - half, self.policy.smallest_count)
            self.constraints.append((form, low, shown + half))

    def _hidden(
        self, key: tuple[Any, ...], exact: Row, n: Form, d: Form, rows: dict[Any, Row]
    ) -> Target | None:
        """What being hidden says of a figure that is too small by itself; else nothing."""
        small, year = self.policy.smallest_count, exact["months"] == 12
        yes, asked = exact["numerator"], exact["denominator"]
        sums, others = self._is_sum(exact), False
        if self.measures[exact["measure"]].unit != "percent":
            count, x, zero = n, yes, not year
        elif asked < self.policy.smallest_respondents:
            self.few_asked.add(key)
            return Target(key, _minus(d, n), asked - yes, 0, asked)
        elif 0 < asked - yes < small:
            count, x, zero, others = _minus(d, n), asked - yes, False, True
            self.of_others.add(key)
        else:
            count, x, zero = n, yes, not year
        if x >= small or (x == 0 and not zero):
            return None
        if exact["measure"] in self.never or key in self.whatever:
            return Target(key, count, x, 0, small - 1)
        least = 0 if zero or self._whole_hidden(exact, rows) else 1
        if not sums:
            self.constraints.append((count, least, small - 1))
            self.told[key, others] = least
        return Target(key, count, x, least, small - 1)

    def _is_sum(self, row: Row) -> bool:
        """Whether a figure is the sum of others, so that it may be hidden to protect those."""
        mine = set(self.measures[row["measure"]].numerator)
        kinds = any(set(other.numerator) < mine for other in self.measures.values())
        return row["level"] != "ward" or row["months"] == 12 or kinds

    def _whole_hidden(self, exact: Row, rows: dict[Any, Row]) -> bool:
        """Whether a total that holds a figure is hidden: then its zeros may be hidden too."""
        wholes = []
        if exact["level"] == "ward":
            wholes.append(exact | {"level": "trust", "unit_id": exact["trust_code"]})
        if exact["level"] == "trust":
            wholes.append(exact | {"level": "programme", "unit_id": "programme"})
        mine = set(self.measures[exact["measure"]].numerator)
        for other in self.measures.values():
            if mine < set(other.numerator):
                wholes += [row | {"measure": other.id} for row in (exact, *wholes)]
        if exact["months"] == 1:
            ends = date(
                exact["month"].year + (exact["month"].month > YEAR_ENDS_IN), YEAR_ENDS_IN, 1
            )
            wholes += [row | {"month": ends, "months": 12} for row in (exact, *wholes)]
        found = [rows.get(tuple(whole[k] for k in KEY)) for whole in wholes]
        return any(row is not None and row["state"] == "suppressed" for row in found)

    def _known_to_be_none(self, rows: dict[Any, Row]) -> set[int]:
        """The counts of years shown as none or as everyone: by policy, they tell of each month.

        What counts some of nothing is nothing, too.
        """
        none: set[int] = set()
        for key, row in rows.items():
            if row["months"] != 12 or row["state"] != "value":
                continue
            exact, percent = self.exact[key], self.measures[key[2]].unit == "percent"
            if row["numerator"] == 0:
                form, _ = self.forms(exact)
                none |= set(form or ())
            elif percent and exact["numerator"] == exact["denominator"]:
                none |= self._told_of_everyone(exact)
        for (unit, month, atom), i in self.variables.items():
            for name in self.inside[atom]:
                for whole in wholes_of(name):
                    keys = [(unit, month, self.atom.get(each, "")) for each in whole]
                    if all(self.variables.get(each, -1) in none for each in keys):
                        none.add(i)
        return none

    def _told_of_everyone(self, year: Row) -> set[int]:
        """The counts that a year of everyone tells, as it is known how many were asked.

        Elsewhere it only tells that in each month as many did as there were (`everyone`).
        """
        told: set[int] = set()
        for ward in self.contributing(year):
            yes, others = self._yes_and_others(ward)
            loose = {i: times for i, times in others.items() if not self.fixed[i]}
            if loose.keys() <= yes.keys():
                told |= loose.keys()
            elif yes:
                self.everyone[min(yes)] = loose
        return told

    def _yes_and_others(self, ward: Row) -> tuple[Form, Form]:
        """Those who did and those who did not, of a ward's month."""
        measure = self.measures[ward["measure"]]
        yes, asked = (
            {i: 1.0 for atom in self.atoms(fields) if (i := self._at(ward, atom)) is not None}
            for fields in (measure.numerator, measure.denominator)
        )
        return yes, _minus(asked, yes)

    def _left(self, target: Target) -> float:
        """The most who can have not, where few were asked: all but those of years of everyone."""
        if target.key not in self.few_asked:
            return target.high
        wards = self.contributing(self.exact[target.key])
        return sum(
            ward["denominator"] or 0
            for ward in wards
            if not self.is_none(self._yes_and_others(ward)[1])
        )

    # ---- what follows

    def narrowed(self, targets: list[Target]) -> dict[tuple[Any, ...], tuple[float, float]]:
        """The targets that must lie in less than their range, with the range they can lie in."""
        for form, low, high in self.constraints:
            assert low - 1e-6 <= self.of(form) <= high + 1e-6, "what is taken as known must be true"
        return narrowed(
            System(np.array(self.true), np.array(self.fixed), self.constraints), targets
        )


def _minus(one: Form, other: Form, times: float = 1.0) -> Form:
    form = defaultdict(float, one)
    for i, t in other.items():
        form[i] -= times * t
    return dict(form)
