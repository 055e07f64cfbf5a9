"""Saves an edited register with its reason, or refuses it in plain English.

An earlier version is restored by saving it again; the versions in between stay in the archive.
"""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from pipelines.keeping.archive import Archive
from pipelines.keeping.decisions import Decided
from pipelines.keeping.free_text import UnfitText, fit
from pipelines.keeping.home import Home
from pipelines.output_files import write
from pipelines.registers.checks import forgotten, unfit
from pipelines.registers.effective import Key
from pipelines.registers.files import BASED_ON, as_csv, is_same, note_of
from pipelines.registers.register import Register, RegisterError, refusal
from pipelines.registers.yardsticks import too_few
from schemas.london_time import london_day


def keep_edited(
    home: Home,
    register: Register,
    decided: Decided,
    based_on: int | None,
    may_forget: Collection[Key] = (),
) -> Register:
    """Keep an edited register; raises RegisterError with everything that is wrong."""
    if not decided.reason.strip():
        raise refusal("Say why: your reason is kept with this version of the register.")
    try:
        reason = fit(decided.reason, "Your reason", register, london_day(decided.at))
    except UnfitText as error:
        raise refusal(str(error)) from None
    few = too_few(register, home.programme.disclosure, home.archive.newest_register())
    if wrong := [*unfit(register, home.programme), *few]:
        raise RegisterError(wrong)
    fitting = replace(decided, reason=reason)
    return home.archive.keep_register(register, fitting, based_on, may_forget)


def brought_back(archive: Archive, version: int) -> tuple[Register, frozenset[Key]]:
    """An earlier version to save again, and the trusts and wards it may leave out.

    It may leave out those added since for which nothing has been sent or decided; otherwise
    RegisterError is raised.
    """
    now, earlier = archive.newest_register(), archive.register_version(version)
    if is_same(now, earlier):
        raise refusal(f"Version {version} is the same as the register now: nothing would change.")
    gone = forgotten(earlier, now)
    used = [key for key in gone if _is_used(archive, key)]
    if used:
        names = ", ".join("-".join(key) for key in used)
        raise refusal(
            f"Version {version} does not include {names}, and there have been returns or decisions "
            "about that since. Close the ward or merge the trust instead, to keep its history."
        )
    return earlier, frozenset(gone)


def write_register(folder: Path, register: Register) -> None:
    """Write the CSV files of a register into a folder, for a person to edit."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {**as_csv(register), BASED_ON: note_of(register.version)}
    write({folder / name: content for name, content in files.items()})


def mark(folder: Path, version: int) -> None:
    """Note beside the files in a folder which version they were made from."""
    write({folder / BASED_ON: note_of(version)})


def _is_used(archive: Archive, key: Key) -> bool:
    trust, *ward = key
    receipts = [receipt for receipt in archive.receipts() if receipt.trust_code == trust]
    about = {
        (decision.trust_code, decision.ward_code)
        for decision in archive.decisions()
        if decision.trust_code == trust
    }
    if not ward:
        return bool(receipts or about)
    return (trust, ward[0]) in about or ward[0] in archive.cells_of(receipts)["ward_code"]
