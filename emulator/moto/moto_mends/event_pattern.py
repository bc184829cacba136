"""EventBridge event patterns: which AWS accepts, and which events they match."""

import ipaddress
import json
import re
from collections.abc import Callable
from typing import Any

# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
OPERATORS = {
    "prefix", "suffix", "anything-but", "numeric", "exists", "cidr", "equals-ignore-case",
    "wildcard",
}  # fmt: skip
NESTED_IN_ANYTHING_BUT = {"prefix", "suffix", "equals-ignore-case", "wildcard"}
COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "=": lambda a, b: a == b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
LARGEST_NUMBER = 5e9
LONGEST_PATTERN = 2048


class PatternError(Exception):
    """AWS would not accept the pattern."""


def check(raw: str) -> dict[str, Any]:
    """The pattern, parsed. Raises PatternError where AWS answers InvalidEventPatternException."""
    try:
        pattern = json.loads(raw)
    except ValueError as error:
        raise PatternError("Filter is not valid JSON") from error
    if not isinstance(pattern, dict):
        raise PatternError("Filter is not an object")
    if not pattern:
        raise PatternError("Empty objects are not allowed")
    _check_object(pattern)
    return pattern


def _check_object(pattern: dict[str, Any]) -> None:
    for key, value in pattern.items():
        if key == "$or":
            if not (isinstance(value, list) and value and all(isinstance(v, dict) for v in value)):
                raise PatternError("$or must be an array of objects")
            for alternative in value:
                _check_object(alternative)
        elif isinstance(value, dict):
            if not value:
                raise PatternError("Empty objects are not allowed")
            _check_object(value)
        elif isinstance(value, list):
            if not value:
                raise PatternError("Empty arrays are not allowed")
            for leaf in value:
                _check_leaf(leaf)
        else:
            raise PatternError(f'"{key}" must be an object or an array')


def _check_leaf(leaf: Any) -> None:
    if isinstance(leaf, list):
        raise PatternError("Match value must be String, number, true, false, or null")
    if not isinstance(leaf, dict):
        return
    if len(leaf) != 1:
        raise PatternError("Only one key allowed in match expression")
    ((operator, operand),) = leaf.items()
    if operator not in OPERATORS:
        raise PatternError(f"Unrecognized match type {operator}")
    _CHECKS[operator](operand)


def _require(condition: bool, reason: str) -> None:
    if not condition:
        raise PatternError(reason)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _check_affix(operand: Any) -> None:
    if isinstance(operand, dict):
        _require(
            list(operand) == ["equals-ignore-case"] and _is_text(operand["equals-ignore-case"]),
            "prefix/suffix match pattern must be a string",
        )
    else:
        _require(_is_text(operand), "prefix/suffix match pattern must be a string")


def _check_text(operand: Any) -> None:
    _require(_is_text(operand), "match pattern must be a string")


def _check_wildcard(operand: Any) -> None:
    _check_text(operand)
    _require("**" not in operand, "Consecutive wildcard characters are not allowed")


def _check_exists(operand: Any) -> None:
    _require(isinstance(operand, bool), "exists match pattern must be either true or false.")


def _check_cidr(operand: Any) -> None:
    try:
        ipaddress.ip_network(operand, strict=False)
    except (ValueError, TypeError) as error:
        raise PatternError("Malformed CIDR") from error


def _check_numeric(operand: Any) -> None:
    _require(
        isinstance(operand, list) and len(operand) in (2, 4),
        "Value of numeric must be an array of one or two comparisons",
    )
    for comparison, bound in zip(operand[::2], operand[1::2], strict=True):
        _require(comparison in COMPARISONS, f"Unrecognized numeric range operator: {comparison}")
        _require(
            _is_number(bound) and abs(bound) <= LARGEST_NUMBER,
            "Value of the numeric range must be a number between -5.0e9 and 5.0e9",
        )


def _check_anything_but(operand: Any) -> None:
    if isinstance(operand, dict):
        _require(
            len(operand) == 1 and set(operand) <= NESTED_IN_ANYTHING_BUT,
            f"Unsupported anything-but pattern: {', '.join(operand)}",
        )
        (operand,) = operand.values()
        values = operand if isinstance(operand, list) else [operand]
        _require(bool(values) and all(map(_is_text, values)), "anything-but needs strings")
        return
    values = operand if isinstance(operand, list) else [operand]
    same_type = all(map(_is_text, values)) or all(map(_is_number, values))
    _require(bool(values) and same_type, "anything-but needs strings or numbers of one type")


_CHECKS: dict[str, Callable[[Any], None]] = {
    "prefix": _check_affix,
    "suffix": _check_affix,
    "equals-ignore-case": _check_text,
    "wildcard": _check_wildcard,
    "exists": _check_exists,
    "cidr": _check_cidr,
    "numeric": _check_numeric,
    "anything-but": _check_anything_but,
}


def matches(event: Any, pattern: dict[str, Any]) -> bool:
    """Whether an event, or a part of one, has all that the pattern asks for."""
    if isinstance(event, list):
        # Fields below an array must be found together in one of its elements.
        return any(matches(element, pattern) for element in event)
    fields = event if isinstance(event, dict) else {}
    return all(_matches_key(fields, key, value) for key, value in pattern.items())


def _matches_key(fields: dict[str, Any], key: str, value: Any) -> bool:
    if key == "$or":
        return any(matches(fields, alternative) for alternative in value)
    if isinstance(value, dict):
        return matches(fields.get(key), value)
    candidates = _leaves(fields[key]) if key in fields else []
    return any(_matches_leaf(candidates, leaf) for leaf in value)


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, list):
        return [leaf for element in value for leaf in _leaves(element)]
    return [] if isinstance(value, dict) else [value]


def _matches_leaf(candidates: list[Any], leaf: Any) -> bool:
    if isinstance(leaf, dict) and "exists" in leaf:
        return bool(candidates) == leaf["exists"]
    return any(_matches_value(candidate, leaf) for candidate in candidates)


def _matches_value(value: Any, leaf: Any) -> bool:
    if not isinstance(leaf, dict):
        # As AWS does, by what is written: 300 and 300.0 are not the same, nor are 1 and true.
        return type(value) is type(leaf) and value == leaf
    ((operator, operand),) = leaf.items()
    return _MATCHES[operator](value, operand)


def _matches_affix(value: Any, operand: Any, has: Callable[[str, str], bool]) -> bool:
    if not isinstance(value, str):
        return False
    if isinstance(operand, dict):
        return has(value.lower(), operand["equals-ignore-case"].lower())
    return has(value, operand)


def _matches_wildcard(value: Any, operand: str) -> bool:
    if not isinstance(value, str):
        return False
    # A backslash takes the meaning from a star or a backslash that follows it.
    tokens = re.findall(r"\\[*\\]|.", operand, re.DOTALL)
    regex = "".join(".*" if token == "*" else re.escape(token[-1]) for token in tokens)
    return re.fullmatch(regex, value, re.DOTALL) is not None


def _matches_numeric(value: Any, operand: list[Any]) -> bool:
    return _is_number(value) and all(
        COMPARISONS[comparison](value, bound)
        for comparison, bound in zip(operand[::2], operand[1::2], strict=True)
    )


def _matches_cidr(value: Any, operand: str) -> bool:
    try:
        return ipaddress.ip_address(value) in ipaddress.ip_network(operand, strict=False)
    except (ValueError, TypeError):
        return False


def _matches_anything_but(value: Any, operand: Any) -> bool:
    if isinstance(operand, dict):
        ((operator, nested),) = operand.items()
        unwanted = nested if isinstance(nested, list) else [nested]
        return not any(_MATCHES[operator](value, each) for each in unwanted)
    unwanted = operand if isinstance(operand, list) else [operand]
    return value not in unwanted


_MATCHES: dict[str, Callable[[Any, Any], bool]] = {
    "prefix": lambda value, operand: _matches_affix(value, operand, str.startswith),
    "suffix": lambda value, operand: _matches_affix(value, operand, str.endswith),
    "equals-ignore-case": lambda value, operand: (
        isinstance(value, str) and value.lower() == operand.lower()
    ),
    "wildcard": _matches_wildcard,
    "numeric": _matches_numeric,
    "cidr": _matches_cidr,
    "anything-but": _matches_anything_but,
}
