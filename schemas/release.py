"""The tables of a release, checked before it is published and documented from these models.

A month is the date of its first day. Proportions are 0 to 1 and rates per bed day; a measure's
multiplier turns them into what people read. A unit is identified by `level` and `unit_id`: a ward
(`Z01-ALDER1`), a trust (`Z01`), a peer group (`acute-female`), a group (`Y56`) or the `programme`.
"""

import pandera.polars as pa

from schemas.tables.comparison import Comparisons, PeerBands, Suppressed
from schemas.tables.figures import Ambitions, Baselines, Observations, Points, Signals
from schemas.tables.kinds import (
    ASSURANCE,
    CATEGORIES,
    CAUSES,
    CHARTS,
    FOUNDATIONS,
    KINDS,
    LEVELS,
    REPORTING_CLASSES,
    RETURN_STATES,
    RETURN_STATUSES,
    TIMELINESS,
    VARIATION,
)
from schemas.tables.learning import ForumAnswers, ForumAttendance, Forums
from schemas.tables.progress import (
    Breakdowns,
    ChangeTests,
    Charters,
    ConfidenceItems,
    Engagement,
    Foundations,
    IncidentPairs,
    ReleaseStandards,
)
from schemas.tables.received import Completeness, Queries, ReleaseCells, ReleaseEvents, Returns
from schemas.tables.reference import (
    Measures,
    People,
    QuestionsText,
    Release,
    ReleaseGroups,
    ReleaseTrusts,
    ReleaseWards,
    StandardsText,
)

__all__ = [
    "ASSURANCE",
    "CATEGORIES",
    "CAUSES",
    "CHARTS",
    "FOUNDATIONS",
    "KINDS",
    "LEVELS",
    "REPORTING_CLASSES",
    "RETURN_STATES",
    "RETURN_STATUSES",
    "TABLES",
    "TIMELINESS",
    "VARIATION",
    "Ambitions",
    "Baselines",
    "Breakdowns",
    "ChangeTests",
    "Charters",
    "Comparisons",
    "Completeness",
    "ConfidenceItems",
    "Engagement",
    "ForumAnswers",
    "ForumAttendance",
    "Forums",
    "Foundations",
    "IncidentPairs",
    "Measures",
    "Observations",
    "PeerBands",
    "People",
    "Points",
    "Queries",
    "QuestionsText",
    "Release",
    "ReleaseCells",
    "ReleaseEvents",
    "ReleaseGroups",
    "ReleaseStandards",
    "ReleaseTrusts",
    "ReleaseWards",
    "Returns",
    "Signals",
    "StandardsText",
]

TABLES: dict[str, type[pa.DataFrameModel]] = {
    "release": Release,
    "measures": Measures,
    "trusts": ReleaseTrusts,
    "wards": ReleaseWards,
    "groups": ReleaseGroups,
    "returns": Returns,
    "cells": ReleaseCells,
    "queries": Queries,
    "events": ReleaseEvents,
    "observations": Observations,
    "baselines": Baselines,
    "points": Points,
    "signals": Signals,
    "ambitions": Ambitions,
    "comparisons": Comparisons,
    "peer_bands": PeerBands,
    "suppressed": Suppressed,
    "charters": Charters,
    "change_tests": ChangeTests,
    "standards": ReleaseStandards,
    "confidence_items": ConfidenceItems,
    "incident_pairs": IncidentPairs,
    "foundations": Foundations,
    "breakdowns": Breakdowns,
    "completeness": Completeness,
    "forums": Forums,
    "forum_attendance": ForumAttendance,
    "forum_answers": ForumAnswers,
    "engagement": Engagement,
    "standards_text": StandardsText,
    "questions": QuestionsText,
    "people": People,
}
