"""Prize money of an edition: sums and tax, the table that is signed, bank accounts. Every reading of it is logged."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from contest import papers, web
from contest.accounts.sessions import current_actor, signed_in
from contest.awards import money as sums
from contest.awards import payouts, workbooks
from contest.awards.amounts import cents, yuan
from contest.awards.forms import AccountForm, MoneyRuleForm, PlainForm
from contest.awards.models import Split
from contest.awards.payouts import Table
from contest.awards.refusals import MoneyInvalid
from contest.awards.views.door import bp, carried_out, crumbs, label_of, language, tabs
from contest.awards.views.steps import download
from contest.db import now, transaction
from contest.events.queries import edition_for

Page = str | Response | tuple[str, int]


def _table(edition_id: int, door: str) -> Table:
    with transaction():
        return payouts.table(edition_id, door=door, actor=current_actor(), at=now())


@bp.get("/editions/<int:edition_id>/money")
@signed_in
def money(edition_id: int) -> str:
    """The sums, the tax and the table as it stands."""
    return _page(edition_id)


def _page(edition_id: int, **more: Any) -> str:
    found = _table(edition_id, "page")
    edition = edition_for(current_actor(), edition_id, may=sums.ACT)
    rule = sums.rule_of(edition_id)
    return render_template(
        "awards/money.html",
        edition=edition,
        prizes=sums.prizes(current_actor(), edition_id),
        table=found,
        yuan=yuan,
        rate=_rate(rule.rate_bp),
        splits=list(Split),
        label_of=label_of,
        crumbs=crumbs(edition, (_("Prize money"), None)),
        tabs=tabs(edition, "money"),
        **{
            "rule_form": MoneyRuleForm(
                formdata=None, prefix="rule-", version=rule.version, rate=_rate(rule.rate_bp), basis=rule.basis,
                payer=rule.payer or edition.contest.holder.name, is_exempt=rule.is_exempt,
            ),
            "typed": {},
            "errors": {},
        }
        | more,
    )  # fmt: skip


def _rate(basis_points: int) -> str:
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".")


@bp.post("/editions/<int:edition_id>/money/rule")
@signed_in
def money_rule(edition_id: int) -> Page:
    form = MoneyRuleForm(prefix="rule-")

    def work() -> None:
        edition = edition_for(current_actor(), edition_id, may=sums.ACT)
        sums.state_rule(
            edition, rate_bp=cents(form.rate.data or ""), is_exempt=form.is_exempt.data, basis=form.basis.data or "",
            payer=form.payer.data or "", version=form.version.data or 0, actor=current_actor(), at=now(),
        )  # fmt: skip

    if form.validate_on_submit() and carried_out(form, work):
        flash(_("Saved."), "good")
        return redirect(url_for("awards.money", edition_id=edition_id))
    return _page(edition_id, rule_form=form), 422


@bp.post("/editions/<int:edition_id>/money/sums")
@signed_in
def money_sums(edition_id: int) -> Page:
    """All sums at once: `amount-<event>-<award>` and `split-<event>-<award>`; an empty one takes the sum away."""
    PlainForm().validate_on_submit()
    edition_for(current_actor(), edition_id, may=sums.ACT)
    typed = {name: value for name, value in request.form.items() if name.startswith(("amount-", "split-"))}
    said: dict[tuple[int, str], tuple[int, Split] | None] = {}
    errors: dict[str, str] = {}
    for prize in sums.prizes(current_actor(), edition_id):
        place = f"{prize.event.id}-{prize.key}"
        text = typed.get(f"amount-{place}", "").strip()
        try:
            split = Split(typed.get(f"split-{place}", Split.TEAM.value))
            said[prize.event.id, prize.key] = (cents(text), split) if text else None
        except (MoneyInvalid, ValueError):
            errors[place] = web.sentence("money_invalid", {"value": text})
    if errors:
        return _page(edition_id, typed=typed, errors=errors), 422
    with transaction():
        edition = edition_for(current_actor(), edition_id, may=sums.ACT)
        sums.state_sums(edition, said, actor=current_actor(), at=now())
    flash(_("Saved."), "good")
    return redirect(url_for("awards.money", edition_id=edition_id))


@bp.post("/editions/<int:edition_id>/money/table.xlsx")
@signed_in
def money_workbook(edition_id: int) -> Response:
    """The table as a workbook; with full numbers for the bank where that was asked for, on record."""
    PlainForm().validate_on_submit()
    is_full = request.form.get("full") == "1"
    found = _table(edition_id, "xlsx, full numbers" if is_full else "xlsx")
    known = payouts.in_full(found.payments) if is_full else {}
    rows: list[list[object]] = [
        [
            number, one.name, one.unit, one.event, one.prize, *known.get(one.person_id or 0, (one.id_masked, one.account_masked))[:1],
            one.bank, known.get(one.person_id or 0, (one.id_masked, one.account_masked))[1],
            yuan(one.money.gross), yuan(one.money.tax), yuan(one.money.net), "",
        ]
        for number, one in enumerate(found.payments, 1)
    ]  # fmt: skip
    whole = found.total
    rows.append(
        ["", _("Sum total"), "", "", "", "", "", "", yuan(whole.gross), yuan(whole.tax), yuan(whole.net), ""]
    )
    edition = edition_for(current_actor(), edition_id, may=sums.ACT)
    title = f"{edition.name} {_('Payment of prize money')}"
    content = workbooks.workbook(
        _("Prize money"), _headings(), rows, web.neutral, title=title, foot=[_basis(edition_id)]
    )
    return download(content, f"{title}.xlsx")


def _headings() -> list[tuple[str, int]]:
    return [
        (_("No."), 6), (_("Name"), 12), (_("Organisation"), 28), (_("Event"), 16), (_("Award"), 14),
        (_("Document number"), 22), (_("Bank"), 18), (_("Account"), 24), (_("Before tax (yuan)"), 13), (_("Tax (yuan)"), 12),
        (_("Paid out (yuan)"), 13), (_("Signature"), 16),
    ]  # fmt: skip


def _basis(edition_id: int) -> str:
    rule = sums.rule_of(edition_id)
    tax = _("exempt from tax") if rule.is_exempt else _("tax rate %(rate)s %%", rate=_rate(rule.rate_bp))
    return _("Tax: %(tax)s. Basis: %(basis)s", tax=tax, basis=rule.basis or "—")


@bp.post("/editions/<int:edition_id>/money/table.pdf")
@signed_in
def money_paper(edition_id: int) -> Response:
    PlainForm().validate_on_submit()
    found = _table(edition_id, "pdf")
    edition = edition_for(current_actor(), edition_id, may=sums.ACT)
    rule = sums.rule_of(edition_id)
    title = f"{edition.name} {_('Payment of prize money')}"
    html = render_template(
        "awards/papers/money.html", title=title, table=found, rule=rule, yuan=yuan, basis=_basis(edition_id),
        payer=rule.payer or edition.contest.holder.name,
    )  # fmt: skip
    content = papers.pdf(
        html, title=title, made_at=now(), demo=edition.is_demo, page="landscape", lang="en" if language() == "en" else "zh-CN"
    )  # fmt: skip
    return download(content, f"{title}.pdf", "application/pdf")


@bp.route("/editions/<int:edition_id>/money/people/<int:person_id>", methods=["GET", "POST"])
@signed_in
def money_account(edition_id: int, person_id: int) -> Page:
    """Where somebody's prize money goes. The number that is known is shown masked and never sent back."""
    person = payouts.payee(current_actor(), edition_id, person_id)
    row = payouts.account_of(person_id)
    form = AccountForm(data={"bank": row.bank if row else ""})

    def work() -> None:
        edition = edition_for(current_actor(), edition_id, may=sums.ACT)
        payouts.note_account(
            payouts.payee(current_actor(), edition_id, person_id), bank=form.bank.data or "",
            number=form.number.data or "", contest_id=edition.contest_id, actor=current_actor(), at=now(),
        )  # fmt: skip

    back = url_for("awards.money", edition_id=edition_id)
    if form.validate_on_submit() and carried_out(form, work, "number"):
        flash(_("Saved."), "good")
        return redirect(back)
    edition = edition_for(current_actor(), edition_id, may=sums.ACT)
    person = payouts.payee(current_actor(), edition_id, person_id)
    page = render_template(
        "awards/account.html", person=person, form=form, account=payouts.account_of(person_id), back=back,
        crumbs=crumbs(edition, (_("Prize money"), back), (person.name, None)),
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200
