"""Made-up programmes, counted by the pipeline itself, for readers to try.

Some trusts have one ward; months can be missing, and measures not apply.
"""

from datetime import date

import numpy as np
import polars as pl

from pipelines.measures import load
from pipelines.releasing.observations import observations
from schemas.disclosure import with_years

INCIDENTS = ("SS-I1", "SS-I2", "SS-I3", "SS-I4", "SS-P7")
SURVEYS = ("SS-O1", "SS-P10")
MEASURES = [m for m in load() if m.id in (*INCIDENTS, *SURVEYS)]
_KINDS = ("inc_harassment", "inc_assault", "inc_other")


def sent(seed: int, trusts=(1, 1, 2, 3), months=12, busy=1.0, missing=0.0) -> pl.DataFrame:
    """What wards sent: a row for each ward, month and field; so many wards in each trust."""
    rng = np.random.default_rng(seed)
    when = pl.date_range(date(2024, 4, 1), date(2024, 4, 1), "1mo", eager=True)
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
                unsent = rng.random() < missing
                rows += [
                    (f"Z0{trust}-W{ward}", f"Z0{trust}", month, name, float(number), "value")
                    for name, number in numbers.items()
                    if not unsent and not (name == "support_offered_n" and rng.random() < missing)
                ]
    names = ["ward_id", "trust_code", "month", "field", "number", "state"]
    return pl.DataFrame(rows, schema=names, orient="row")


def release(fields: pl.DataFrame) -> pl.DataFrame:
    """The figures of what was sent, at every level and by year, as a release has them."""
    wards = fields.select("ward_id", "trust_code").unique().sort("ward_id")
    grid = wards.join(fields.select("month").unique().sort("month"), how="cross").with_columns(
        current_ward_id="ward_id",
        current_trust_code="trust_code",
        peer_group=pl.lit("acute-female"),
        absent=pl.lit("missing"),
        expected=pl.lit(True),
    )
    returns = {"trust_code": pl.String, "month": pl.Date, "return_id": pl.String}
    about = pl.DataFrame(schema=returns | {"provisional": pl.Boolean})
    asked = pl.DataFrame(schema={"ward_id": pl.String, "month": pl.Date, "field": pl.String})
    return with_years(observations(grid, fields, MEASURES, about, asked), MEASURES)
