"""Forms that follow from plans: one plan a field of the rules, functions with the parameters they registered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    Field,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from contest.events.forms.choices import word_of
from contest.events.forms.fields import NumberField, RowForm, is_chinese
from contest.events.forms.rows import (
    Column,
    ItemsField,
    LinesField,
    PairsField,
    RowsField,
    WordsField,
    listed,
)
from contest.events.forms.tables import ROW_COLUMNS
from contest.scoring import codec
from contest.scoring.registry import REQUIRED, ROUNDING, Parameter, Registry

SIMPLE: dict[str, type[Field]] = {
    "text": StringField,
    "area": TextAreaField,
    "int": IntegerField,
    "number": NumberField,
    "lines": LinesField,
    "items": ItemsField,
    "words": WordsField,
}


@dataclass(frozen=True)
class Plan:
    """How one field of the rules is asked for.

    type: text, area, int, number, bool, lines, items, words, pairs, lists (name → words), choice, keys (several of
    `choices`), rows (`columns`), function (one of `registry` with its parameters, and `extra` whole numbers),
    rounding, or order (a chain of functions). group: "main", or "more" for what is seldom needed.
    """

    name: str
    label: Any
    type: str = "text"
    help: Any = ""
    choices: Sequence[tuple[str, Any]] = ()
    registry: Registry | None = None
    columns: tuple[Column, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    group: str = "main"
    required: bool = False


Known = Mapping[str, Sequence[tuple[str, Any]]]
"""Parameter name → what it may name in these rules: nodes of the scheme, rounds."""


def form_for(
    plans: Sequence[Plan], values: Mapping[str, Any], *, version: int, known: Known | None = None
) -> PartForm:
    """A form of these plans, filled from `values` (a part of a rule document) or from what was posted."""
    fields: dict[str, Any] = {}
    data: dict[str, Any] = {"version": str(version)}
    for plan in plans:
        for name, (made, start) in _fields_of(plan, values.get(plan.name), known or {}).items():
            fields[name], data[name] = made, start
    made_class = type("MadePartForm", (PartForm,), fields)
    form = made_class(data=data)
    form.plans = tuple(plans)
    form.started = dict(values)
    return form


class PartForm(RowForm):
    """A form made by `form_for`."""

    plans: tuple[Plan, ...] = ()
    started: Mapping[str, Any] = {}

    @property
    def is_refresh(self) -> bool:
        """Whether only the fields of a newly chosen function were asked for: nothing is saved then."""
        return "refresh" in request.form

    def collected(self) -> dict[str, Any]:
        """Field of the rules → canonical value, None where it is to be taken away."""
        return {plan.name: self._value_of(plan) for plan in self.plans}

    def names_under(self, plan: Plan) -> list[str]:
        """The names of a plan's further fields: the parameters of the chosen function, the parts of a rounding."""
        return [name for name in self._fields if name.startswith(f"{plan.name}__")]

    def _value_of(self, plan: Plan) -> Any:
        if plan.type == "function":
            return self._function(plan.name, plan.registry, plan.extra)
        if plan.type == "rounding":
            return self._rounding(plan.name)
        if plan.type == "order":
            chain = [self._function(name, plan.registry, {}) for name in self._chain(plan)]
            return [one for one in chain if one is not None] or None
        value = self[plan.name].data
        if isinstance(value, str):
            value = value.replace("\r\n", "\n").strip()
        return None if value is False or value == "" or value == [] else value

    def _chain(self, plan: Plan) -> list[str]:
        """The rows of an order by the numbers typed beside them."""
        names = [name for name in self._fields if name.startswith(f"{plan.name}__") and name.count("__") == 1]
        return sorted(names, key=lambda name: (self[f"{name}__place"].data or 999, names.index(name)))

    def _said(self, name: str) -> Mapping[str, Any]:
        """The parameters that the rules named before: these stay named even where they are the default."""
        head, _sign, index = name.partition("__")
        start = self.started.get(head)
        if index and isinstance(start, list):
            start = start[int(index)] if int(index) < len(start) else None
        return start if isinstance(start, Mapping) and start.get("by") == self[name].data else {}

    def _function(self, name: str, registry: Registry | None, extra: Mapping[str, Any]) -> Any:
        by = self[name].data
        if not by or registry is None or by not in registry:
            return None
        given: dict[str, Any] = {}
        for parameter in registry.parameters(by):
            value = self[f"{name}__{parameter.name}"].data
            was_said = parameter.name in self._said(name)
            if not _is_blank(value) and (was_said or value != _default_of(parameter)):
                given[parameter.name] = value
        for one in extra:
            if self[f"{name}__{one}"].data is not None:
                given[one] = self[f"{name}__{one}"].data
        return {"by": by, **given} if given else by

    def _rounding(self, name: str) -> Any:
        digits, mode, step = (self[f"{name}__{part}"].data for part in ("digits", "mode", "step"))
        if digits is None and not step:
            return None
        wanted = {"digits": digits, "mode": mode, "step": step}
        return {key: value for key, value in wanted.items() if value not in (None, "")}


def _is_blank(value: Any) -> bool:
    return value is None or value == "" or value == []


def _default_of(parameter: Parameter) -> Any:
    return None if parameter.default is REQUIRED else codec.write(parameter.default)


Made = dict[str, tuple[Any, Any]]


def _fields_of(plan: Plan, value: Any, known: Known) -> Made:
    """Every WTForms field of a plan with its starting value."""
    if plan.type == "function":
        return _function_fields(plan.name, plan, value, known)
    if plan.type == "rounding":
        return _rounding_fields(plan, value)
    if plan.type == "order":
        return _order_fields(plan, value, known)
    return {plan.name: (_one_field(plan, value), codec.write(value) if plan.type != "bool" else bool(value))}


def _one_field(plan: Plan, value: Any) -> Any:
    options: dict[str, Any] = {
        "description": plan.help,
        "validators": [InputRequired()] if plan.required else [Optional()],
    }
    if plan.type == "bool":
        return BooleanField(plan.label, description=plan.help)
    if plan.type == "rows":
        return RowsField(plan.label, columns=plan.columns, description=plan.help)
    if plan.type in ("pairs", "lists"):
        return PairsField(plan.label, many=plan.type == "lists", **options)
    if plan.type == "choice":
        return SelectField(plan.label, choices=list(plan.choices), **options)
    if plan.type == "keys":
        known = {key for key, _label in plan.choices}
        others = [(one, one) for one in map(str, listed(value)) if one not in known]
        return SelectMultipleField(
            plan.label,
            choices=[*plan.choices, *others],
            widget=ListWidget(prefix_label=False),
            option_widget=CheckboxInput(),
            validate_choice=False,
            description=plan.help,
        )
    return SIMPLE[plan.type](plan.label, **options)


def _function_fields(name: str, plan: Plan, value: Any, known: Known) -> Made:
    registry, extra, required = plan.registry, plan.extra, plan.required
    assert registry is not None
    chosen = value if isinstance(value, Mapping) else {"by": value or ""}
    said = str(chosen.get("by", ""))
    by = request.form.get(name, said) if request.method == "POST" else said
    titles = [(item.key, titled(item)) for item in registry]
    select = SelectField(
        plan.label, choices=titles if required else [("", _("— not set —")), *titles], description=plan.help
    )
    made: Made = {name: (select, said)}
    if by in registry:
        for parameter in registry.parameters(by):
            start = chosen.get(parameter.name) if by == said else None
            start = _default_of(parameter) if start is None else start
            made[f"{name}__{parameter.name}"] = (
                parameter_field(registry, by, parameter, known, start),
                codec.write(start),
            )
        for one, title in extra.items():
            made[f"{name}__{one}"] = (IntegerField(title, validators=[Optional()]), chosen.get(one))
    return made


def titled(item: Any) -> str:
    """Title of a registered function or a parameter in the reader's language."""
    return str((item.title_zh if is_chinese() else item.title_en) or getattr(item, "key", "") or item.name)


def parameter_field(
    registry: Registry, by: str, parameter: Parameter, known: Known, value: Any = None
) -> Any:
    """The form field of one registered parameter; it follows from its type, and from `known` where it names a part."""
    label = titled(parameter)
    if parameter.type == "text" and parameter.name in known:
        listed = list(known[parameter.name])
        others = [(str(value), str(value))] if value and str(value) not in dict(listed) else []
        return SelectField(label, choices=[("", _("— not set —")), *listed, *others])
    checks = (
        [InputRequired()]
        if parameter.is_required and parameter.type in ("int", "number", "text")
        else [Optional()]
    )
    if parameter.type == "bool":
        return BooleanField(label)
    if parameter.type == "choice":
        return SelectField(label, choices=[(one, word_of(one, parameter.name)) for one in parameter.choices])
    if parameter.type == "table":
        return PairsField(label, description=_("One in each line: name = value."))
    if parameter.type == "list":
        columns = ROW_COLUMNS.get((registry.name, by, parameter.name))
        if columns:
            return RowsField(label, columns=columns)
        return ItemsField(label, description=_("One in each line."))
    return SIMPLE[parameter.type](label, validators=checks)


def _rounding_fields(plan: Plan, value: Any) -> Made:
    value = value or {}
    modes = [(item.key, titled(item)) for item in ROUNDING]
    return {
        f"{plan.name}__digits": (
            IntegerField(_("Decimals"), description=_("Empty: not rounded."), validators=[Optional()]),
            value.get("digits", 2 if value else None),
        ),
        f"{plan.name}__mode": (SelectField(_("Way"), choices=modes), value.get("mode", "half_up")),
        f"{plan.name}__step": (
            NumberField(_("Or to a multiple of"), validators=[Optional()]),
            value.get("step"),
        ),
    }


BLANK_KEYS = 2


def _order_fields(plan: Plan, value: Any, known: Known) -> Made:
    made: Made = {}
    chain: list[Any] = listed(value)
    if request.method == "POST":
        names = [name for name in request.form if name.startswith(f"{plan.name}__") and name.count("__") == 1]
        chain += [None] * (len(names) - len(chain))
    else:
        chain += [None] * BLANK_KEYS
    for index, one in enumerate(chain):
        name = f"{plan.name}__{index}"
        made.update(
            _function_fields(name, replace(plan, label=_("Key %(n)s", n=index + 1), help=""), one, known)
        )
        place = IntegerField(_("Place"), validators=[Optional()])
        made[f"{name}__place"] = (place, index + 1 if one is not None else None)
    return made
