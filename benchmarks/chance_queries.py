"""How many queries chance alone raises about the returns of a trust in which nothing changes.

Run `python benchmarks/chance_queries.py`: it prints the table of “Queries on a return” in
docs/false-alarms.md, from 2,000 years of a trust with four wards, in about three minutes, and W03's
rate at other thresholds. The same seed gives the same tables.
"""

from collections import Counter

import numpy as np

from pipelines.checking.rules import against_past
from pipelines.rehearsing.quiet_year import BEDS, of_a_year, quiet, usual_ward

YEARS, SEED = 2_000, 20261128
THRESHOLDS = (0.001, 0.005, 0.01, 0.02)  # for W03; each is tried with a quarter of the years
WARDS, PROGRAMME_WARDS = 4, 70
CODES = ("W01", "W02", "W03", "W04", "W05", "W06", "W07", "W08", "W09", "W14", "W16")


def queries(years: int, seed: int) -> dict[str, float]:
    """Queries by code, on average in a year of one trust."""
    found: Counter[str] = Counter()
    random, context = np.random.default_rng(seed), quiet([BEDS] * WARDS)
    for _ in range(years):
        wards = [usual_ward(random) for _ in range(WARDS)]
        found.update(of_a_year(random, context, wards))
    return {code: found[code] / years for code in CODES}


def at_thresholds(years: int, seed: int) -> dict[float, float]:
    """How many W03 queries a year each threshold would raise."""
    used, found = against_past.RARE, {}
    try:
        for threshold in THRESHOLDS:
            against_past.RARE = threshold
            found[threshold] = queries(years, seed)["W03"]
    finally:
        against_past.RARE = used
    return found


def main() -> None:
    """Print the tables."""
    print("| code | queries a year by chance, trust of four wards | a month, 70 wards |")
    print("|---|---:|---:|")
    for code, rate in queries(YEARS, SEED).items():
        print(f"| {code} | {rate:.2f} | {rate / WARDS / 12 * PROGRAMME_WARDS:.1f} |")
    for threshold, rate in at_thresholds(YEARS // 4, SEED).items():
        print(f"W03 at {threshold}: {rate:.2f}")


if __name__ == "__main__":
    main()
