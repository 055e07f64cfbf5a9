"""The values that a release's tables use."""

LEVELS = ("ward", "trust", "peer_group", "group", "programme")
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
RETURN_STATES = (
    "received",
    "late",
    "missing",
    "not_yet_due",
    "not_expected",
    "paused",
    "damaged",
)
REPORTING_CLASSES = ("complete", "confirmed_nil", "partial", "joiner", "null")
TIMELINESS = ("on_time", "late", "baseline")  # a baseline was never due
RETURN_STATUSES = ("active", "superseded", "withdrawn")
FOUNDATIONS = {
    "benchmarking": "Benchmarking against the Standards",
    "charter": "Co-producing a ward charter",
    "confidence": "Raising awareness and increasing staff confidence",
    "trauma_informed": "A trauma-informed approach to care",
}
