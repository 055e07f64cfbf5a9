"""Works out the figures of one ward for every month of the story, sent or not. Pure."""

import math
from collections.abc import Sequence
from random import Random
from typing import Any

from pipelines.demo.cast import Ward
from pipelines.demo.charters import Charter, charter
from pipelines.demo.script import script
from pipelines.demo.seeded_chance import binomial, chance, poisson
from pipelines.demo.story import Story
from schemas.sheets.pairs import PAIRS, cell

Row = dict[str, Any]
_ALLEGED = ("patient", "staff", "visitor", "unknown")
_LOTS = {"patient": (0.0, 0.70), "staff": (0.66, 0.98), "visitor": (0.98, 1.0)}  # who is affected
_ALLEGED_SHARES = (0.93, 0.02, 0.01, 0.04)


def figures(ward: Ward, story: Story) -> list[Row]:
    """Every number on a ward's monthly sheet, a row for each month, complete and consistent."""
    rng = chance(story.size.seed, "figures", ward.id)
    care = chance(story.size.seed, "trauma", ward.id)
    ordinary = _Ordinary(ward, charter(ward, story), rng, care)
    visitors = _visitors(ward, story, ordinary.patients_safe)
    rows, since = [], rng.randint(10, 200)
    for index in range(story.size.months):
        days = story.month(index).days
        row = ordinary.month(index, days)
        since = rng.randrange(days) if row["inc_assault"] else since + days
        rows.append(row | visitors[index] | {"days_since_assault": since})
    return rows


def _visitors(ward: Ward, story: Story, patients_safe: float) -> list[Row]:
    """How many visitors answered and feel safe, month by month; blank until they are asked."""
    rng, told = chance(story.size.seed, "visitors", ward.id), script()["visitors"]
    usual = rng.randint(told["answer_low"], told["answer_high"])
    begins = story.size.month_at(rng.uniform(0, told["begins_to"]))
    safe, rows = _share(patients_safe + told["safer"]), []
    for index in range(story.size.months):
        answered = max(1, usual + rng.randint(-2, 2))
        row = {
            "vs_answered": answered,
            "vs_safe": binomial(rng, answered, safe),
            "vs_declined": binomial(rng, 2, 0.3),
        }
        rows.append(row if index >= begins else dict.fromkeys(row))
    return rows


def figures_before(ward: Ward, story: Story, months: Sequence[int]) -> dict[int, Row]:
    """The same for months before a ward joined, as usual as on that ward, by month."""
    rng = chance(story.size.seed, "figures", ward.id)
    care = chance(story.size.seed, "trauma", ward.id)
    ordinary = _Ordinary(ward, None, rng, care)
    ordinary.rng = chance(story.size.seed, "before", ward.id)
    rows, since = {}, ordinary.rng.randint(10, 200)
    for index in months:
        days = story.month(index).days
        row = ordinary.month(index, days)
        since = ordinary.rng.randrange(days) if row["inc_assault"] else since + days
        rows[index] = row | {"days_since_assault": since}
    return rows


class _Ordinary:
    """What is usual on one ward, and how its chapter changes it."""

    def __init__(self, ward: Ward, made: Charter | None, rng: Random, care: Random) -> None:
        spread = script()["spread"]
        self.ward, self.charter, self.rng = ward, made, rng
        self.occupancy = rng.uniform(0.87, 0.95)
        self.staff = round(ward.beds * rng.uniform(1.5, 1.9))
        self.patients_safe = ward.kind.patients_safe + rng.gauss(0, spread["patients_safe"])
        self.staff_safe = ward.kind.staff_safe + rng.gauss(0, spread["patients_safe"])
        self.busy = math.exp(rng.gauss(0, spread["incidents"]))
        self.care, self.informed = care, care.uniform(0.15, 0.45)
        self.trained, self.trains_from = rng.uniform(0.3, 0.5), rng.randint(0, 8)
        chapter = ward.chapter
        if chapter and chapter.patients_safe_before is not None:
            self.patients_safe = chapter.patients_safe_before
        if chapter and chapter.incidents_before != 1:
            self.busy = chapter.incidents_before

    def progress(self, index: int) -> float:
        """How much of the chapter has happened: none before it begins, all two months later."""
        if self.ward.chapter is None or index < self.ward.turn:
            return 0.0
        return min(1.0, (index - self.ward.turn + 1) / 2)

    def month(self, index: int, days: int) -> Row:
        row: Row = {"occupied_bed_days": self._bed_days(days)}
        row |= self._asked(index)
        row |= self._incidents(index, row["occupied_bed_days"])
        row |= self._practice(index, row)
        row |= self._trauma_informed(index, row["staff_in_post"])
        return row

    def _bed_days(self, days: int) -> int:
        full = min(0.99, max(0.82, self.occupancy + self.rng.gauss(0, 0.02)))
        return round(self.ward.beds * days * full)

    def _asked(self, index: int) -> Row:
        """How many people were asked, answered and feel safe."""
        rng, chapter, progress = self.rng, self.ward.chapter, self.progress(index)
        steady = chapter.steady if chapter else 1.0
        helped = script()["charter"]["helps"] if self._charter_helps(index) else 0.0
        patients_safe = (
            self.patients_safe + helped + progress * (chapter.patients_safe if chapter else 0)
        )
        staff_safe = self.staff_safe + helped + progress * (chapter.staff_safe if chapter else 0)
        present = max(3, round(self.ward.beds * self.occupancy) + rng.randint(-1, 1))
        in_post = self.staff + rng.randint(-1, 1)
        answered = max(1, binomial(rng, present, 0.75, 0.7))
        staff_answered = max(1, binomial(rng, in_post, 0.58, 0.7))
        return {
            "patients_present": present,
            "pt_answered": answered,
            "pt_safe": binomial(rng, answered, _share(patients_safe), steady),
            "pt_declined": binomial(rng, present - answered, 0.4),
            "staff_in_post": in_post,
            "st_answered": staff_answered,
            "st_safe": binomial(rng, staff_answered, _share(staff_safe), steady),
            "st_declined": binomial(rng, in_post - staff_answered, 0.1),
        }

    def _charter_helps(self, index: int) -> bool:
        own_story = self.ward.chapter is not None and self.ward.chapter.charter is not None
        return bool(self.charter and self.charter.in_place(index) and not own_story)

    def _incidents(self, index: int, bed_days: int) -> Row:
        """Reported incidents, whom they affected and who is alleged to be responsible."""
        rng, chapter, kind = self.rng, self.ward.chapter, self.ward.kind
        changed = 1 + self.progress(index) * ((chapter.incidents if chapter else 1) - 1)
        unsettled = math.exp(rng.gauss(0, script()["spread"]["month_incidents"]))
        expected = bed_days / 1000 * self.busy * changed * unsettled
        steady = chapter.steady if chapter else 1.0
        counts = {
            "inc_harassment": poisson(rng, kind.harassment * expected, steady),
            "inc_assault": poisson(rng, kind.assault * expected, steady),
            "inc_other": poisson(rng, kind.other * expected, steady),
        }
        if chapter and chapter.silent:
            counts = dict.fromkeys(counts, 0)
        total = sum(counts.values())
        lots = [rng.random() for _ in range(total)]
        alleged = rng.choices(_ALLEGED, _ALLEGED_SHARES, k=total)
        affected = [
            {who for who, (low, high) in _LOTS.items() if low <= lot < high} for lot in lots
        ]
        pairs = [cell(who, by) for some, by in zip(affected, alleged, strict=True) for who in some]
        return counts | {
            **{f"inc_affected_{who}": sum(who in some for some in affected) for who in _LOTS},
            **{f"inc_alleged_{who}": alleged.count(who) for who in _ALLEGED},
            **{pair: pairs.count(pair) for pair in PAIRS},
            "support_offered_n": binomial(rng, total, 0.80 + 0.14 * self._later(index)),
            "options_considered_n": binomial(rng, total, 0.72 + 0.20 * self._later(index)),
        }

    def _later(self, index: int) -> float:
        """0 at first, 1 once a ward has taken part for two years."""
        return min(1.0, index / 24)

    def _practice(self, index: int, row: Row) -> Row:
        """What the ward does about it: audits, meetings, teaching, confidence, restriction."""
        rng, later = self.rng, self._later(index)
        confident = 0.52 + 0.22 * later + (0.08 if self._charter_helps(index) else 0)
        taught = min(0.96, self.trained + 0.025 * max(0, index - self.trains_from))
        audited, meetings = rng.randint(3, 6), rng.choice((3, 4, 4, 4, 5))
        return {
            "admissions_audited": audited,
            "admissions_discussed": binomial(rng, audited, 0.45 + 0.4 * later),
            "meetings_held": meetings,
            "meetings_discussed": binomial(rng, meetings, 0.35 + 0.35 * later),
            "trained_n": min(row["staff_in_post"], round(row["staff_in_post"] * taught)),
            "conf_valid": row["st_answered"],
            "conf_positive": binomial(rng, row["st_answered"], confident, 0.8),
            "restraint_n": poisson(rng, 2.2 * self.ward.kind.harassment),
            "seclusion_n": poisson(rng, 0.35 * self.ward.kind.harassment),
            "rapid_tranq_n": poisson(rng, 1.1 * self.ward.kind.harassment),
        }

    def _trauma_informed(self, index: int, in_post: int) -> Row:
        """How many staff know of trauma-informed care and are supervised, and ward rounds."""
        care, share = self.care, self.informed + 0.4 * self._later(index)
        rounds = care.choice((4, 8, 8, 9))
        return {
            "ti_trained_n": round(in_post * min(0.95, self.informed + 0.012 * index)),
            "ti_supervised_n": binomial(care, in_post, share, 0.8),
            "rounds_held": rounds,
            "rounds_informed": binomial(care, rounds, share, 0.8),
        }


def _share(value: float) -> float:
    return min(0.985, max(0.35, value))
