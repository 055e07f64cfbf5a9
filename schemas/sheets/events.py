"""The events sheet: events that charts should show."""

from datetime import date

import pandera.polars as pa

from schemas import vocabularies as words
from schemas.sheets.fields import ALWAYS, choice, field, text


class Events(pa.DataFrameModel):
    """Events that charts should show, such as tests of change, training and building work."""

    ward_code: str = field(
        "code", ALWAYS, "Ward code", "As in the register, or ALL for every ward.", "ALDER1"
    )
    date: date = field("date", ALWAYS, "Date", "The day it happened or began.", "2026-03-16")
    kind: str = choice(ALWAYS, "Kind", "What kind of event.", "test_of_change", words.EVENT_KIND)
    label: str = text(
        ALWAYS, "Label", "Do not describe incidents or people.", "New welcome conversation", 60
    )

    class Config:
        strict = True
