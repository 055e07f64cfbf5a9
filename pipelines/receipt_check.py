"""Checks a receipt away from the service, with nothing but files; every result is a sentence."""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from pydantic import ValidationError

from pipelines.keeping import digests
from pipelines.keeping.chain_checks import KnownLine
from pipelines.keeping.merkle import leaf, root_from
from schemas.periods import Month
from schemas.receipts import Proof, PublishedHead, Receipt, TrustHead
from schemas.wording import moment


class ReceiptError(ValueError):
    """A file that can't be used to check a receipt; the message is a sentence."""


class NoReceipt(ReceiptError):
    """A file that is no receipt at all."""


@dataclass(frozen=True)
class Result:
    """One thing that was checked, whether it holds, and the sentence that says so."""

    holds: bool
    sentence: str


def check_receipt(
    content: bytes, file: bytes | None = None, head: bytes | None = None
) -> list[Result]:
    """What can be said of a receipt, of the file it was given for and of a published head.

    `content` is a receipt as JSON from a screen, the API, a drop folder or the command line;
    `head` is the file that the programme publishes for a trust. Raises ReceiptError if one is no
    such file.
    """
    given = given_in(content)
    found = [] if file is None else [_same_file(given, file)]
    proof = proof_of(given)
    if proof is None:
        return [
            *found,
            Result(
                False,
                "This receipt comes from an earlier version and has no proof: only the file can be "
                "compared with it. Download the receipt again to get one that has.",
            ),
        ]
    whole = _whole(given, proof)
    found.append(whole)
    if head is not None and whole.holds:
        found.append(_on_chain(proof, head))
    return found


def given_in(content: bytes) -> dict[str, Any]:
    """The receipt in a JSON file; raises NoReceipt if there is none."""
    try:
        found = json.loads(content)
    except ValueError:
        found = None
    if isinstance(found, dict) and isinstance(found.get("receipt"), dict):
        found = found["receipt"]  # as `submit --json` prints it
    if not isinstance(found, dict) or not {"sha256", "kept_sha256"} <= found.keys():
        raise NoReceipt(
            "This is not a receipt: choose the JSON file that was downloaded with it, that the API "
            "sent or that is beside the file in the folder “sent”."
        )
    return found


def known_line(content: bytes, who: str) -> KnownLine:
    """The line of the chain that a receipt knows; raises ReceiptError if it knows none."""
    proof = proof_of(given_in(content))
    if proof is None:
        raise ReceiptError(f"{who} comes from an earlier version and knows nothing of the chain.")
    return KnownLine(who, proof.link.sequence, proof.link.sha256)


def proof_of(given: dict[str, Any]) -> Proof | None:
    """What a receipt can be checked with; receipts of earlier versions have none."""
    if given.get("proof") is None:
        return None
    try:
        return Proof.model_validate(given["proof"])
    except ValidationError:
        raise ReceiptError("The proof in this receipt is incomplete: download it again.") from None


def _same_file(given: dict[str, Any], file: bytes) -> Result:
    digest = sha256(file).hexdigest()
    if digest == given["sha256"]:
        return Result(True, "The file is the one that was sent.")
    if digest == given["kept_sha256"]:
        return Result(
            True, "The file is the one that is kept: as sent, but without text that was removed."
        )
    return Result(
        False,
        f"The file is not the one that this receipt was given for: its SHA-256 is {digest}, but "
        f"the receipt says {given['sha256']}. Choose the file exactly as it was sent: opening and "
        "saving a workbook changes it.",
    )


def _whole(given: dict[str, Any], proof: Proof) -> Result:
    """Whether everything on a receipt is what its line of the chain stands for."""
    altered = Result(
        False,
        "The receipt has been altered: it is not what was kept. Download it again, and ask the "
        "programme team if it stays like this.",
    )
    try:
        kept = Receipt.model_validate_json(proof.kept)
        said = {name: given[name] for name in Receipt.model_fields if name in given}
        trust = given.get("trust_code", given.get("trust"))
        stated = Receipt.model_validate(said | {"trust_code": trust})
    except ValidationError:
        return altered
    originals = [digest for name, digest in proof.files.items() if name.startswith("original")]
    fits = (
        proof.link.digest == digests.of_listing(proof.files)
        and proof.files.get("receipt.json") == sha256(proof.kept.encode()).hexdigest()
        and originals == [kept.kept_sha256]
        and proof.link.entry == f"returns/{kept.return_id}"
        and _unexplained(stated) == _unexplained(kept)
    )
    if not fits:
        return altered
    return Result(
        True,
        f"The receipt is whole: return {kept.return_id} was received at "
        f"{moment(kept.received_at)}, London time, and kept as line {proof.link.sequence} of the "
        "chain.",
    )


def _unexplained(receipt: Receipt) -> Receipt:
    """Explanations may be given later, so they are no part of what was kept with a return."""
    queries = tuple(query.model_copy(update={"answer": None}) for query in receipt.queries)
    return receipt.model_copy(update={"queries": queries})


def _on_chain(proof: Proof, content: bytes) -> Result:
    published = _head(content)
    head, return_id = published.head, proof.link.entry.removeprefix("returns/")
    month = Month.parse(head.month).label
    if published.trust != return_id.partition("/")[0]:
        raise ReceiptError(
            f"This head is for {published.trust}, so use the one of the trust on the receipt."
        )
    if proof.link.sequence > head.size:
        return Result(
            False,
            f"The head for {month} was published before this return was kept, so it says nothing "
            "about it: use the head of a later month.",
        )
    place = published.returns.get(return_id)
    reached = place and root_from(
        leaf(proof.link.line), place.index, head.size, [bytes.fromhex(one) for one in place.path]
    )
    if reached is None or reached.hex() != head.root or place.index != proof.link.sequence - 1:
        return Result(
            False,
            f"This return is not on the chain as published for {month}, although it had been kept: "
            "keep the receipt and the file, and ask the programme team what happened.",
        )
    return Result(
        True,
        f"It is on the chain as published for {month}. The head is {head.root}: compare it with "
        "the one that the programme has published.",
    )


def _head(content: bytes) -> TrustHead:
    try:
        return TrustHead.model_validate_json(content)
    except ValidationError:
        pass
    try:
        month = PublishedHead.model_validate_json(content).month
    except ValidationError:
        raise ReceiptError("This is not a head that a programme has published.") from None
    raise ReceiptError(
        f"This head has no paths: use the file of your own trust, such as head-{month}-Z01.json."
    )
