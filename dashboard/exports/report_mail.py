"""A pack as an e-mail: a message without a figure, and the pack attached."""

from datetime import date, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from dashboard.access import Scope
from dashboard.exports.order import File
from dashboard.words import reports as words
from schemas.london_time import as_utc


def message(
    to: Scope, whose: str, month: date, often: str, contact: str, file: File
) -> EmailMessage:
    """The message to one person; `month` is the latest one in the pack of `whose`."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = " ".join(words.subject(whose, month).split())
    mail["To"] = to.email
    mail.set_content(words.body(to.name, whose, month, often, contact), cte="quoted-printable")
    kind, subtype = file.mime.split("/")
    mail.add_attachment(file.content, maintype=kind, subtype=subtype, filename=file.name)
    mail.set_boundary(sha256(file.content).hexdigest()[:32])  # the same pack, the same bytes
    return mail


def posted(mail: EmailMessage, sender: str, what: str, at: datetime) -> EmailMessage:
    """The message as a server takes it: from whom, when, and its name among all messages.

    `what` names the sending; the same sending has the same name, which mail programs show once.
    """
    mail["From"] = sender
    mail["Date"] = format_datetime(as_utc(at))
    name = sha256(f"{mail['To']} {mail['Subject']} {what}".encode()).hexdigest()[:32]
    mail["Message-ID"] = f"<{name}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # so that nobody's out-of-office answers it
    return mail
