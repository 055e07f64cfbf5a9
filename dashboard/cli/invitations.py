"""feeling-safe invitations: the list of all trusts that could take part."""

from dashboard.cli.register_list import RegisterList, commands
from schemas import wording


def _in_words(row: dict[str, object]) -> str:
    invited = row["invited"]
    asked = f"invited on {wording.day_of(invited)}" if invited else "not invited yet"
    ended = f", until {wording.day_of(row['valid_to'])}" if row["valid_to"] else ""
    return f"{row['trust_code']}  {row['trust_name']}: {asked}{ended}."


invitations = commands(
    RegisterList("invitations", "trust", "trusts", "the list", _in_words),
    "Keep the list of all trusts that could take part, invited or not.",
)
