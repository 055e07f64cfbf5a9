"""How large a change of plain values must be to show on an XmR chart nine times in ten.

Run `python benchmarks/value_detectable.py`: it prints the table that
`pipelines.statistics.value_detectable` holds and docs/spc.md shows, in standard deviations, by how
many points the limits rest on. The same seed gives the same table.
"""

import numpy as np

from pipelines.statistics.value_detectable import TABLE, needed

SEED, DRAWN = 20261130, 100_000


def main() -> None:
    """Print the table."""
    print(f"{DRAWN:,} charts of each length; seed {SEED}\n")
    print("| points that limits rest on | a single point | over seven points |\n|---:|---:|---:|")
    for points in TABLE:
        once, lasting = needed(points, DRAWN, np.random.default_rng([SEED, points]))
        print(f"| {points} | {once:.2f} | {lasting:.2f} |", flush=True)


if __name__ == "__main__":
    main()
