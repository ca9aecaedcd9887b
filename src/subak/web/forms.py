"""read_form: the fields of a form that was sent."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

from subak.errors import UserError
from subak.web.secret import Secret

_MOST_BYTES = 64_000
_MOST_FIELDS = 100
_TYPE = "application/x-www-form-urlencoded"


async def read_form(request: Request, secret: Secret) -> Mapping[str, str]:
    """Return the fields without the token, the last of each name.

    Raises:
        UserError: It is no form, too large, or not one of ours.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _TYPE:
        raise UserError("only forms of the dashboard are read", hint="reload the page")
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST_BYTES:
            raise UserError("the form is too large", hint="send less than 64 kB")
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS
        )
    except ValueError as error:
        raise UserError("the form cannot be read", hint="reload the page") from error
    fields = dict(pairs)
    if not secret.is_form(fields.pop("form_token", "")):
        raise UserError(
            "the form is not one of this server's, or from before its last start",
            hint="reload the page, then send it again",
        )
    return fields
