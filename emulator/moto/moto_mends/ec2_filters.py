"""EC2 filters: one of the values given has to fit one of those that the resource has.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
"""

from typing import Any

from moto.core.utils import aws_api_matches
from moto.ec2 import utils
from moto.ec2.models.instances import Instance


def apply() -> None:
    # Where a resource has several values (the groups of an interface, the subnets of an ACL), moto
    # wants all of the filter's among them or the other way round, and wildcards in a single one.
    matches = utils.is_filter_matching

    def is_filter_matching(resource: Any, name: str, wanted: Any) -> bool:
        value = resource.get_filter_value(name)
        if isinstance(value, (list, set, tuple, type({}.keys()))) and isinstance(wanted, list):
            return any(aws_api_matches(each, one) for each in wanted for one in value)
        return matches(resource, name, wanted)

    utils.is_filter_matching = is_filter_matching

    # moto has no filter of instances by the groups of all their interfaces.
    Instance.interface_group_ids = property(
        lambda self: [group.id for nic in self.nics.values() for group in nic._group_set]
    )
    utils.filter_dict_attribute_mapping["network-interface.group-id"] = "interface_group_ids"

    # Nor by their addresses.
    Instance.interface_private_addresses = property(
        lambda self: [one["PrivateIpAddress"] for nic in self.nics.values() for one in nic.private_ip_addresses]
    )
    Instance.interface_ipv6_addresses = property(
        lambda self: [one for nic in self.nics.values() for one in nic.ipv6_addresses]
    )
    utils.filter_dict_attribute_mapping["network-interface.addresses.private-ip-address"] = (
        "interface_private_addresses"
    )
    utils.filter_dict_attribute_mapping["network-interface.ipv6-addresses.ipv6-address"] = (
        "interface_ipv6_addresses"
    )
