"""EC2 routes to targets that moto does not know, and the firewall that AWS puts in front of one.

A tag ``emulator:internet-firewall`` on an internet gateway: an automated internet firewall inspects
what takes routes to it. Network Security Manager makes such firewalls, no call of EC2 does.
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.route_tables import Route
from moto.ec2.responses import EC2Response

FIREWALL_TAG = "emulator:internet-firewall"


def _mend_core_networks() -> None:
    # moto drops the core network of a new route, and the route then has no target.
    create = EC2Response.create_route
    Route.core_network_arn = None

    def create_route(self: EC2Response) -> ActionResult:
        table = self.ec2_backend.get_route_table(self._get_param("RouteTableId"))
        before = dict(table._routes)
        result = create(self)
        arn = self._get_param("CoreNetworkArn")
        if arn:
            for key, route in table._routes.items():
                if before.get(key) is not route:
                    route.core_network_arn = arn
        return result

    EC2Response.create_route = create_route


def _mend_firewalls() -> None:
    # moto knows no IgwFirewall.
    def igw_firewall(self: Route) -> dict[str, Any] | None:
        gateway = self.gateway or self.egress_only_igw
        if gateway is None:
            return None
        backend = self.route_table.ec2_backend
        name = backend.tags.get(gateway.id, {}).get(FIREWALL_TAG)
        if name is None:
            return None
        arn = f"arn:aws:network-firewall:{backend.region_name}:{backend.account_id}:firewall/{name}"
        return {"FirewallArn": arn, "Status": "active"}

    Route.igw_firewall = property(igw_firewall)


def apply() -> None:
    _mend_core_networks()
    _mend_firewalls()
