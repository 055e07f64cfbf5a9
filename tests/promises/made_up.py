"""Made-up programmes, counted by the pipeline itself, for readers to try.

Some trusts have one ward; months can be missing, and measures not apply.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import polars as pl

from pipelines.measures import load
from pipelines.releasing.observations import observations
from schemas.disclosure import with_years
from schemas.measures import Measure
from schemas.parts import AFFECTED

INCIDENTS = ("SS-I1", "SS-I2", "SS-I3", "SS-I4", "SS-I5", "SS-I6", "SS-I9", "SS-P7", "SS-P8")
SURVEYS = ("SS-O1", "SS-P10")
MEASURES = [m for m in load() if m.id in (*INCIDENTS, *SURVEYS)]
_KINDS = ("inc_harassment", "inc_assault", "inc_other")


def sent(seed: int, trusts=(1, 1, 2, 3), months=12, busy=1.0, missing=0.0) -> pl.DataFrame:
    """What wards sent: a row for each ward, month and field; so many wards in each trust."""
    rng, of_affected = np.random.default_rng(seed), np.random.default_rng((seed, 1))
    when = pl.date_range(
        date(2024, 4, 1),
        date(2024 + (months + 2) // 12, (months + 2) % 12 + 1, 1),
        "1mo",
        eager=True,
    )
    rows = []
    for trust, wards in enumerate(trusts, 1):
        for ward in range(wards):
            pace = busy * rng.choice([0.05, 0.5, 3.0], 3)
            present, safe = rng.integers(9, 30), rng.choice([0.6, 0.85, 0.97])
            for month in when:
                kinds = rng.poisson(pace)
                patients = present + rng.integers(0, 4)
                answered = rng.binomial(patients, rng.choice([0.5, 0.9, 1.0]))
                numbers = dict(zip(_KINDS, kinds, strict=True)) | {
                    "occupied_bed_days": 450,
                    "support_offered_n": rng.binomial(kinds.sum(), 0.7),
                    "patients_present": patients,
                    "pt_answered": answered,
                    "pt_safe": rng.binomial(answered, safe),
                }
                numbers |= _further(of_affected, kinds.sum())
                unsent = rng.random() < missing
                rows += [
                    (f"Z0{trust}-W{ward}", f"Z0{trust}", month, name, float(number), "value")
                    for name, number in numbers.items()
                    if not unsent and not (name == "support_offered_n" and rng.random() < missing)
                ]
    names = ["ward_id", "trust_code", "month", "field", "number", "state"]
    return pl.DataFrame(rows, schema=names, orient="row")


def _further(rng: np.random.Generator, incidents: int) -> dict[str, int]:
    """Whom incidents affected, some of them more than one group, and what was considered."""
    first = rng.multinomial(incidents, [0.7, 0.25, 0.05])
    also = rng.binomial(incidents - first, [0.1, 0.05, 0.01])
    further = dict(zip(AFFECTED, first + also, strict=True))
    return further | {"options_considered_n": rng.binomial(incidents, 0.8)}


def placed(fields: pl.DataFrame, moved: Mapping[str, str] | None = None) -> pl.DataFrame:
    """Every ward and month; `moved` says in which unit a ward is by today's register."""
    wards = fields.select("ward_id", "trust_code").unique().sort("ward_id")
    now = pl.col("ward_id").replace(moved or {})
    return wards.join(fields.select("month").unique().sort("month"), how="cross").with_columns(
        current_ward_id=now,
        current_trust_code=now.str.slice(0, 3),
        peer_group=pl.lit("acute-female"),
        absent=pl.lit("missing"),
        expected=pl.lit(True),
    )


def observed(
    fields: pl.DataFrame, measures: Sequence[Measure], moved: Mapping[str, str] | None = None
) -> pl.DataFrame:
    """The monthly figures of what was sent, at every level."""
    returns = {"trust_code": pl.String, "month": pl.Date, "return_id": pl.String}
    about = pl.DataFrame(schema=returns | {"provisional": pl.Boolean})
    asked = pl.DataFrame(schema={"ward_id": pl.String, "month": pl.Date, "field": pl.String})
    return observations(placed(fields, moved), fields, list(measures), about, asked)


def release(fields: pl.DataFrame, measures: Sequence[Measure] = tuple(MEASURES)) -> pl.DataFrame:
    """The figures of what was sent, at every level and by year, as a release has them."""
    return with_years(observed(fields, measures), measures)
