"""Every chart a second time, slow and boring: plain Python and fractions, as specified."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import comb, isclose, log2, sqrt
from statistics import median

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pipelines.statistics.method import Method
from pipelines.statistics.points import points
from pipelines.statistics.signals import signals

# --- the oracle ---------------------------------------------------------------------------------


def mean(numbers):
    return float(sum(map(Fraction, numbers)) / len(numbers)) if numbers else None


def phases_of(rows):
    """Lists of present rows; a start in a missing month starts with the next point."""
    found, waiting = [], False
    for row in rows:
        waiting = waiting or row["phase_start"]
        if row["value"] is None:
            continue
        if not found or waiting:
            found.append([])
        waiting = False
        found[-1].append(row)
    return found


def used_of(phase, baseline):
    first = phase if baseline is None else phase[:baseline]
    return [row for row in first if not row["exclude"]]


def stretches_of(rows):
    found = {}
    for row in rows:
        found.setdefault(row["stretch"], []).append(row)
    return list(found.values())


def moving_mean(used, of, screen):
    moves = []
    for stretch in stretches_of(used):
        ys = [of(row) for row in stretch]
        moves += [abs(b - a) for a, b in pairwise(ys)]
    if not moves:
        return None
    average = mean(moves)
    if screen:
        kept = [move for move in moves if move < 3.267 * average]
        if kept and mean(kept) > 0:
            return mean(kept)
    return average


def spread(centre, sd, floor=None, ceiling=None):
    if centre is None or sd is None:
        return [None] * 4
    lines = [centre - 3 * sd, centre + 3 * sd, centre - 2 * sd, centre + 2 * sd]
    if floor is not None:
        lines = [max(line, floor) for line in lines]
    if ceiling is not None:
        lines = [min(line, ceiling) for line in lines]
    return lines


def limits_of(phase, method):
    """Centre, lower, upper, near lower and near upper for each row of a phase."""
    used = used_of(phase, method.baseline)
    if method.chart in ("p", "pp", "u", "up"):
        return ratio_limits(phase, used, method)
    return [same_limits(used, [row["value"] for row in used], method)] * len(phase)


def same_limits(used, ys, method):
    """The limits of charts whose limits are level."""
    middle, m = (median(ys), mean(ys)) if ys else (None, None)
    if method.chart == "run":
        return [middle, None, None, None, None]
    if method.chart == "xmr":
        return xmr(m, moving_mean(used, lambda r: r["value"], method.screen), method)
    if method.chart == "c":
        return [m, *spread(m, None if m is None else sqrt(m), 0.0)]
    if method.chart == "g":
        sd = None if m is None else sqrt(m * (m + 1))
        return [middle, *spread(m, sd, 0.0)]
    roots = Method(chart="xmr", sigma="exact")  # a t chart's rows hold the roots of its times
    return xmr(m, moving_mean(used, lambda r: r["value"], method.screen), roots)


def rooted(row):
    """A row of a t chart on the scale on which it is judged: its value is the 3.6th root."""
    time = row["value"]
    return {**row, "time": time, "value": None if time is None else time ** (1 / 3.6)}


def times_of(line, used):
    """The limits of a t chart as times; those of a constant series are its own time."""
    times = {row["time"] for row in used}
    if len(times) == 1:
        return [None if x is None else times.copy().pop() for x in line]
    return [None if x is None else max(x, 0.0) ** 3.6 for x in line]


def xmr(centre, moving, method):
    if centre is None or moving is None:
        return [centre, None, None, None, None]
    if method.sigma == "exact":
        far, near = 3 * (moving / 1.128), 2 * (moving / 1.128)
    else:
        far, near = 2.66 * moving, 2 * (2.66 / 3) * moving
    return [centre, centre - far, centre + far, centre - near, centre + near]


def ratio_limits(phase, used, method):
    if not used:
        return [[None] * 5] * len(phase)
    centre = mean([r["numerator"] for r in used]) / mean([r["denominator"] for r in used])
    share = method.chart in ("p", "pp")

    def sd(row):
        return sqrt((centre * (1 - centre) if share else centre) / row["denominator"])

    widen = 1.0
    if method.chart in ("pp", "up") and sd(phase[0]) > 0:
        moving = moving_mean(used, lambda r: (r["value"] - centre) / sd(r), method.screen)
        widen = None if moving is None else moving / 1.128
    ceiling = 1.0 if share else None
    return [
        [centre, *spread(centre, None if widen is None else sd(row) * widen, 0.0, ceiling)]
        for row in phase
    ]


def sign(number):
    return (number > 0) - (number < 0)


def windows(ys, size):
    return [range(i, i + size) for i in range(len(ys) - size + 1)]


def near_of(ys, lines, method):
    """Which points lie beyond a near limit, and count."""
    near = []
    for y, (_, low, high, near_low, near_high) in zip(ys, lines, strict=True):
        outside = low is not None and (y < low or y > high)
        beyond = low is not None and (y < near_low or y > near_high)
        near.append(beyond and not (method.two_of_three == "ptd" and outside))
    return near


def rules_of(stretch, lines, method, run_limit):
    """Outside, trend, two of three, shift, whether a trend rises, and side: by position."""
    ys = [row["value"] for row in stretch]
    outside = [
        line[1] is not None and (y < line[1] or y > line[2])
        for y, line in zip(ys, lines, strict=True)
    ]
    side = [0 if line[0] is None else sign(y - line[0]) for y, line in zip(ys, lines, strict=True)]
    steps = [sign(b - a) for a, b in pairwise(ys)]
    near = near_of(ys, lines, method)
    trend, pair, shift = ([False] * len(ys) for _ in range(3))
    if method.chart == "run":
        shift = long_runs(stretch, side, run_limit)
        return outside, trend, pair, shift, trend, side
    for window in windows(ys, 7):
        for i in window:
            shift[i] = shift[i] or abs(sum(side[j] for j in window)) == 7
            trend[i] = trend[i] or abs(sum(steps[j] for j in window[:6])) == 6
    for window in windows(ys, 3):
        together = abs(sum(side[j] for j in window)) == 3
        for i in window:
            pair[i] = pair[i] or (near[i] and together and sum(near[j] for j in window) >= 2)
    return outside, trend, pair, shift, rising_of(trend, steps), side


def rising_of(trend, steps):
    """A trend reads by its next step, or by its last where there is none to follow."""
    rising = [False] * len(trend)
    for i in range(len(trend)):
        if trend[i]:
            onward = i + 1 < len(trend) and trend[i + 1] and steps[i] != 0
            rising[i] = (steps[i] if onward else steps[i - 1]) > 0
    return rising


def long_runs(stretch, side, limit):
    """Runs longer than chance explains; points on the median and excluded ones are passed over."""
    useful = [i for i, row in enumerate(stretch) if side[i] != 0 and not row["exclude"]]
    flagged = [False] * len(stretch)
    for i in useful:
        run = [i]
        place = useful.index(i)
        for onward in (useful[place + 1 :], useful[:place][::-1]):
            for j in onward:
                if side[j] != side[i]:
                    break
                run.append(j)
        flagged[i] = len(run) > limit
    return flagged


def longest_allowed(useful):
    return round(log2(useful)) + 3 if useful else 0


def fewest_allowed(tosses):
    k, cumulated = 0, 1
    while Fraction(cumulated, 2**tosses) < Fraction(1, 20):
        k += 1
        cumulated += comb(tosses, k)
    return k


def runs_of(useful, sides):
    """Longest run, its limit, crossings, their limit, and whether that is a signal."""
    if not useful:
        return None, None, None, None, False
    longest = crossings = pairs = 0
    for stretch in stretches_of(useful):
        run = 0
        for i, row in enumerate(stretch):
            same = i > 0 and sides[row["date"]] == sides[stretch[i - 1]["date"]]
            run = run + 1 if same else 1
            longest = max(longest, run)
            crossings += i > 0 and not same
        pairs += len(stretch) - 1
    limit, fewest = longest_allowed(len(useful)), fewest_allowed(pairs)
    return longest, limit, crossings, fewest, longest > limit or crossings < fewest


def told_of(row, line, verdict):
    """One point as it should be charted: the first rule that holds names it."""
    *flags, rising, side = verdict
    causes = ("outside", "trend", "two_of_three", "shift")
    cause = next((name for name, fired in zip(causes, flags, strict=True) if fired), None)
    high = {"outside": row["value"] > (line[2] or 0.0), "trend": rising}.get(cause, side > 0)
    return {
        "lines": line,
        "flags": tuple(flags),
        "side": side,
        "cause": cause,
        "high": high if cause else None,
    }


def oracle(rows, method):
    """All present points as they should be charted, and the runs of the last phase."""
    charted, runs = [], None
    rows = [rooted(row) for row in rows] if method.chart == "t" else rows
    for number, phase in enumerate(phases_of(rows), start=1):
        lines = dict(zip([r["date"] for r in phase], limits_of(phase, method), strict=True))
        centre = {day: line[0] for day, line in lines.items()}
        sides = {
            r["date"]: 0 if centre[r["date"]] is None else sign(r["value"] - centre[r["date"]])
            for r in phase
        }
        useful = [r for r in phase if sides[r["date"]] != 0 and not r["exclude"]]
        runs = runs_of(useful, sides)
        used = used_of(phase, method.baseline)
        for stretch in stretches_of(phase):
            of_stretch = [lines[row["date"]] for row in stretch]
            verdicts = zip(*rules_of(stretch, of_stretch, method, runs[1]), strict=True)
            for row, line, verdict in zip(stretch, of_stretch, verdicts, strict=True):
                about = {"date": row["date"], "phase": number, "used_in_limits": row in used}
                told = told_of(row, line, verdict)
                if method.chart == "t":
                    told["lines"] = times_of(line, used)
                charted.append(about | told)
    return sorted(charted, key=lambda row: row["date"]), runs


# --- random series ------------------------------------------------------------------------------

TIES = st.integers(-3, 3).map(lambda i: 0.1 * i)
TENTHS = st.integers(-500, 500).map(lambda i: i / 10)
BIG = st.integers(0, 40).map(lambda i: 1e9 + i / 8)
NUMBERS = st.one_of(TIES, TENTHS, BIG)


SHAPES = (
    lambda i, period: 0,
    lambda i, period: 0,
    lambda i, period: (i // period) % 2,  # runs of exactly `period` points
    lambda i, period: abs(i % (2 * period) - period),  # as many steps down, then up
)


@st.composite
def series(draw, values, slopes=False):
    n = draw(st.one_of(st.integers(1, 13), st.integers(20, 45)))
    one_of = draw(st.sampled_from([values, values, st.just(draw(values))]))
    shape = draw(st.sampled_from(SHAPES)) if slopes else SHAPES[0]
    period = draw(st.integers(5, 8))
    gaps = draw(st.sampled_from([0, 0, 5, 100]))

    def seldom(percent):
        # Hypothesis likes the ends of a range: so take the chance from its middle.
        return abs(draw(st.integers(-99, 99)) - 33) < percent

    rows, stretch = [], 0
    for i in range(n):
        height = 300 if slopes and seldom(2) else 200 * shape(i, period)
        stretch += seldom(1)
        rows.append(
            {
                "date": date(2020, 1, 1) + timedelta(days=7 * i),
                "value": None if seldom(gaps) or gaps == 100 else up(draw(one_of), height),
                "phase_start": seldom(2),
                "exclude": seldom(3),
                "stretch": stretch,
            }
        )
    return rows


def up(value, height):
    return value + height if height else value


def methods(*charts):
    return st.builds(
        Method,
        chart=st.sampled_from(charts),
        baseline=st.sampled_from([None, None, 4, 12]),
        screen=st.booleans(),
        two_of_three=st.sampled_from(["mdc", "ptd"]),
        sigma=st.sampled_from(["nhs", "exact"]),
        direction=st.just("up"),
    )


TYPES = {
    "date": pl.Date,
    "value": pl.Float64,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "phase_start": pl.Boolean,
    "exclude": pl.Boolean,
    "stretch": pl.Int64,
}
LINES = ("centre", "lower", "upper", "near_lower", "near_upper")
FLAGS = ("rule_outside", "rule_trend", "rule_two_of_three", "rule_shift")
RUNS = ("longest_run", "longest_run_max", "crossings", "crossings_min", "runs_signal")


def agree(rows, method):
    frame = pl.DataFrame(rows, schema={k: v for k, v in TYPES.items() if k in rows[0]})
    frame = frame.sample(fraction=1.0, shuffle=True, seed=1)  # the order of rows is no matter
    ours = points(frame, method)
    expected, runs = oracle(rows, method)
    present = ours.filter(pl.col("value").is_not_null()).rows(named=True)
    assert len(ours) == len(rows)
    assert [row["date"] for row in present] == [row["date"] for row in expected]
    for row, told in zip(present, expected, strict=True):
        assert row["phase"] == told["phase"]
        assert row["used_in_limits"] == told["used_in_limits"]
        for name, line in zip(LINES, told["lines"], strict=True):
            mine = row[name]
            assert (mine is None) == (line is None), (name, mine, line)
            assert mine is None or isclose(mine, line, rel_tol=1e-12, abs_tol=1e-12), name
        if told["lines"][0] is not None:
            assert row["side"] == told["side"]
        assert tuple(row[flag] for flag in FLAGS) == told["flags"]
        assert (row["cause"], row["high"]) == (told["cause"], told["high"])
    now = signals(frame, method).row(0, named=True)
    assert now["n"] == len(expected)
    if runs:
        assert tuple(now[name] for name in RUNS) == runs


@given(series(NUMBERS, slopes=True), methods("xmr", "run"))
def test_charts_of_any_number(rows, method):
    agree(rows, method)


@given(series(st.integers(0, 8).map(float)), methods("c", "g"))
def test_charts_of_counts(rows, method):
    agree(rows, method)


@given(series(st.integers(1, 90).map(float)), methods("t"))
def test_charts_of_waiting_times(rows, method):
    agree(rows, method)


RATIOS = st.tuples(st.integers(0, 12), st.integers(1, 12))


@given(series(RATIOS), methods("p", "pp", "u", "up"))
def test_charts_of_ratios(rows, method):
    share = method.chart in ("p", "pp")
    for row in rows:
        n, d = row["value"] or (None, None)
        row["numerator"] = None if n is None else float(min(n, d) if share else n)
        row["denominator"] = None if d is None else float(d)
        row["value"] = None if n is None else row["numerator"] / row["denominator"]
    agree(rows, method)
