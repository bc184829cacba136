"""EC2 refuses parameters and filters that its API does not have; moto ignores or invents them.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
"""

import re
from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.responses import EC2Response

from .ec2_model import check_first, documented_filters, operation, wire_name

# Parameters that every operation takes.
COMMON = re.compile(
    r"Action|Version|AWSAccessKeyId|SecurityToken|Signature(Method|Version)?|Timestamp|X-Amz-.*"
)
MOST_FILTER_VALUES = 200


def _is_known(shape: Any, words: list[str]) -> bool:
    """Whether the rest of a parameter's name leads to something in this shape."""
    if not words:
        return True
    if shape.type_name == "list":
        return words[0].isdigit() and _is_known(shape.member, words[1:])
    if shape.type_name != "structure":
        return False
    return any(
        wire_name(member, name) == words[0] and _is_known(member, words[1:])
        for name, member in shape.members.items()
    )


def _check_parameters(response: EC2Response) -> None:
    shape = operation(response).input_shape
    for name in response.data:
        if COMMON.fullmatch(name) is None and (
            shape is None or not _is_known(shape, name.split("."))
        ):
            raise EC2ClientError("UnknownParameter", f"The parameter {name} is not recognized")


def _is_documented(name: str, listed: frozenset[str]) -> bool:
    # A filter by the value of a tag is listed as "tag", as "tag:<key>" or as "tag:key".
    by_tag = any(each == "tag" or each.startswith("tag:") for each in listed)
    return name in listed or (by_tag and name.startswith("tag:"))


def _check_filters(response: EC2Response) -> None:
    listed = documented_filters(operation(response).name)
    filters = response._get_param("Filters") or response._get_param("Filter") or []
    for each in filters:
        if listed and not _is_documented(each.get("Name", ""), listed):
            raise EC2ClientError(
                "InvalidParameterValue", f"The filter '{each.get('Name')}' is invalid"
            )
    if sum(len(each.get("Values") or []) for each in filters) > MOST_FILTER_VALUES:
        raise EC2ClientError(
            "FilterLimitExceeded",
            "The maximum number of filter values specified on a single call is "
            f"{MOST_FILTER_VALUES}",
        )


def apply() -> None:
    check_first(_check_filters)
    check_first(_check_parameters)
