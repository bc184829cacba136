"""IAM: SimulatePrincipalPolicy, which moto does not have; for roles, without a boundary.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.iam.models import Role
from moto.iam.responses import IamResponse

from .policy_evaluation import ALLOWED, EXPLICIT_DENY, IMPLICIT_DENY, Context, decide

WORST_FIRST = (EXPLICIT_DENY, IMPLICIT_DENY, ALLOWED)


def _documents(role: Role) -> list[Any]:
    managed = [
        version.document
        for policy in role.managed_policies.values()
        for version in policy.versions
        if version.version_id == policy.default_version_id
    ]
    return [*role.policies.values(), *managed]


def _result(
    documents: list[Any], action: str, resources: list[str], context: Context
) -> dict[str, Any]:
    specific = []
    for resource in resources:
        decision, missing = decide(documents, action, resource, context)
        specific.append(
            {
                "EvalResourceName": resource,
                "EvalResourceDecision": decision,
                "MissingContextValues": missing,
            }
        )
    decisions = [one["EvalResourceDecision"] for one in specific]
    return {
        "EvalActionName": action,
        "EvalResourceName": resources[0],
        "EvalDecision": next(one for one in WORST_FIRST if one in decisions),
        "MissingContextValues": sorted({key for one in specific for key in one["MissingContextValues"]}),
        "ResourceSpecificResults": specific,
    }


def simulate_principal_policy(self: IamResponse) -> ActionResult:
    role = self.backend.get_role_by_arn(self._get_param("PolicySourceArn"))
    context = {
        entry["ContextKeyName"].lower(): entry.get("ContextKeyValues", [])
        for entry in self._get_param("ContextEntries", [])
    }
    resources = self._get_param("ResourceArns", ["*"])
    documents = _documents(role)
    return ActionResult(
        {
            "EvaluationResults": [
                _result(documents, action, resources, context)
                for action in self._get_param("ActionNames", [])
            ],
            "IsTruncated": False,
        }
    )


def apply() -> None:
    IamResponse.simulate_principal_policy = simulate_principal_policy
