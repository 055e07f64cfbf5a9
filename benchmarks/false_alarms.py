"""How often each set of rules signals in a series in which nothing changes.

Run `python benchmarks/false_alarms.py`: it prints the three tables of docs/false-alarms.md, made
from 20,000 series each in about three minutes. The same seed gives the same tables.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

import numpy as np
import polars as pl

from pipelines.statistics.method import Method
from pipelines.statistics.points import points
from pipelines.statistics.signals import signals

SERIES, SEED = 20_000, 20261123
RULES = ("outside", "trend", "two_of_three", "shift")
XMR = Method(chart="xmr", direction="up")
PTD = Method(chart="xmr", direction="up", two_of_three="ptd")
SCREENED = Method(chart="xmr", direction="up", two_of_three="ptd", screen=True)

Draw = Callable[[np.random.Generator, int], dict[str, np.ndarray]]
Question = Callable[[pl.DataFrame], pl.Series]


def normal(random: np.random.Generator, size: int) -> dict[str, np.ndarray]:
    """Values as smooth as can be."""
    return {"value": random.normal(50, 10, size)}


def share(asked: int, safe: float) -> Draw:
    """The share of `asked` people a month who feel safe."""

    def draw(random: np.random.Generator, size: int) -> dict[str, np.ndarray]:
        numerator = random.binomial(asked, safe, size).astype(float)
        return {"numerator": numerator, "denominator": np.full(size, float(asked))}

    return draw


def incidents(expected: float) -> Draw:
    """Incidents in 450 bed days a month."""

    def draw(random: np.random.Generator, size: int) -> dict[str, np.ndarray]:
        numerator = random.poisson(expected, size).astype(float)
        return {"numerator": numerator, "denominator": np.full(size, 450.0)}

    return draw


STABLE: dict[str, Draw] = {
    "smooth measurements": normal,
    "85% of 12 people": share(12, 0.85),
    "97% of 12 people": share(12, 0.97),
    "85% of 100 people": share(100, 0.85),
    "5 incidents a month": incidents(5),
    "1 incident a month": incidents(1),
    "0.3 incidents a month": incidents(0.3),
}


def simulated(draw: Draw, months: int, seed: int = SEED, count: int = SERIES) -> pl.DataFrame:
    """So many stable series of so many months."""
    first = np.datetime64("2000-01")
    dates = (first + np.arange(months)).astype("datetime64[D]")
    rows = draw(np.random.default_rng(seed), count * months)
    return pl.DataFrame({"series": np.repeat(np.arange(count), months)} | rows).with_columns(
        date=pl.Series(np.tile(dates, count))
    )


def any_rule(method: Method, *rules: str) -> Question:
    """Does any of the rules fire anywhere in the series?"""
    fired = pl.any_horizontal([f"rule_{rule}" for rule in rules or RULES])

    def ask(frame: pl.DataFrame) -> pl.Series:
        return points(frame, method).group_by("series").agg(seen=fired.any())["seen"]

    return ask


def runs(frame: pl.DataFrame) -> pl.Series:
    """Does Anhøj's rule signal on a run chart of the series?"""
    return signals(frame, Method(chart="run"))["runs_signal"]


def long_run(frame: pl.DataFrame) -> pl.Series:
    """Are six in a row on one side of the median, ties passed over?"""
    return signals(frame, Method(chart="run"))["longest_run"] >= 6


def icon(method: Method) -> Question:
    """Is the latest point's icon anything but common cause?"""

    def ask(frame: pl.DataFrame) -> pl.Series:
        return signals(frame, method)["variation"].fill_null("common") != "common"

    return ask


ANYWHERE: dict[str, Question] = {
    "XmR, all four rules (the default)": any_rule(XMR),
    "XmR, all four rules, `--two-of-three ptd`": any_rule(PTD),
    "… the same with `--screen`": any_rule(SCREENED),
    "XmR, outside": any_rule(XMR, "outside"),
    "XmR, trend": any_rule(XMR, "trend"),
    "XmR, two of three": any_rule(XMR, "two_of_three"),
    "XmR, shift": any_rule(XMR, "shift"),
    "run chart, Anhøj's rule (the default)": runs,
    "run chart, six in a row": long_run,
}
LENGTHS = (12, 24, 36, 60)
LATEST: dict[str, Question] = {
    "XmR": icon(XMR),
    "XmR, screened": icon(SCREENED),
    "the chart chosen": icon(Method(direction="up")),
}


def unscreenable(frame: pl.DataFrame) -> pl.Series:
    """Would screening leave no moving range but 0?"""
    return signals(frame, SCREENED)["reason"].str.contains("not screened")


def icon_where_screened(frame: pl.DataFrame) -> pl.Series:
    """The icon's answer, and none where screening would leave nothing."""
    found = signals(frame, SCREENED)
    special = pl.col("variation").fill_null("common") != "common"
    screened = ~pl.col("reason").str.contains("not screened")
    return found.select(pl.when(screened).then(special)).to_series()


@dataclass(frozen=True)
class Published:
    """A rate that was published, and the question and the stable series that we think gave it."""

    rate: float
    ask: Question
    draw: Draw
    months: int = 36

    def apart(self, ours: float, count: int) -> float:
        """How far `ours`, of so many series, is from it, in standard errors of the difference."""
        noise = self.rate * (1 - self.rate) * (1 / count + 1 / THEIR_SERIES)
        return (ours - self.rate) / sqrt(noise)


THEIR_SERIES = 2_000  # how many were simulated isn't published: this is a guess
PUBLISHED = {
    "any rule in 36 months": Published(0.31, any_rule(SCREENED), normal),
    "any rule in 60 months": Published(0.47, any_rule(SCREENED), normal, 60),
    "icon, normal": Published(0.017, icon_where_screened, normal),
    "icon, percent of 12": Published(0.029, icon_where_screened, share(12, 0.85)),
    "icon, percent at the ceiling": Published(0.053, icon_where_screened, share(12, 0.95)),
    "icon, Poisson 1": Published(0.055, icon_where_screened, incidents(1)),
    "icon, Poisson 0.3": Published(0.158, icon_where_screened, incidents(0.3)),
    "nothing left by screening, Poisson 0.3": Published(0.106, unscreenable, incidents(0.3)),
}


def share_of(question: Question, frame: pl.DataFrame) -> float:
    """In how many of the series that have an answer it is yes, from 0 to 1."""
    return float(question(frame).cast(pl.Float64).mean())


def with_unit(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """Say what the chart is chosen for."""
    if "incident" in name:
        return frame.with_columns(unit=pl.lit("rate"))
    return frame.with_columns(unit=pl.lit("proportion" if "people" in name else "value"))


def table(head: list[str], rows: dict[str, list[float]]) -> str:
    """A table in Markdown, in percent."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    for name, shares in rows.items():
        lines.append(f"| {name} | " + " | ".join(f"{s:.1%}" for s in shares) + " |")
    return "\n".join(lines)


def main() -> None:
    """Print the three tables."""
    frames = [simulated(normal, months) for months in LENGTHS]
    anywhere = {name: [share_of(ask, f) for f in frames] for name, ask in ANYWHERE.items()}
    print(table(["rules", *[f"{months} months" for months in LENGTHS]], anywhere), end="\n\n")
    latest = {}
    for name, draw in STABLE.items():
        frame = with_unit(simulated(draw, 36), name)
        latest[name] = [share_of(ask, frame) for ask in LATEST.values()]
    print(table(["nothing changes in", *LATEST], latest), end="\n\n")
    print("| | published | here | standard errors apart |\n|---|---:|---:|---:|")
    for name, said in PUBLISHED.items():
        ours = share_of(said.ask, simulated(said.draw, said.months))
        apart = said.apart(ours, SERIES)
        print(f"| {name} | {said.rate:.1%} | {ours:.1%} | {apart:+.1f} |")


if __name__ == "__main__":
    main()
