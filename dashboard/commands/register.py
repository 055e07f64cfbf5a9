"""feeling-safe register: keep the register that was edited."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from dashboard.commands import options, say
from dashboard.commands.init import REGISTER


def register(
    folder: Annotated[
        Path | None,
        typer.Argument(help="Where its CSV files are.", show_default="register, in the home"),
    ] = None,
    reason: Annotated[str, typer.Option(help="What changed, for the record.")] = "Edited",
    by: options.By = None,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Keep the edited register of trusts, wards and people."""
    from pipelines.keeping.home import open_home
    from pipelines.registers.files import read_register
    from pipelines.releasing.build import build

    programme = open_home(options.home_of(home))
    now = datetime.now(UTC)
    edited = read_register(folder or programme.root / REGISTER)
    kept = programme.archive.keep_register(edited, options.sender_of(by), now, reason)
    with say.working("Working out the figures"):
        release = build(programme, now).stem
    counts = {
        "trusts": kept.trusts["trust_code"].n_unique(),
        "wards": kept.wards.select("trust_code", "ward_code").unique().height,
        "people": kept.access["email"].n_unique(),
    }
    if as_json:
        say.machine({"version": kept.version, **counts, "release": release})
        return
    said = ", ".join(f"{number} {what}" for what, number in counts.items())
    say.line(f"The register is kept as version {kept.version}: {said}. Release {release} uses it.")
