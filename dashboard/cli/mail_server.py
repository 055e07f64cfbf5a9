"""The operator's own mail server: the only place outside, besides sign-in, that is ever reached."""

import smtplib
import ssl
from email.message import EmailMessage

from pydantic import SecretStr

from schemas.programme import Mail

_PATIENCE = 30  # seconds


class NotSent(Exception):
    """A message that certainly wasn't taken; the text says why, without an address."""


class Unsure(Exception):
    """A connection that was cut off while a message was handed over: it may have been taken."""


def send(server: Mail, password: SecretStr | None, mail: EmailMessage) -> None:
    """Hand one message to the server; raises NotSent or Unsure."""
    try:
        connection = _signed_in(server, password)
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(_reason(error)) from None
    try:
        connection.send_message(mail, server.sender, [str(mail["To"])])
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        raise NotSent(_reason(error)) from None
    except (OSError, smtplib.SMTPException) as error:
        raise Unsure(_reason(error)) from None
    finally:
        _leave(connection)


def _signed_in(server: Mail, password: SecretStr | None) -> smtplib.SMTP:
    """A connection as the operator set it up, never without encryption beyond this machine."""
    trusted = ssl.create_default_context()
    if server.security == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=_PATIENCE, context=trusted
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=_PATIENCE)
    try:
        if server.security == "starttls":
            connection.starttls(context=trusted)
        if server.user:
            connection.login(server.user, password.get_secret_value() if password else "")
    except (OSError, smtplib.SMTPException):
        connection.close()
        raise
    return connection


def _leave(connection: smtplib.SMTP) -> None:
    """Say goodbye; a server that has gone already has taken what it took."""
    try:
        connection.quit()
    except (OSError, smtplib.SMTPException):
        connection.close()


def _reason(error: Exception) -> str:
    """Why, without the address that servers repeat in their answers."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the server answered {error.smtp_code}"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = sorted({code for code, _ in error.recipients.values()})
        return f"the server refused the recipient ({', '.join(map(str, codes))})"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__
