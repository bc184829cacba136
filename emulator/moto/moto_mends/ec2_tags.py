"""EC2 tags: the limits that AWS enforces, before anything is made."""

from typing import Any

from moto.ec2.exceptions import EC2ClientError, TagLimitExceeded
from moto.ec2.models import EC2Backend
from moto.ec2.responses import EC2Response

LONGEST_KEY = 128
LONGEST_VALUE = 256
MOST_TAGS = 50


def _check(tags: dict[str, str]) -> None:
    for key, value in tags.items():
        if len(key) > LONGEST_KEY:
            raise EC2ClientError(
                "InvalidParameterValue",
                f"Tag key exceeds the maximum length of {LONGEST_KEY} characters",
            )
        if value is not None and len(value) > LONGEST_VALUE:
            raise EC2ClientError(
                "InvalidParameterValue",
                f"Tag value exceeds the maximum length of {LONGEST_VALUE} characters",
            )


def _check_reserved(tags: dict[str, str]) -> None:
    if any(key.lower().startswith("aws:") for key in tags):
        raise EC2ClientError(
            "InvalidParameterValue", "Tag keys starting with 'aws:' are reserved for internal use"
        )


def _mend_lengths() -> None:
    # moto takes keys and values of any length.
    create_tags = EC2Backend.create_tags

    def create_checked(self: EC2Backend, resource_ids: list[str], tags: dict[str, str]) -> bool:
        _check(tags)
        return create_tags(self, resource_ids, tags)

    EC2Backend.create_tags = create_checked

    create_response = EC2Response.create_tags

    def create_response_checked(self: EC2Response) -> Any:
        _check_reserved({tag["Key"]: tag.get("Value") for tag in self._get_param("Tags", [])})
        return create_response(self)

    EC2Response.create_tags = create_response_checked


def _mend_tag_specifications() -> None:
    # moto makes the resource first and then fails at its tags; AWS makes nothing.
    parse = EC2Response._parse_tag_specification

    def parse_checked(self: EC2Response, expected_type: str | None = None) -> Any:
        specification = parse(self, expected_type)
        for tags in specification.values():
            _check(tags)
            _check_reserved(tags)
            if len(tags) > MOST_TAGS:
                raise TagLimitExceeded()
        return specification

    EC2Response._parse_tag_specification = parse_checked


def apply() -> None:
    _mend_lengths()
    _mend_tag_specifications()
