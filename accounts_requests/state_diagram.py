"""The state machines as Mermaid text, drawn from the code so that the picture cannot drift."""

from typing import cast

from django.db import models
from django_fsm import FSMField

from accounts_requests.models import Account, AccountRequest
from accounts_requests.states import AccountState, CaseState


def case_diagram() -> str:
    """The case: the five steps and the side doors."""
    return _mermaid(AccountRequest, {state.value: state.label for state in CaseState})


def account_diagram() -> str:
    """One account, from pending to handed over."""
    return _mermaid(Account, {state.value: state.label for state in AccountState})


def _mermaid(model: type[models.Model], labels: dict[str, str]) -> str:
    field = cast(FSMField, model._meta.get_field("state"))
    lines = ["stateDiagram-v2"]
    lines += [f"    {value} : {value} ({label})" for value, label in labels.items()]
    lines.append(f"    [*] --> {field.get_default()}")
    arrows = {
        (str(transition.source), str(transition.target), transition.name)
        for transition in field.get_all_transitions(model)
    }
    order = list(labels)
    for source, target, name in sorted(
        arrows, key=lambda arrow: (order.index(arrow[0]), order.index(arrow[1]), arrow[2])
    ):
        lines.append(f"    {source} --> {target} : {name}")
    leaving = {source for source, _, _ in arrows}
    lines += [f"    {value} --> [*]" for value in labels if value not in leaving]
    return "\n".join(lines) + "\n"
