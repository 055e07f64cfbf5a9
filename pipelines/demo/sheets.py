"""Fills in the sheets of one trust's return for one month, as its people would. Pure."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from pipelines.demo.cast import Trust, Ward
from pipelines.demo.charters import charter
from pipelines.demo.figures import figures, figures_before
from pipelines.demo.items import items
from pipelines.demo.ratings import of_trust, of_wards, ratings
from pipelines.demo.script import script
from pipelines.demo.seeded_chance import chance
from pipelines.demo.story import Story
from schemas.returns import INCIDENT_COUNTS
from schemas.sheets.pairs import PAIRS

Row = dict[str, Any]
# Optional columns, by what a ward collects.
COLLECTED = {
    "survey": ("patients_present", "pt_declined", "staff_in_post", "st_declined", "survey_mode"),
    "visitors": ("vs_answered", "vs_safe", "vs_declined"),
    "affected": ("inc_affected_patient", "inc_affected_staff", "inc_affected_visitor"),
    "alleged": (
        "inc_alleged_patient",
        "inc_alleged_staff",
        "inc_alleged_visitor",
        "inc_alleged_unknown",
    ),
    "pairs": PAIRS,
    "days": ("days_since_assault",),
    "support": ("support_offered_n", "options_considered_n"),
    "admissions": ("admissions_audited", "admissions_discussed"),
    "meetings": ("meetings_held", "meetings_discussed"),
    "training": ("trained_n", "staff_in_post"),
    "confidence": ("conf_valid", "conf_positive"),
    "trauma": (
        "staff_in_post",
        "ti_trained_n",
        "ti_supervised_n",
        "rounds_held",
        "rounds_informed",
    ),
    "restrictive": ("restraint_n", "seclusion_n", "rapid_tranq_n"),
}
_OF_INCIDENTS = (*INCIDENT_COUNTS, *COLLECTED["affected"], *COLLECTED["alleged"], *PAIRS)
_NOT_WITH_NIL = {*_OF_INCIDENTS, *COLLECTED["support"]}


class Clerk:
    """Fills in the returns of one trust; a ward's figures are worked out once and kept."""

    def __init__(self, story: Story, trust: Trust) -> None:
        self.story, self.trust = story, trust
        self._figures: dict[str, list[Row]] = {}

    def sheets(
        self,
        month: int,
        version: int,
        statements: list[Mapping[str, Any]],
        asked: Sequence[str] = (),
    ) -> dict[str, list[Row]]:
        """Every sheet's rows for a month; a second version has the trust's correction.

        `asked` are the items of the confidence survey.
        """
        wards = self.story.wards_of(self.trust, month)
        monthly = [self._monthly(ward, month) for ward in wards]
        if version > 1:
            _correct(monthly)
        if "leaves_a_query" in self.trust.habits and month == self.story.size.months - 1:
            _ask_few(monthly)
        rated = ratings(self.story, self.trust, wards, month, statements)
        return {
            "cover": [self._cover(month, version)],
            "monthly": monthly,
            "charter": [self._charter(ward, month) for ward in wards if not ward.shut_at(month)],
            "confidence": [
                row
                for ward, figures_of in zip(wards, monthly, strict=True)
                for row in items(self.story, ward, month, figures_of, asked)
            ],
            "standards": of_wards(rated),
            "trust_standards": of_trust(rated),
            "events": self._events(wards, month),
        }

    def baseline(self) -> dict[str, list[Row]]:
        """The cover and the monthly rows of what the trust brings from before it joined."""
        months = self.story.brought(self.trust)
        wards = self.story.wards_of(self.trust, self.trust.joins)
        numbers = {ward.id: figures_before(ward, self.story, months) for ward in wards}
        rows = [
            self._row(ward, month, numbers[ward.id][month])
            for ward in wards
            for month in months
            if ward.runs_at(month)
        ]
        return {"cover": [self._cover(months[0], 1)], "monthly": rows}

    def _cover(self, month: int, version: int) -> Row:
        changing = [w for w in self.story.wards_of(self.trust, month) if _redefined(w)]
        mapped = any(month < ward.turn for ward in changing)
        oldest = self.story.size.months - 4
        return {
            "submitted_by_role": "trust_lead",
            "contact_email": f"sexual.safety@{self.trust.code.lower()}.example",
            "incident_source": self.trust.incident_source,
            "category_mapping": "mapped" if mapped else "native",
            "includes_leave_incidents": "yes",
            "staff_on_staff_source": "both",
            "data_status": "final" if month < oldest or version > 1 else "provisional",
            "declaration": "yes",
            "notes": script()["correction"]["message"] if version > 1 else None,
        }

    def _monthly(self, ward: Ward, month: int) -> Row:
        row: Row = {"period": self.story.month(month), "ward_code": ward.code}
        if ward.shut_at(month):
            return row | {"return_status": "ward_closed"}
        rng = chance(self.story.size.seed, "sent", ward.id, month)
        if not ward.chapter and month and rng.random() < 0.006:
            return row | {"return_status": "not_collected", "explain": "Survey not possible"}
        if ward.id not in self._figures:
            self._figures[ward.id] = figures(ward, self.story)
        return self._row(ward, month, self._figures[ward.id][month])

    def _row(self, ward: Ward, month: int, numbers: Row) -> Row:
        row: Row = {"period": self.story.month(month), "ward_code": ward.code}
        modes = ("tablet", "paper", "interview", "mixed")
        numbers = numbers | {"survey_mode": modes[len(ward.name) % len(modes)]}
        kept = {name: value for name, value in numbers.items() if _collects(ward, name)}
        nil = not any(numbers[name] for name in INCIDENT_COUNTS)
        if nil and (len(ward.name) % 3 or (ward.chapter and ward.chapter.silent)):
            kept = {name: value for name, value in kept.items() if name not in _NOT_WITH_NIL}
            return row | {"return_status": "nil_incidents"} | kept
        return row | {"return_status": "data"} | kept

    def _charter(self, ward: Ward, month: int) -> Row:
        made = charter(ward, self.story)
        if made is None:
            return {"ward_code": ward.code, "stage": "none"}
        return made.row(ward.code, month, self.story.first)

    def _events(self, wards: list[Ward], month: int) -> list[Row]:
        return [event for ward in wards for event in self._events_of(ward, month)]

    def _events_of(self, ward: Ward, month: int) -> list[Row]:
        first = self.story.month(month).first_day
        rng = chance(self.story.size.seed, "events", ward.id, month)
        day = first + timedelta(days=rng.randrange(25))
        if ward.chapter and ward.chapter.event and month == ward.turn:
            kind, label = ward.chapter.event, ward.chapter.label
            return [{"ward_code": ward.code, "date": day, "kind": kind, "label": label}]
        if ward.shut_at(month) or rng.random() > 0.07:
            return []
        kind = rng.choice(("test_of_change", "test_of_change", "training", "staffing"))
        label = rng.choice(script()["labels"][kind])
        return [{"ward_code": ward.code, "date": day, "kind": kind, "label": label}]


def _redefined(ward: Ward) -> bool:
    return bool(ward.chapter and ward.chapter.rebase)


def _collects(ward: Ward, column: str) -> bool:
    groups = {group for group, columns in COLLECTED.items() if column in columns}
    return not groups or bool(groups & ward.collects)


def _ask_few(monthly: list[Row]) -> None:
    """Let so few patients answer on the first ward that the check raises a query."""
    few = script()["few_asked"]["answered"]
    for row in monthly[:1]:
        if "pt_answered" in row:
            row["pt_answered"], row["pt_safe"] = few, min(few, row["pt_safe"])


def _correct(monthly: list[Row]) -> None:
    """Add the incidents that were recorded late to the first ward with figures."""
    more_of = script()["correction"]
    for row in monthly:
        if row["return_status"] == "data":
            for column, more in (("inc_harassment", "harassment"), ("inc_other", "other")):
                row[column] += more_of[more]
            for column in ("inc_affected_patient", "inc_alleged_patient", PAIRS[0]):
                if column in row:
                    row[column] += more_of["harassment"] + more_of["other"]
            return
