"""Named refusals: a code and its parameters travel up; the words are put to them at the door."""


class Refused(Exception):
    """The request is understood and not carried out.

    `code` names the sentence (see `web.register_messages`), `params` fill it, `status` is the HTTP answer.
    Subclasses give a code of their own; a room keeps them in its own modules.
    """

    code = "refused"
    status = 409

    def __init__(self, code: str | None = None, **params: object) -> None:
        self.code = code or self.code
        self.params = params
        super().__init__(self.code, params)


class Invalid(Refused):
    """A value that can't be taken: the form is shown again with what was typed."""

    code = "invalid"
    status = 422


class Missing(Refused):
    """No such row, or none this person may see: the two are not told apart from outside."""

    code = "missing"
    status = 404


class Forbidden(Refused):
    """Signed in, the row is known, and the act is another role's."""

    code = "forbidden"
    status = 403


class Stale(Refused):
    """Somebody changed the row since it was read; the answer shows both."""

    code = "stale"
    status = 409
