"""IAM: what the identity policies of a role or a user decide of one call.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

import fnmatch
import json
import re
from collections.abc import Callable
from typing import Any

ALLOWED, IMPLICIT_DENY, EXPLICIT_DENY = "allowed", "implicitDeny", "explicitDeny"

Context = dict[str, list[str]]


def _like(value: str, pattern: str) -> bool:
    # Of the signs of fnmatch, policies know `*` and `?` alone.
    return fnmatch.fnmatchcase(value, pattern.replace("[", "[[]"))


TESTS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda value, wanted: value == wanted,
    "StringEqualsIgnoreCase": lambda value, wanted: value.lower() == wanted.lower(),
    "StringLike": _like,
    "ArnEquals": _like,
    "ArnLike": _like,
    "Bool": lambda value, wanted: value.lower() == wanted.lower(),
    "NumericGreaterThanEquals": lambda value, wanted: float(value) >= float(wanted),
}

OPERATOR = re.compile(r"^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$")


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _key_holds(
    operator: str, key: str, wanted: list[str], context: Context, missing: set[str]
) -> bool:
    match = OPERATOR.match(operator)
    assert match is not None
    quantifier, test, if_exists = match.groups()
    values = context.get(key.lower())
    if test == "Null":
        return (values is None) == (wanted[0].lower() == "true")
    if values is None:
        if if_exists or quantifier == "ForAllValues":
            return True
        missing.add(key)
        return False
    negated = "Not" in test
    compare = TESTS[test.replace("Not", "")]
    fits = [any(compare(value, one) for one in wanted) != negated for value in values]
    return any(fits) if quantifier == "ForAnyValue" else all(fits)


def _covers(statement: dict[str, Any], field: str, value: str) -> bool:
    patterns = [str(one) for one in as_list(statement.get(field, statement.get(f"Not{field}", [])))]
    if field == "Action":
        value, patterns = value.lower(), [one.lower() for one in patterns]
    return any(_like(value, one) for one in patterns) == (field in statement)


def _applies(
    statement: dict[str, Any], action: str, resource: str, context: Context, missing: set[str]
) -> bool:
    if not (_covers(statement, "Action", action) and _covers(statement, "Resource", resource)):
        return False
    return all(
        _key_holds(operator, key, [str(one) for one in as_list(wanted)], context, missing)
        for operator, keys in statement.get("Condition", {}).items()
        for key, wanted in keys.items()
    )


def decide(
    documents: list[Any], action: str, resource: str, context: Context
) -> tuple[str, list[str]]:
    """The decision, and the keys of conditions that the context does not have."""
    missing: set[str] = set()
    effects = set()
    for document in documents:
        parsed = json.loads(document) if isinstance(document, str) else document
        for statement in as_list(parsed.get("Statement", [])):
            if _applies(statement, action, resource, context, missing):
                effects.add(statement["Effect"])
    if "Deny" in effects:
        return EXPLICIT_DENY, sorted(missing)
    return (ALLOWED if "Allow" in effects else IMPLICIT_DENY), sorted(missing)
