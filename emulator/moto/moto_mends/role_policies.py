"""IAM: what it refuses to embed in a role.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

import json
import re
from typing import Any

from moto.iam.exceptions import LimitExceededException, MalformedPolicyDocument, ValidationError
from moto.iam.models import IAMBackend, Role
from moto.iam.policy_validation import IAMPolicyDocumentValidator

# Of all inline policies of a role together, not counting white space.
MOST_CHARACTERS = 10_240
POLICY_NAME = re.compile(r"[\w+=,.@-]{1,128}")


def _characters(policy: str) -> int:
    return len(re.sub(r"\s", "", policy))


def _refuse_principal(policy: str) -> None:
    statements = json.loads(policy).get("Statement", [])
    for statement in statements if isinstance(statements, list) else [statements]:
        if "Principal" in statement or "NotPrincipal" in statement:
            raise MalformedPolicyDocument("Policy document should not specify a principal.")


def _refuse_size(role: Role, policy_name: str, policy: str) -> None:
    others = [text for name, text in role.policies.items() if name != policy_name]
    if sum(_characters(text) for text in [*others, policy]) > MOST_CHARACTERS:
        raise LimitExceededException(
            f"Maximum policy size of {MOST_CHARACTERS} bytes exceeded for role {role.name}"
        )


def apply() -> None:
    # moto takes inline policies of any name and size, and with a principal.
    put = IAMBackend.put_role_policy

    def put_checked(self: IAMBackend, role_name: str, policy_name: str, policy_json: Any) -> None:
        if POLICY_NAME.fullmatch(policy_name) is None:
            raise ValidationError(f"The policy name {policy_name} is invalid.")
        role = self.get_role(role_name)
        IAMPolicyDocumentValidator(policy_json).validate()
        _refuse_principal(policy_json)
        _refuse_size(role, policy_name, policy_json)
        put(self, role_name, policy_name, policy_json)

    IAMBackend.put_role_policy = put_checked
