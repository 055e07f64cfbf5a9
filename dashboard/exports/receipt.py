"""A receipt: what was received, when and from whom, as a page to print or save."""

from html import escape

from dashboard.exports import html_document
from schemas import wording
from schemas.receipts import Link, Receipt

_STYLE = "dt { color: #4c6272; margin-top: 8px; } dd { margin: 0; overflow-wrap: anywhere; }"


def facts(receipt: Receipt, link: Link | None = None) -> dict[str, str]:
    """What a receipt says, by label; `link` is its line of the chain."""
    queries = [query for query in receipt.queries if query.severity == "query"]
    explained = sum(query.answer is not None for query in queries)
    by_sheet = [f"{count:,} on {name}" for name, count in receipt.rows_by_sheet.items() if count]
    return {
        "Receipt": receipt.return_id,
        "Version": str(receipt.version),
        "Received": f"{wording.moment(receipt.received_at)}, London time",
        "From": receipt.received_by,
        **({"Entered on the screen by": _drafted(receipt)} if receipt.drafted_by else {}),
        "File": receipt.filename,
        "Size": f"{receipt.size:,} bytes",
        "Rows": f"{receipt.rows:,}: {wording.listed(by_sheet)}",
        "Status": wording.starting(receipt.data_status),
        "Queries": f"{explained} of {len(queries)} explained" if queries else "None",
        "SHA-256 of the file": receipt.sha256,
        **({"Kept as": f"Line {link.sequence:,} of the chain, {link.sha256}"} if link else {}),
    }


def receipt_html(
    receipt: Receipt, trust_name: str, month: str, fictional: bool, link: Link | None = None
) -> str:
    """A receipt as one HTML file; the hash lets anyone prove which file was received."""
    title = f"Receipt for the return of {trust_name}, {month}"
    notice = "Fictional: every trust, ward, person and figure is made up." if fictional else ""
    pairs = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
        for name, value in facts(receipt, link).items()
    )
    body = (
        f"<h1>{escape(title)}</h1>"
        + (f'<p class="fs-notice">{notice}</p>' if notice else "")
        + "<p>This return has been received. To correct it, send a new version; this one is "
        + "kept.</p>"
        + f"<dl>{pairs}</dl>"
    )
    return html_document.html(title, body, _STYLE)


def _drafted(receipt: Receipt) -> str:
    """Who typed which wards, in the order of people."""
    wards: dict[str, list[str]] = {}
    for ward, person in receipt.drafted_by.items():
        wards.setdefault(person, []).append(ward)
    return "; ".join(f"{who} ({wording.listed(wards[who])})" for who in sorted(wards))
