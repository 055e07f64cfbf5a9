"""Works out who is asking: checks each request's bearer token against the register."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from dashboard.api.context import ApiContext, context_of
from dashboard.api.errors import ApiError
from dashboard.middleware.rate_limits import address
from dashboard.token_holders import Bearer, NotRecognised, recognise
from schemas.london_time import london_day
from schemas.tokens import Ability

_CHALLENGE = 'Bearer realm="feeling-safe"'
_SCHEME = HTTPBearer(
    scheme_name="token",
    description="A token that the programme team issued (`feeling-safe token issue`).",
    auto_error=False,
)


def bearer_for(*abilities: Ability) -> Callable[..., Bearer]:
    """A dependency that gives the bearer of a request, if its token has any of these abilities."""

    def bearer(
        request: Request,
        api: Annotated[ApiContext, Depends(context_of)],
        credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_SCHEME)],
    ) -> Bearer:
        if credentials is None:
            raise ApiError(
                "not-signed-in",
                "Send your token in the header “Authorization: Bearer fs_…”.",
                {"WWW-Authenticate": _CHALLENGE},
            )
        try:
            found = recognise(api.home, credentials.credentials, london_day(api.now()))
        except NotRecognised as why:
            api.note_refused(why.ident, address(request.scope))
            challenge = {"WWW-Authenticate": f'{_CHALLENGE}, error="invalid_token"'}
            raise ApiError("token-not-taken", str(why), challenge) from None
        if not found.may(*abilities):
            challenge = {"WWW-Authenticate": f'{_CHALLENGE}, error="insufficient_scope"'}
            detail = f"This token may {found.token.may_in_words}, which does not include this."
            raise ApiError("token-may-not", detail, challenge)
        return found

    return bearer
