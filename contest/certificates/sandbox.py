"""The markup of a layout's layers: a template in a sandbox that gets plain values and reaches nothing else."""

from __future__ import annotations

from typing import Any

from jinja2 import StrictUndefined
from jinja2.exceptions import SecurityError, TemplateError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from contest.certificates import guilloche
from contest.certificates.layouts import Layout, LayoutBroken

_SANDBOX = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def layer(layout: Layout, source: str, *, demo: bool) -> str:
    """The markup of the static or upper layer. Raises LayoutBroken when the template fails or reaches outside."""
    texts = {one.name: layout.text_of(one.name) for one in layout.fields}
    colours = {one.name: layout.colour_of(one.name) for one in layout.colours}
    held = {one.name: one.name in layout.pictures for one in layout.places}

    def frame(**options: Any) -> Markup:
        return Markup(guilloche.frame(layout.width, layout.height, **options))  # noqa: S704 - numbers and own colours

    def rosette(radius: float, **options: Any) -> Markup:
        return Markup(guilloche.rosette(radius, **options))  # noqa: S704 - numbers only

    try:
        template = _SANDBOX.from_string(source)
        return template.render(
            text=texts, colour=colours, has=held, demo=demo, width=layout.width, height=layout.height,
            frame=frame, rosette=rosette,
        )  # fmt: skip
    except SecurityError as error:
        raise LayoutBroken("layout_reaches_outside", layout=layout.key, detail=str(error)) from error
    except UndefinedError as error:
        raise LayoutBroken("unknown_field", layout=layout.key, field=str(error)) from error
    except (TemplateError, TypeError, ValueError) as error:
        raise LayoutBroken("template_failed", layout=layout.key, detail=str(error)) from error
