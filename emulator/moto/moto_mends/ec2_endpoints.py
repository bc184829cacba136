"""EC2 VPC endpoints: their type, groups, interfaces and routes.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html
"""

import json
from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.models.vpcs import VPCEndPoint
from moto.ec2.utils import random_private_ip

from .ec2_errors import groups_for

GATEWAY = "Gateway"
INTERFACE = "Interface"


def _dress_interfaces(backend: EC2Backend, endpoint: VPCEndPoint) -> None:
    groups = groups_for(backend, endpoint.security_group_ids, endpoint.vpc_id)
    for eni_id in endpoint.network_interface_ids:
        eni = backend.enis[eni_id]
        eni._group_set = groups
        eni.description = f"VPC Endpoint Interface {endpoint.id}"
        eni.interface_type = "vpc_endpoint"
        eni.requester_managed = True
        eni.private_ip_address = random_private_ip(eni.subnet.cidr_block)
        eni.private_ip_addresses = [{"Primary": True, "PrivateIpAddress": eni.private_ip_address}]


def _mend_creation() -> None:
    # moto leaves out the type that is the default, the default group and the groups of the
    # interfaces, and makes these look like anybody's, with addresses of no subnet.
    create = EC2Backend.create_vpc_endpoint

    def create_whole(
        self: EC2Backend, vpc_id: str, service_name: str, endpoint_type: str | None, **given: Any
    ) -> VPCEndPoint:
        kind = endpoint_type or GATEWAY
        if kind == INTERFACE and not given.get("security_group_ids"):
            given["security_group_ids"] = [self.get_default_security_group(vpc_id).id]
        if kind != INTERFACE:
            given["private_dns_enabled"] = False
        groups_for(self, given.get("security_group_ids") or [], vpc_id)
        endpoint = create(self, vpc_id, service_name, kind, **given)
        _dress_interfaces(self, endpoint)
        return endpoint

    EC2Backend.create_vpc_endpoint = create_whole


def _mend_templates() -> None:
    # moto keeps the policy of a template as an object, which is no JSON when it is shown, and a word
    # for a switch (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpcendpoint.html).
    create = EC2Backend.create_vpc_endpoint

    def create_of_template(self: EC2Backend, **given: Any) -> VPCEndPoint:
        policy = given.get("policy_document")
        if policy is not None and not isinstance(policy, str):
            given["policy_document"] = json.dumps(policy)
        if isinstance(given.get("private_dns_enabled"), str):
            given["private_dns_enabled"] = given["private_dns_enabled"].lower() == "true"
        given["route_table_ids"] = list(given.get("route_table_ids") or [])
        return create(self, **given)

    EC2Backend.create_vpc_endpoint = create_of_template


def _delete_routes(backend: EC2Backend, endpoint: VPCEndPoint, route_table_ids: list[str]) -> None:
    for route_table_id in route_table_ids:
        prefix_list_id = endpoint.destination_prefix_list_id
        if prefix_list_id is not None:
            backend.delete_route(route_table_id, prefix_list_id)


def _mend_modification() -> None:
    # moto changes neither the routes nor the interfaces with the endpoint.
    modify = EC2Backend.modify_vpc_endpoint

    def modify_with_dependents(
        self: EC2Backend,
        vpc_id: str,
        *,
        remove_route_tables: list[str] | None = None,
        add_route_tables: list[str] | None = None,
        **given: Any,
    ) -> None:
        endpoint = self.describe_vpc_endpoints(vpc_end_point_ids=[vpc_id])[0]
        before = list(endpoint.route_table_ids)
        modify(
            self,
            vpc_id,
            remove_route_tables=remove_route_tables,
            add_route_tables=add_route_tables,
            **given,
        )
        after = endpoint.route_table_ids
        _delete_routes(self, endpoint, [each for each in before if each not in after])
        if endpoint.destination_prefix_list_id is not None:
            for route_table_id in after:
                if route_table_id not in before:
                    self.create_route(
                        route_table_id,
                        None,
                        gateway_id=endpoint.id,
                        destination_prefix_list_id=endpoint.destination_prefix_list_id,
                    )
        groups = groups_for(self, endpoint.security_group_ids, endpoint.vpc_id)
        for eni_id in endpoint.network_interface_ids:
            self.enis[eni_id]._group_set = groups

    EC2Backend.modify_vpc_endpoint = modify_with_dependents


def _mend_deletion() -> None:
    # moto goes on showing an endpoint that is deleted.
    def delete_and_forget(self: EC2Backend, vpce_ids: list[str] | None = None) -> None:
        for endpoint_id in vpce_ids or []:
            endpoint = self.vpc_end_points.get(endpoint_id)
            if endpoint is None:
                continue
            if endpoint.vpc_endpoint_type == GATEWAY:
                _delete_routes(self, endpoint, endpoint.route_table_ids)
            else:
                for eni_id in endpoint.network_interface_ids:
                    self.delete_network_interface(eni_id)
            del self.vpc_end_points[endpoint_id]

    EC2Backend.delete_vpc_endpoints = delete_and_forget


def _mend_filters() -> None:
    # moto does not know the filter for the id.
    get_filter_value = VPCEndPoint.get_filter_value

    def with_id(self: VPCEndPoint, filter_name: str, method_name: str | None = None) -> Any:
        if filter_name == "vpc-endpoint-id":
            return self.id
        return get_filter_value(self, filter_name, method_name)

    VPCEndPoint.get_filter_value = with_id


def apply() -> None:
    _mend_creation()
    _mend_templates()
    _mend_modification()
    _mend_deletion()
    _mend_filters()
