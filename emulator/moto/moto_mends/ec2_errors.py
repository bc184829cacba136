"""EC2 errors that several mends raise."""

from typing import Any

from moto.ec2.exceptions import EC2ClientError

MOST_GROUPS_PER_INTERFACE = 5


def different_networks() -> EC2ClientError:
    return EC2ClientError(
        "InvalidGroup.NotFound",
        "You have specified two resources that belong to different networks.",
    )


def groups_for(backend: Any, group_ids: list[str], vpc_id: str) -> list[Any]:
    """The groups of these ids. Raises what AWS answers when one cannot be set in this VPC."""
    if len(group_ids) > MOST_GROUPS_PER_INTERFACE:
        raise EC2ClientError(
            "SecurityGroupsPerInterfaceLimitExceeded",
            "The maximum number of security groups per interface has been reached.",
        )
    groups = []
    for group_id in group_ids:
        group = backend.get_security_group_from_id(group_id)
        if group is None:
            raise EC2ClientError(
                "InvalidGroup.NotFound", f"The security group '{group_id}' does not exist"
            )
        if group.vpc_id != vpc_id:
            raise different_networks()
        groups.append(group)
    return groups
