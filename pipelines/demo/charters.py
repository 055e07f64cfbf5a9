"""Works out how far a ward's charter has come in each month of the story. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from pipelines.demo.cast import Ward
from pipelines.demo.script import script
from pipelines.demo.seeded_chance import chance
from pipelines.demo.story import Story
from schemas.periods import Month
from schemas.sheets.charter import PARTNERS

# Months from the start to each stage, and to the review a year after it was agreed.
_PARTS = {
    "part_commitment": 0.97,
    "part_context": 0.85,
    "part_expected_patients": 0.95,
    "part_expected_staff": 0.90,
    "part_expected_visitors": 0.70,
    "part_explains_variation": 0.55,
}


@dataclass(frozen=True)
class Charter:
    """The months in which a ward's charter reaches each stage; before the first there is none."""

    planned: int
    drafting: int
    agreed: int
    displayed: int
    agreed_day: int
    partners: dict[str, str]
    parts: dict[str, str]
    counted: dict[str, int]  # empty on a ward that doesn't count who took part

    def stage(self, month: int) -> str:
        """The stage at the end of a month; every twelfth month after display it is reviewed."""
        if month >= self.displayed:
            return "under_review" if self._since(month) % 12 == 11 else "displayed"
        for stage in ("agreed", "drafting", "planned"):
            if month >= getattr(self, stage):
                return stage
        return "none"

    def _since(self, month: int) -> int:
        return month - self.displayed

    def in_place(self, month: int) -> bool:
        return month >= self.displayed and self.partners["coproduced_patients"] == "yes"

    def row(self, ward_code: str, month: int, first: Month) -> dict[str, Any]:
        """The ward's row of the charter sheet for a month."""
        row: dict[str, Any] = {"ward_code": ward_code, "stage": self.stage(month)}
        if month < self.agreed:
            return row
        agreed_on = (first + self.agreed).first_day + timedelta(days=self.agreed_day)
        row["agreed_on"] = agreed_on
        reviews = (month - self.displayed + 1) // 12 if month >= self.displayed else 0
        if reviews:
            row["last_reviewed_on"] = (first + (self.displayed + 12 * reviews - 1)).last_day
        return row | self.partners | self.parts | self._took_part(month, first)

    def _took_part(self, month: int, first: Month) -> dict[str, Any]:
        """Who took part and what it led to so far, on the wards that count it."""
        if not self.counted:
            return {}
        since = max(0, month - self.displayed + 1)
        people = {
            PARTNERS[field]: self.counted[PARTNERS[field]] if together == "yes" else 0
            for field, together in self.partners.items()
        }
        return people | {
            "coproduced_on": (first + self.agreed).first_day,
            "conversations_n": since * self.counted["a_month"],
            "changes_n": since // 5,
        }


def charter(ward: Ward, story: Story) -> Charter | None:
    """A ward's charter, or None where it never begins one."""
    habits, size = script()["charter"], story.size
    rng = chance(size.seed, "charter", ward.id)
    lot, begins = rng.random(), rng.uniform(habits["begins_from"], habits["begins_to"])
    wanted = ward.chapter.charter if ward.chapter else None
    if wanted is False or (wanted is None and lot < habits["never"]):
        return None
    steps = rng.randint(1, 2), rng.randint(2, 3), 1
    planned = size.month_at(begins)
    if wanted:
        planned = ward.turn - sum(steps)
    elif lot > 1 - habits["already"]:
        planned = -rng.randint(6, 9)
    drafting, agreed = planned + steps[0], planned + steps[0] + steps[1]
    with_patients = bool(wanted) or rng.random() < habits["patients_as_partners"]
    return Charter(
        planned,
        drafting,
        agreed,
        agreed + steps[2],
        rng.randint(0, 26),
        partners={
            "coproduced_patients": "yes" if with_patients else "no",
            "coproduced_staff": "yes" if rng.random() < 0.97 else "no",
            "coproduced_carers": "yes" if rng.random() < 0.35 else "no",
        },
        parts={part: "yes" if rng.random() < share else "no" for part, share in _PARTS.items()},
        counted=_counted(chance(size.seed, "partners", ward.id)),
    )


def _counted(rng: Random) -> dict[str, int]:
    """How many of each group take part, and how many conversations a month it leads to."""
    if rng.random() < 0.3:
        return {}
    most = {"patients_n": 9, "staff_n": 12, "carers_n": 4, "a_month": 4}
    return {what: rng.randint(1, number) for what, number in most.items()}
