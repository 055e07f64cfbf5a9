"""feeling-safe yardsticks: what surveys from outside say of trusts."""

from dashboard.cli.register_list import RegisterList, commands
from schemas import wording


def _in_words(row: dict[str, object]) -> str:
    top, below, who = row["numerator"], row["denominator"], row["asked_of"]
    figure = f"{top} of {below} {who}" if top is not None else f"{row['percent']:g}% of {who}"
    if top is None and below:
        figure = f"{row['percent']:g}% of {below} {who}"
    days = f"{wording.day_of(row['period_from'])} to {wording.day_of(row['period_to'])}"
    return f"{row['trust_code']}  {row['source']}: {figure}, {days}."


yardsticks = commands(
    RegisterList("yardsticks", "figure", "figures", "the figures", _in_words),
    "Keep what surveys from outside say of trusts, to read their own figures beside.",
)
