"""Who has acted as which of the SOP's two executors in a case: nobody acts as both.

Unless the office allows it; then it happens in the open (a catatan, the control sheet). What counts
is the record, not who somebody is appointed to be today.
"""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from accounts_requests import permissions
from accounts_requests.models import AccountRequest, Office, StepRun, User
from accounts_requests.roles import EXECUTORS, Role
from accounts_requests.states import OPEN_STATES, Act

# Acts that belong to one of the SOP's two executors alone. Drafting is no executor's act.
ACTS: dict[Act, Role] = {
    act: roles[0]
    for act, roles in permissions.MAY.items()
    if len(roles) == 1 and roles[0] in EXECUTORS
}

# Who else can do what somebody may not do in the other executor role as well.
_SOMEBODY_ELSE = {
    Role.KEPALA_LPSE: "Plt. atau Plh. Kepala LPSE",
    Role.ADMIN_PPE: "Admin PPE lain",
}


def acted_as(request: AccountRequest, person: User) -> frozenset[Role]:
    """The executor roles in which ``person`` has acted in the case, whatever they hold today.

    Read from the step runs: who finished a step, and who held it, acted as that step's executor.
    """
    acted = _runs_of(person).filter(request=request)
    return frozenset(Role(role) for role in acted.values_list("step__executor", flat=True))


def acted_as_in_open_cases(person: User) -> dict[int, frozenset[Role]]:
    """``acted_as`` of ``person`` in every open case in which there are any, by its key."""
    return _by_case(_runs_of(person).filter(request__state__in=OPEN_STATES))


def acted_as_in(keys: Sequence[int], person: User) -> dict[int, frozenset[Role]]:
    """``acted_as`` of ``person`` in those of the cases ``keys`` in which there are any."""
    return _by_case(_runs_of(person).filter(request__in=keys))


def _by_case(acted: "QuerySet[StepRun]") -> dict[int, frozenset[Role]]:
    found: dict[int, frozenset[Role]] = {}
    for key, role in acted.values_list("request", "step__executor"):
        found[key] = found.get(key, frozenset()) | {Role(role)}
    return found


def hindrance(role: Role | None, acted: frozenset[Role]) -> str:
    """Why somebody who ``acted`` so in a case may not act as ``role`` in it; "" where they may.

    Nobody acts in both executor roles of the SOP in one case, unless the office allows it.
    """
    other = _other_role(role, acted)
    if role is None or other is None or Office.current().allows_both_executor_roles:
        return ""
    return (
        f"Anda telah bertindak sebagai {other.label} pada permohonan ini, sehingga tidak dapat "
        f"bertindak pula sebagai {role.label}. Minta {_SOMEBODY_ELSE[role]} melanjutkannya; bila "
        "tidak ada, Pengelola Aplikasi dapat mengizinkan perangkapan pada pengaturan Kantor."
    )


def begins_both(act: Act, acted: frozenset[Role]) -> Role | None:
    """The other executor role, where ``act`` is the first that somebody takes in the second one."""
    role = ACTS.get(act)
    return None if role in acted else _other_role(role, acted)


def people_in_both(request: AccountRequest) -> list[User]:
    """Who has acted in both executor roles of the case: shown wherever the case is judged."""
    runs = request.step_runs.select_related("step", "finished_by").prefetch_related(
        "holdings__person"
    )
    roles: dict[User, set[str]] = {}
    for run in runs:
        people = [held.person for held in run.holdings.all()]
        if run.finished_by is not None and not run.abandoned:
            people.append(run.finished_by)
        for person in people:
            roles.setdefault(person, set()).add(run.step.executor)
    return [person for person, held in roles.items() if held.issuperset(EXECUTORS)]


def _runs_of(person: User) -> "QuerySet[StepRun]":
    """The runs that ``person`` held or finished; ending a cancelled case finishes none."""
    acted = Q(finished_by=person, abandoned=False) | Q(holdings__person=person)
    return StepRun.objects.filter(acted, step__executor__in=EXECUTORS).distinct().order_by()


def _other_role(role: Role | None, acted: frozenset[Role]) -> Role | None:
    if role not in EXECUTORS:
        return None
    return next((other for other in EXECUTORS if other != role and other in acted), None)
