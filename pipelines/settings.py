"""The settings of one machine, from environment variables that begin with FEELING_SAFE_."""

import os
import tempfile
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PROGRAMME_HOME = Path("data") / "programme"
DEMO_HOME = Path("data") / "demo"


class SettingsError(ValueError):
    """An environment variable that can't be used; the message names it."""


class Settings(BaseSettings):
    """Where the programme is and how its dashboard is served; the command line overrides these.

    Raises SettingsError for a variable that can't be used.
    """

    model_config = SettingsConfigDict(env_prefix="FEELING_SAFE_", env_ignore_empty=True)

    home: Path = PROGRAMME_HOME
    host: str = "127.0.0.1"
    port: int = Field(default=8501, ge=1, le=65535)
    hosts: str = ""
    mirror: Path | None = None
    backups: Path | None = None
    metrics_port: int | None = Field(default=None, ge=1, le=65535)
    secrets: Path | None = None
    error_log: Path = Path(tempfile.gettempdir()) / "feeling-safe-errors.log"
    audit_log: Path | None = None
    email_confirmed_by: str = ""
    mail_password: SecretStr | None = None
    mail_password_file: Path | None = None
    limit_uploads: str = "30 per 10 minutes"
    limit_uploads_address: str = "300 per 10 minutes"
    limit_api: str = "120 per minute"
    limit_api_address: str = "30 per minute"
    limit_sign_ins_address: str = "120 per minute"

    def __init__(self) -> None:
        try:
            super().__init__()
        except ValidationError as error:
            first = error.errors()[0]
            name = f"FEELING_SAFE_{'_'.join(map(str, first['loc']))}".upper()
            message = f"{first['msg'][0].lower()}{first['msg'][1:]}"
            raise SettingsError(f"{name} is “{first['input']}”: {message}.") from None

    @property
    def public_hosts(self) -> frozenset[str]:
        """The host names people reach the service by, besides the one its sign-in names."""
        return frozenset(self.hosts.replace(",", " ").split())

    @property
    def secrets_file(self) -> Path | None:
        """The file of secrets, if one is named; raises SettingsError if it can't be read."""
        if self.secrets and not os.access(self.secrets, os.R_OK):
            raise SettingsError(
                f"FEELING_SAFE_SECRETS is “{self.secrets}”, and this account can read no such "
                "file: correct its name or its rights."
            )
        return self.secrets

    @property
    def mail_secret(self) -> SecretStr | None:
        """The password of the mail server, from its file if one is named; raises SettingsError."""
        if self.mail_password_file is None:
            return self.mail_password
        try:
            return SecretStr(self.mail_password_file.read_text(encoding="utf-8").strip())
        except (OSError, UnicodeDecodeError):
            raise SettingsError(
                f"FEELING_SAFE_MAIL_PASSWORD_FILE is “{self.mail_password_file}”, and no password "
                "can be read there: correct its name or its rights."
            ) from None

    @property
    def email_issuers(self) -> frozenset[str]:
        """The issuers whose e-mail addresses are confirmed by their own directory."""
        return frozenset(self.email_confirmed_by.split())
