"""What wards sent, and somebody who works out all that can be of what is hidden of it.

The attacker has every masked table of every level, month, year and category at once, knows the
rules and how many people were asked, and that some of a count is no more than all of it: those who
feel safe, of those asked; incidents that affected patients, or after which support was offered, of
all incidents. It solves for each hidden count by integer programming.
"""

from datetime import date

import numpy as np
import polars as pl
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from pipelines.measures import load
from schemas.disclosure import KEY, with_years
from schemas.programme import DisclosurePolicy

POLICY = DisclosurePolicy()
MEASURES = [m for m in load() if m.id in ("SS-I1", "SS-I2", "SS-I3", "SS-I4", "SS-O1")]
PARTS = ("SS-I2", "SS-I3", "SS-I4")
AFFECTED, OFFERED = "SS-I5", "SS-P7"  # each some of all incidents, which are not known exactly
WITH_SOME = [m for m in load() if m.id in (*(m.id for m in MEASURES), AFFECTED, OFFERED)]
MONTHS = pl.date_range(date(2024, 4, 1), date(2025, 3, 1), "1mo", eager=True)
GROUPS = ("acute-female", "older-mixed")
WARDS = [(f"Z0{t}", f"Z0{t}-W{w}", GROUPS[(t + w) % 2]) for t in (1, 2, 3) for w in range(t + 1)]


def counted(seed, busy=1.0):
    """What every ward sent: exact counts of the three kinds of incident and of one percentage."""
    rng = np.random.default_rng(seed)
    rows = []
    for trust, ward, group in WARDS:
        pace = busy * rng.choice([0.3, 1.5, 4.0])
        beds, asked = rng.integers(300, 600), rng.integers(8, 30)
        for month in MONTHS:
            days = float(beds + rng.integers(-20, 20))
            for measure in PARTS:
                rows.append((trust, ward, group, measure, month, rng.poisson(pace), days))
            people = asked + rng.integers(0, 6)
            yes = rng.binomial(people, rng.choice([0.7, 0.88, 0.97]))
            rows.append((trust, ward, group, "SS-O1", month, yes, float(people)))
    names = ["trust_code", "unit_id", "peer_group", "measure", "month", "numerator", "denominator"]
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(
        pl.col("numerator").cast(pl.Float64)
    )


def with_some(wards, seed):
    """Those counts, and how many of all incidents affected patients, and led to support."""
    rng = np.random.default_rng((seed, 1))
    place = ["trust_code", "unit_id", "peer_group", "month"]
    kinds = wards.filter(pl.col("measure").is_in(PARTS))
    every = kinds.group_by(place, maintain_order=True).agg(
        incidents=pl.col("numerator").sum(), days=pl.col("denominator").first()
    )
    for measure, below, share in ((AFFECTED, "days", 0.8), (OFFERED, "incidents", 0.7)):
        some = rng.binomial(every["incidents"].cast(pl.Int64), share).astype(float)
        rows = every.with_columns(
            measure=pl.lit(measure), numerator=pl.Series(some), denominator=below
        )
        wards = pl.concat([wards, rows.select(wards.columns)])
    return wards


def observed(wards, measures=MEASURES):
    """Every level and total of it, monthly and by year, as a release has them."""
    total = (
        wards.filter(pl.col("measure").is_in(PARTS))
        .group_by("trust_code", "unit_id", "peer_group", "month")
        .agg(pl.col("numerator").sum(), pl.col("denominator").first(), measure=pl.lit("SS-I1"))
    )
    wards = pl.concat([wards, total.select(wards.columns)])
    sums = [pl.col("numerator", "denominator").sum()]
    none = pl.lit(None, dtype=pl.String)
    trusts = wards.group_by(unit_id="trust_code", measure="measure", month="month").agg(sums)
    groups = wards.group_by(unit_id="peer_group", measure="measure", month="month").agg(sums)
    whole = wards.group_by("measure", "month").agg(sums)
    levels = [
        wards.with_columns(level=pl.lit("ward")),
        trusts.with_columns(level=pl.lit("trust"), trust_code="unit_id", peer_group=none),
        groups.with_columns(level=pl.lit("peer_group"), trust_code=none, peer_group=none),
        whole.with_columns(
            level=pl.lit("programme"), unit_id=pl.lit("programme"), trust_code=none, peer_group=none
        ),
    ]
    columns = ["level", *wards.columns]
    frame = pl.concat([level.select(columns) for level in levels]).with_columns(
        state=pl.lit("value"), value=pl.col("numerator") / pl.col("denominator")
    )
    return with_years(frame.sort("level", "unit_id", "measure", "month"), measures)


class Attacker:
    """Knows who is in what, how many were asked, and every figure that has been given out."""

    def __init__(self, truth):
        self.truth = truth
        cells = truth.filter(
            (pl.col("level") == "ward") & (pl.col("months") == 1) & (pl.col("measure") != "SS-I1")
        ).sort("unit_id", "measure", "month")
        self.cells = cells.rows(named=True)
        self.index = {(c["unit_id"], c["measure"], c["month"]): i for i, c in enumerate(self.cells)}
        self.rows, self.low, self.high, self.matrix = [], [], [], None
        for cell in self.cells:
            if cell["measure"] in (AFFECTED, OFFERED):
                self.some_of(cell)

    def members(self, row):
        """The hidden variables that a figure is the sum of."""
        measures = PARTS if row["measure"] == "SS-I1" else (row["measure"],)
        where = {"ward": 1, "trust": 0, "peer_group": 2}.get(row["level"])
        wards = [w[1] for w in WARDS if where is None or w[where] == row["unit_id"]]
        months = list(MONTHS) if row["months"] == 12 else [row["month"]]
        return [self.index[w, m, t] for w in wards for m in measures for t in months]

    def learn(self, row, low, high, less=None, times=1.0):
        """A figure is between two numbers or, with `less`, it is without so many times another."""
        form = dict.fromkeys(self.members(row), 1.0)
        form |= dict.fromkeys(self.members(less) if less else (), -times)
        self.rows.append(form)
        self.low.append(low)
        self.high.append(high)

    def some_of(self, row):
        """What is counted among incidents is no more than all of them."""
        self.learn(row, -np.inf, 0, less=row | {"measure": "SS-I1"})

    def read(self, masked):
        """Take in a masked table: ranges of what is shown, and what being hidden says."""
        exact = self.truth.select(*KEY, true_n="numerator", true_d="denominator")
        joined = masked.join(exact, on=KEY, maintain_order="left")
        small = {
            tuple(row[k] for k in KEY)
            for row in joined.iter_rows(named=True)
            if row["state"] == "suppressed" and self.is_small(row)
        }
        for row in joined.iter_rows(named=True):
            percent = row["measure"] == "SS-O1"
            if row["measure"] == OFFERED:
                self.read_offered(row)
            elif row["state"] == "value":
                self.learn(row, *(self.of_percentage(row) if percent else self.of_count(row)))
            elif row["state"] == "suppressed" and self.is_small(row):
                zero = self.zero_would_be_hidden(row, small, percent)
                self.learn(row, *self.of_hidden(row, percent, zero))

    def read_offered(self, row):
        """Support offered, out of incidents that are themselves hidden or rounded."""
        if row["state"] == "value":
            incidents, share = row | {"measure": "SS-I1"}, round(100 * row["value"])
            self.learn(row, *self.of_count(row))
            self.learn(incidents, *self.of_count({"numerator": row["denominator"]}))
            self.learn(row, 0, np.inf, less=incidents, times=(share - 0.5) / 100)
            self.learn(row, -np.inf, 0, less=incidents, times=(share + 0.5) / 100)

    @staticmethod
    def is_small(row):
        """Whether a hidden figure is too small by itself: the attacker is told, to be safe."""
        yes, asked = row["true_n"], row["true_d"]
        few = yes < 5 and (yes > 0 or row["months"] == 1)
        if row["measure"] != "SS-O1":
            return few
        return asked >= 10 and (few or 0 < asked - yes < 5)

    @staticmethod
    def of_count(row):
        shown = row["numerator"]
        return (0, 0) if shown == 0 else (max(shown - 2, 5), shown + 2)

    @staticmethod
    def of_percentage(row):
        """People who did not say yes, by trying every number that would look like this."""
        asked = int(row["true_d"])
        fits = [
            asked - yes
            for yes in range(asked + 1)
            if round(100 * yes / asked) == round(100 * row["value"])
            and abs(yes - row["numerator"]) <= 2
            and (yes == asked or asked - yes >= 5)
        ]
        return min(fits), max(fits)

    def of_hidden(self, row, percent, zero):
        least = 0 if zero else 1
        if not percent:
            return least, 4
        asked, others = row["true_d"], row["true_d"] - row["true_n"]
        return (least, 4) if others < 5 else (asked - 4, asked)

    def zero_would_be_hidden(self, row, small, percent):
        """Zeros are shown in a year, and of a percentage, unless a total of them is small."""
        if row["months"] == 1 and not percent:
            return True
        trust = row["unit_id"].split("-W")[0] if row["level"] == "ward" else None
        totals = [("trust", trust, row["measure"], row["month"], row["months"])]
        totals.append((row["level"], row["unit_id"], "SS-I1", row["month"], row["months"]))
        totals.append((row["level"], row["unit_id"], row["measure"], MONTHS[-1], 12))
        mine = tuple(row[k] for k in KEY)
        return any(total in small for total in totals if total != mine)

    def world(self, goal, gap=0.5):
        """Hidden counts that fit everything known and make `goal` small: with gap 0, smallest."""
        if self.matrix is None:
            numbers = np.repeat(np.arange(len(self.rows)), [len(row) for row in self.rows])
            members = np.array([i for row in self.rows for i in row])
            times = np.array([t for row in self.rows for t in row.values()])
            shape = (len(self.rows), len(self.cells))
            self.matrix = csr_array((times, (numbers, members)), shape=shape)
        asked = [c["denominator"] if c["measure"] == "SS-O1" else 500 for c in self.cells]
        answer = milp(
            goal,
            constraints=LinearConstraint(self.matrix, self.low, self.high),
            integrality=np.ones(len(self.cells)),
            bounds=Bounds(0, asked),
            options={"mip_rel_gap": gap},
        )
        assert answer.success, answer.message
        return np.round(answer.x)

    def hidden(self, masked):
        """The indices of ward-months that a masked table hides, but for those of a year of none.

        A year may be shown as 0, which tells that each of its months was: that is the policy.
        """
        none = masked.filter((pl.col("months") == 12) & (pl.col("numerator") == 0))
        rows = masked.filter(
            (pl.col("state") == "suppressed")
            & (pl.col("level") == "ward")
            & (pl.col("months") == 1)
            & ~pl.col("measure").is_in(["SS-I1", OFFERED])
        )
        rows = rows.join(none, on=["unit_id", "measure"], how="anti")
        keys = rows.select("unit_id", "measure", "month").rows()
        return sorted(self.index[key] for key in keys)

    def recovered(self, targets):
        """Those of the hidden counts that can only be one number."""
        return [cell for cell in self.perhaps_one_number(targets) if self.is_one_number(cell)]

    def perhaps_one_number(self, targets):
        """Those that are the same in several worlds that fit everything known.

        Two such worlds that differ in a count prove that it is not known; each world here pushes
        every count that is still open up or down at once.
        """
        left, worlds, rng = list(targets), [self.true_world()], np.random.default_rng(0)
        for _ in range(10):
            goal = np.zeros(len(self.cells))
            goal[left] = rng.choice([-1.0, 1.0], len(left))
            worlds.append(self.world(goal))
            left = [cell for cell in left if len({world[cell] for world in worlds}) == 1]
        return left

    def is_one_number(self, cell):
        goal = np.zeros(len(self.cells))
        goal[cell] = 1
        return self.world(goal, gap=0)[cell] == self.world(-goal, gap=0)[cell]

    def true_world(self):
        """What really is hidden; it must fit what the attacker takes to be known."""
        true = np.array(
            [
                c["denominator"] - c["numerator"] if c["measure"] == "SS-O1" else c["numerator"]
                for c in self.cells
            ]
        )
        for row, low, high in zip(self.rows, self.low, self.high, strict=True):
            real = sum(times * true[i] for i, times in row.items())
            assert low - 1e-6 <= real <= high + 1e-6, "the attacker's own reasoning must be sound"
        return true
