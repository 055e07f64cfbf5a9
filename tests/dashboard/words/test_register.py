from datetime import UTC, date, datetime

import polars as pl

from dashboard.words import register as words
from pipelines.registers.differences import Difference
from schemas.receipts import RegisterReceipt

KEPT = RegisterReceipt(
    version=5,
    received_at=datetime(2026, 7, 1, 9, 30, tzinfo=UTC),
    received_by="team@programme.example",
    reason="Two beds fewer",
    sha256="",
)
BEDS = Difference(
    "wards", ("Z01", "A1"), "Alder Ward", "changed", "beds", 16, 14, date(2026, 12, 1)
)


def test_the_summary_counts_and_says_who_saved_it_and_when_in_london():
    assert words.summary(1, 1204, 1, KEPT) == (
        "1 trust, 1,204 open wards and 1 person with access. Version 5 of the register was saved "
        "at 10:30 on 1 July 2026 by team@programme.example: “Two beds fewer”."
    )
    assert words.summary(0, 0, 0, None).endswith("No register has been saved yet.")


def test_the_question_names_what_changes_what_follows_and_what_needs_care():
    asked = words.question([BEDS, BEDS, BEDS], 6, date(2026, 11, 23), own=False)
    assert asked.startswith(
        "- Alder Ward (Z01-A1): beds 16 → 14 from 1 December 2026.\n" * 3
        + "\nSave this as version 6?"
    )
    late = words.question([BEDS], 6, date(2026, 12, 2), own=True)
    assert "It takes effect in the past, so figures people have seen may change." in late
    assert "This changes your own access." in late


def test_a_name_is_never_read_as_markdown():
    text = "A_1 *bold* [link](https://example.org) `code` <b>"
    assert words.plain(text) == r"A\_1 \*bold\* \[link\](https://example.org) \`code\` \<b\>"
    assert words.plain("Alder Ward (Z01-A1): 16 → 14.") == "Alder Ward (Z01-A1): 16 → 14."


def test_whoever_is_new_on_the_programme_team_is_named_for_30_days():
    def person(email, begins, ends=None, role="programme"):
        return {
            "email": email,
            "name": email.partition("@")[0].title(),
            "role": role,
            "valid_from": begins,
            "valid_to": ends,
        }

    people = pl.DataFrame(
        [
            person("ann@x.example", date(2020, 1, 1)),
            person("bob@x.example", date(2020, 1, 1), date(2026, 6, 30)),
            person("bob@x.example", date(2026, 7, 1)),  # only the next row of the same access
            person("cat@x.example", date(2026, 7, 2)),
            person("dan@x.example", date(2026, 7, 2), role="trust"),
        ],
        schema_overrides={"valid_to": pl.Date},
    )
    said = words.new_on_the_team(people, date(2026, 7, 31))
    assert "access to every trust: Cat (cat@x.example), from 2 July 2026. The versions" in said
    assert words.new_on_the_team(people, date(2026, 8, 1)) == ""
