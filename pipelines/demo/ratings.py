"""Works out how wards and trusts of the story rate themselves against the standards. Pure."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pipelines.demo.cast import Trust, Ward
from pipelines.demo.seeded_chance import chance
from pipelines.demo.story import Story

Row = dict[str, Any]
ASSESSED_EVERY = 6


def ratings(
    story: Story, trust: Trust, wards: list[Ward], month: int, statements: list[Mapping[str, Any]]
) -> list[Row]:
    """The ratings of wards, sites and the trust, every six months from a month of its own."""
    if (month - trust.number) % ASSESSED_EVERY:
        return []
    day = story.month(month).first_day + timedelta(days=trust.number % 25)
    bodies = {
        "ward": [ward.code for ward in wards],
        "site": sorted({ward.site_code for ward in wards}),
        "trust": [trust.code],
    }
    return [
        _rating(story, statement, code, month) | {"assessed_on": day}
        for statement in statements
        for code in bodies[statement["applies_to"]]
    ]


def _rating(story: Story, statement: Mapping[str, Any], code: str, month: int) -> Row:
    """The rating of a statement, drawn once against a falling bar, so once met it stays met."""
    rng = chance(story.size.seed, "standard", code, statement["statement_id"])
    lot, progress = rng.random(), month / 48
    bars = ((0.30 + progress, "met"), (0.68 + progress, "partly_met"), (0.94, "not_met"))
    rating = next((word for bar, word in bars if lot < bar), "not_assessed")
    evidence = rng.choice(("policy", "record_audit", "observation", "patient_feedback"))
    ward = statement["applies_to"] == "ward"
    by = rng.choice(
        ("ward_team", "ward_team", "with_patients") if ward else ("trust_team", "peers")
    )
    return {
        "set_id": statement["set_id"],
        "statement_id": statement["statement_id"],
        "org_level": statement["applies_to"],
        "org_code": code,
        "rating": rating,
        "evidence_type": evidence if rating == "met" else None,
        "rated_by": by if rating != "not_assessed" else None,
    }


def of_wards(rated: list[Row]) -> list[Row]:
    """Those for the sheet of wards and sites."""
    return [row for row in rated if row["org_level"] != "trust"]


def of_trust(rated: list[Row]) -> list[Row]:
    """Those for the sheet of the trust as a whole, which names no organisation."""
    aside = ("org_level", "org_code")
    whole = [row for row in rated if row["org_level"] == "trust"]
    return [{field: row[field] for field in row if field not in aside} for row in whole]
