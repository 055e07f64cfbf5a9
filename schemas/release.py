"""The tables of a release, checked before it is published and documented from these models.

Months are dates of their first day. Proportions are 0 to 1 and rates per bed day; a measure's
multiplier turns them into what a person reads. A unit is named by `level` and `unit_id`: a ward
(`Z01-ALDER1`), a trust (`Z01`), a peer group (`acute-female`) or the `programme`.
"""

from datetime import date, datetime
from typing import Any

import pandera.polars as pa
import polars as pl

from schemas.cells import STATES
from schemas.problems import Severity
from schemas.vocabularies import CHARTER_STAGE, EVENT_KIND, RATING

LEVELS = ("ward", "trust", "peer_group", "programme")
CHARTS = ("xmr", "run", "p", "pp", "u", "up", "c", "g", "t", "points", "stage", "table")
KINDS = ("common", "improvement", "concern", "neutral_high", "neutral_low")
CAUSES = ("outside", "trend", "two_of_three", "shift")
ASSURANCE = ("pass", "fail", "hit_or_miss")
VARIATION = (
    "common",
    "improvement_high",
    "improvement_low",
    "concern_high",
    "concern_low",
    "neutral_high",
    "neutral_low",
)
CATEGORIES = ("higher", "within", "lower", "too_few")
RETURN_STATES = ("received", "late", "missing", "not_yet_due", "not_expected", "paused")
REPORTING_CLASSES = ("complete", "confirmed_nil", "partial", "joiner", "null")
TIMELINESS = ("on_time", "late")
RETURN_STATUSES = ("active", "superseded", "withdrawn")
FOUNDATIONS = {
    "benchmarking": "Benchmarking against the Standards",
    "charter": "Co-producing a ward charter",
    "confidence": "Raising awareness and increasing staff confidence",
    "trauma_informed": "A trauma-informed approach to care",
}


def _nullable(**rest: Any) -> Any:
    return pa.Field(nullable=True, **rest)


class _Table(pa.DataFrameModel):
    class Config:
        strict = True


class Release(_Table):
    """This release: one row."""

    release_id: str
    built_at: datetime
    archive_state: str = pa.Field(description="Hash over the archive's entries.")
    data_to: date = _nullable(description="The last month any return is about.")
    as_at: date = _nullable(description="The programme as it was known at the end of this day.")
    code_version: str
    programme: str
    fictional: bool
    first_month: date
    placeholders: bool = pa.Field(description="True while standards or questions are placeholders.")


class Measures(_Table):
    """One row for each measure, as its reviewed file says."""

    measure: str
    name: str
    short_name: str
    type: str
    topic: str
    who: str
    core: bool
    unit: str
    multiplier: pl.Int64
    direction: str = pa.Field(isin=["up", "down", "none"])
    target: float = _nullable(description="In the unit that is read: 100 for 100%.")
    chart: str
    minimum_denominator: pl.Int64
    restricted: bool
    numerator_text: str
    denominator_text: str
    why_it_matters: str
    how_it_is_calculated: str
    author: str
    reviewed: date
    next_review: date
    status: str
    sort: pl.Int64


class ReleaseTrusts(_Table):
    """One row for each trust and period of validity."""

    trust_code: str
    trust_name: str
    region_code: str
    region: str
    joined: date
    valid_from: date
    valid_to: date = _nullable()
    successor_code: str = _nullable()
    current_code: str = pa.Field(description="The trust it is part of today.")


class ReleaseWards(_Table):
    """One row for each ward and period of validity."""

    ward_id: str = pa.Field(description="Trust and ward code, as Z01-ALDER1.")
    trust_code: str
    ward_code: str
    ward_name: str
    site_code: str = _nullable()
    mh_class: str
    peer_group: str
    peer_group_name: str
    security_level: str = _nullable()
    intended_sex: str
    age_group: str = _nullable()
    beds: pl.Int64
    open_from: date
    open_to: date = _nullable()
    in_collaborative: str
    valid_from: date
    valid_to: date = _nullable()
    current_ward_id: str = pa.Field(description="The ward it is today, after moves and mergers.")
    current_trust_code: str


class Returns(_Table):
    """One row for each version of a trust's month."""

    return_id: str = pa.Field(unique=True, description="As Z01/2026-03/2.")
    trust_code: str
    month: date
    version: pl.Int64
    received_at: datetime
    received_by: str
    filename: str
    sha256: str
    status: str = pa.Field(isin=RETURN_STATUSES)
    timeliness: str = pa.Field(isin=TIMELINESS)
    data_status: str = pa.Field(isin=["provisional", "final"])
    rows: pl.Int64
    queries: pl.Int64 = pa.Field(description="How many queries it raised.")
    queries_open: pl.Int64 = pa.Field(description="How many have no answer.")
    template_version: str


class Answers(_Table):
    """One typed value as sent, in the active version of a return."""

    return_id: str
    trust_code: str
    ward_id: str = _nullable()
    month: date
    sheet: str
    row: pl.Int64
    column: str = pa.Field(description="Column letter.")
    field: str
    entered: str = _nullable()
    text: str = _nullable()
    number: float = _nullable()
    state: str = pa.Field(isin=STATES)


class Queries(_Table):
    """One finding of an accepted return, with the answer given."""

    return_id: str
    trust_code: str
    ward_id: str = _nullable()
    month: date
    severity: str = pa.Field(isin=[s.value for s in Severity])
    code: str
    sheet: str = _nullable()
    cell: str = _nullable()
    row: pl.Int64 = _nullable()
    column: str = _nullable()
    value: str = _nullable()
    message: str
    answer: str = _nullable()
    answered_by: str = _nullable()
    answered_at: datetime = _nullable()


class ReleaseEvents(_Table):
    """One annotation or decision that belongs on a chart."""

    event_id: str
    level: str = pa.Field(isin=LEVELS)
    unit_id: str
    trust_code: str = _nullable()
    day: date
    month: date
    kind: str = pa.Field(isin=[*EVENT_KIND, "rebase"])
    label: str
    measure: str = _nullable(description="Empty: belongs on every measure's chart.")
    source: str = pa.Field(description="The return or the decision it comes from.")


class Observations(_Table):
    """One measure of one unit in one month; every expected month is present."""

    level: str = pa.Field(isin=LEVELS)
    unit_id: str
    trust_code: str = _nullable(description="The current trust, for wards and trusts.")
    measure: str
    month: date
    numerator: float = _nullable()
    denominator: float = _nullable()
    value: float = _nullable(description="Unscaled; empty unless the state is value or nil.")
    state: str = pa.Field(isin=[*STATES, "paused"])
    wards: pl.Int64 = pa.Field(description="Wards with a value in it.")
    wards_expected: pl.Int64
    provisional: bool
    queried: bool = pa.Field(description="A query about it has no answer.")
    return_id: str = _nullable(description="For wards: where it comes from.")


class Points(_Table):
    """An observation, or a quarter or year of them, on its process chart."""

    level: str = pa.Field(isin=LEVELS)
    unit_id: str
    trust_code: str = _nullable()
    measure: str
    month: date = pa.Field(description="First month of the period the point stands for.")
    months: pl.Int64 = pa.Field(description="Length of the period: 1, 3 or 12.")
    value: float = _nullable()
    numerator: float = _nullable()
    denominator: float = _nullable()
    chart: str = pa.Field(isin=CHARTS)
    phase: pl.Int64 = pa.Field(ge=1)
    used_in_limits: bool
    centre: float = _nullable()
    lower: float = _nullable()
    upper: float = _nullable()
    near_lower: float = _nullable()
    near_upper: float = _nullable()
    side: pl.Int64 = _nullable()
    rule_outside: bool = _nullable()
    rule_trend: bool = _nullable()
    rule_two_of_three: bool = _nullable()
    rule_shift: bool = _nullable()
    cause: str = _nullable(isin=CAUSES)
    high: bool = _nullable()
    kind: str = _nullable(isin=KINDS)
    trial: bool
    state: str = pa.Field(isin=[*STATES, "paused"])
    provisional: bool
    queried: bool


class Signals(_Table):
    """A series now: what its latest point says, in words."""

    level: str = pa.Field(isin=LEVELS)
    unit_id: str
    trust_code: str = _nullable()
    measure: str
    n: pl.Int64 = pa.Field(description="Points with a value.")
    chart: str = pa.Field(isin=CHARTS)
    months: pl.Int64
    phase: pl.Int64
    latest: date = _nullable()
    value: float = _nullable()
    numerator: float = _nullable()
    denominator: float = _nullable()
    centre: float = _nullable()
    lower: float = _nullable()
    upper: float = _nullable()
    variation: str = _nullable(isin=VARIATION)
    assurance: str = _nullable(isin=ASSURANCE)
    longest_run: pl.Int64 = _nullable()
    longest_run_max: pl.Int64 = _nullable()
    crossings: pl.Int64 = _nullable()
    crossings_min: pl.Int64 = _nullable()
    runs_signal: bool = _nullable()
    reason: str = pa.Field(description="Why this chart.")
    sentence: str


class Comparisons(_Table):
    """A unit in its peer group over a window of months."""

    level: str = pa.Field(isin=["ward", "trust"])
    unit_id: str
    trust_code: str = _nullable()
    measure: str
    peer_group: str
    first_month: date
    last_month: date
    n: float = _nullable(description="Numerator over the window.")
    d: float = _nullable(description="Denominator over the window.")
    value: float = _nullable()
    z: float = _nullable()
    centre: float = _nullable()
    lower95: float = _nullable()
    upper95: float = _nullable()
    lower998: float = _nullable()
    upper998: float = _nullable()
    category: str = pa.Field(isin=CATEGORIES)
    phi: float = _nullable()
    tau2: float = _nullable()
    units: pl.Int64 = pa.Field(description="Units compared.")
    left_out: pl.Int64 = pa.Field(description="Units left out: too few months returned.")


class PeerBands(_Table):
    """The spread of a peer group in one month, already suppressed; it names nobody."""

    peer_group: str
    peer_group_name: str
    measure: str
    month: date
    wards: pl.Int64 = _nullable(description="Wards in the band; empty where suppressed.")
    left_out: pl.Int64 = _nullable()
    p10: float = _nullable()
    p20: float = _nullable()
    p30: float = _nullable()
    p40: float = _nullable()
    p50: float = _nullable()
    p60: float = _nullable()
    p70: float = _nullable()
    p80: float = _nullable()
    p90: float = _nullable()
    state: str = pa.Field(isin=["value", "suppressed"])
    suppression_reason: str = _nullable()


class Charters(_Table):
    """A ward's charter in one month."""

    ward_id: str
    trust_code: str
    month: date
    stage: str = pa.Field(isin=list(CHARTER_STAGE))
    agreed_on: date = _nullable()
    last_reviewed_on: date = _nullable()
    coproduced_patients: bool = _nullable()
    coproduced_staff: bool = _nullable()
    coproduced_carers: bool = _nullable()
    part_commitment: bool = _nullable()
    part_context: bool = _nullable()
    part_expected_patients: bool = _nullable()
    part_expected_staff: bool = _nullable()
    part_expected_visitors: bool = _nullable()
    part_explains_variation: bool = _nullable()
    in_place: bool
    current: bool = pa.Field(description="In place, and agreed or reviewed within 12 months.")
    return_id: str


class ReleaseStandards(_Table):
    """The latest rating of one statement for one organisation in each month it was assessed."""

    set_id: str
    statement_id: str
    group_id: str = _nullable()
    group_title: str = _nullable()
    short_text: str = _nullable()
    is_placeholder: bool
    level: str
    org_code: str
    ward_id: str = _nullable()
    trust_code: str
    month: date
    rating: str = pa.Field(isin=list(RATING))
    evidence_type: str = _nullable()
    assessed_on: date = _nullable()
    action_due: date = _nullable()
    return_id: str


class Foundations(_Table):
    """Progress on the four foundations for good practice, by trust and for the programme."""

    level: str = pa.Field(isin=["trust", "programme"])
    unit_id: str
    trust_code: str = _nullable()
    month: date
    foundation: str = pa.Field(isin=list(FOUNDATIONS))
    wards: pl.Int64 = pa.Field(description="Wards expected.")
    wards_with: pl.Int64 = _nullable(description="Wards with it in place; empty if not measured.")
    what: str = pa.Field(description="What is counted, in words.")


class Completeness(_Table):
    """Trust by month: was the return sent? Ward by measure: how completely does it report?"""

    scope: str = pa.Field(isin=["return", "reporting"])
    trust_code: str
    ward_id: str = _nullable()
    measure: str = _nullable()
    month: date = _nullable()
    due: date = _nullable()
    state: str = pa.Field(isin=[*RETURN_STATES, *REPORTING_CLASSES])
    months_valid: pl.Int64 = _nullable()
    months_expected: pl.Int64 = _nullable()
    return_id: str = _nullable()


class StandardsText(_Table):
    """The statements of every standards set, and whether they are placeholders."""

    set_id: str
    set_title: str
    group_id: str
    group_title: str
    statement_id: str
    short_text: str
    applies_to: str
    sort: pl.Int64
    is_placeholder: bool


class QuestionsText(_Table):
    """The wording of the survey questions, and whether it is a placeholder."""

    question_id: str
    asked_of: str
    text: str
    answers: str
    counts_as_safe: str = _nullable()
    is_placeholder: bool


class People(_Table):
    """The access register: who may see what, since when."""

    email: str
    name: str
    role: str
    trusts: str = _nullable()
    valid_from: date
    valid_to: date = _nullable()


TABLES: dict[str, type[pa.DataFrameModel]] = {
    "release": Release,
    "measures": Measures,
    "trusts": ReleaseTrusts,
    "wards": ReleaseWards,
    "returns": Returns,
    "answers": Answers,
    "queries": Queries,
    "events": ReleaseEvents,
    "observations": Observations,
    "points": Points,
    "signals": Signals,
    "comparisons": Comparisons,
    "peer_bands": PeerBands,
    "charters": Charters,
    "standards": ReleaseStandards,
    "foundations": Foundations,
    "completeness": Completeness,
    "standards_text": StandardsText,
    "questions": QuestionsText,
    "people": People,
}
