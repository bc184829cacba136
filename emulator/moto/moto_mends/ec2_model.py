"""What the current API model says of each EC2 operation, for the mends that refuse the rest."""

import functools
import html
import re
from collections.abc import Callable
from typing import Any

from botocore.serialize import EC2Serializer
from moto.core.utils import camelcase_to_underscores, get_service_model
from moto.ec2.responses import EC2Response

_serializer = EC2Serializer()


def operation(response: EC2Response) -> Any:
    """The model of the operation that is called."""
    return get_service_model("ec2").operation_model(response._get_action())


def wire_name(shape: Any, default: str) -> str:
    """How a member of this shape is called on the wire."""
    return str(_serializer._get_serialized_name(shape, default))


def members(name: str) -> dict[str, Any]:
    """The parameters of an operation by their names in the model."""
    shape = get_service_model("ec2").operation_model(name).input_shape
    return dict(shape.members) if shape is not None else {}


@functools.cache
def documented_filters(name: str) -> frozenset[str]:
    """The filters that the documentation of an operation lists; none where it lists none."""
    shape = members(name).get("Filters") or members(name).get("Filter")
    listed = re.findall(r"<p>\s*<code>([^<]+)</code>", shape.documentation if shape else "")
    return frozenset(html.unescape(each) for each in listed)


@functools.cache
def without_markup(name: str) -> str:
    """The documentation of an operation as plain text."""
    text = get_service_model("ec2").operation_model(name).documentation or ""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def check_first(check: Callable[[EC2Response], None]) -> None:
    """Has every EC2 operation checked before it does anything."""

    def checking(method: Callable[[EC2Response], Any]) -> Callable[[EC2Response], Any]:
        def checked(self: EC2Response) -> Any:
            check(self)
            return method(self)

        return checked

    for name in get_service_model("ec2").operation_names:
        method = getattr(EC2Response, camelcase_to_underscores(name), None)
        if method is not None:
            setattr(EC2Response, camelcase_to_underscores(name), checking(method))
