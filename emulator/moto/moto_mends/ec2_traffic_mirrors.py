"""EC2 traffic mirroring: filters with their rules, and sessions.

https://docs.aws.amazon.com/vpc/latest/mirroring/traffic-mirroring-how-it-works.html
"""

from typing import Any
from uuid import uuid4

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import traffic_mirrors
from moto.ec2.responses import EC2Response

# https://docs.aws.amazon.com/vpc/latest/mirroring/traffic-mirroring-quotas.html
MOST_SESSIONS_PER_INTERFACE = 3
MOST_RULES_PER_FILTER = 10
HIGHEST_SESSION_NUMBER = 32766

# https://docs.aws.amazon.com/vpc/latest/mirroring/traffic-mirroring-limits.html
WITHOUT_MIRRORING = {"t2", "r3", "i2", "m1", "m2", "m3", "c1", "c3", "t1"}

SESSION_FILTERS = {
    "description": "Description",
    "network-interface-id": "NetworkInterfaceId",
    "owner-id": "OwnerId",
    "packet-length": "PacketLength",
    "session-number": "SessionNumber",
    "traffic-mirror-filter-id": "TrafficMirrorFilterId",
    "traffic-mirror-session-id": "TrafficMirrorSessionId",
    "traffic-mirror-target-id": "TrafficMirrorTargetId",
    "virtual-network-id": "VirtualNetworkId",
}
FILTER_FILTERS = {
    "description": "Description",
    "traffic-mirror-filter-id": "TrafficMirrorFilterId",
}


def _kept(response: EC2Response, kind: str) -> dict[str, Any]:
    """What there is of a kind, by id; or what was made with a client token, by the token."""
    return response.ec2_backend.__dict__.setdefault(f"traffic_mirror_{kind}_kept", {})


def _id(prefix: str) -> str:
    return f"{prefix}-{uuid4().hex[:17]}"


def _existing(response: EC2Response, kind: str, name: str, item_id: str) -> dict[str, Any]:
    found = _kept(response, kind).get(item_id)
    if found is None:
        raise EC2ClientError(
            f"Invalid{name}Id.NotFound", f"The {name} ID '{item_id}' does not exist"
        )
    return found


def _once(response: EC2Response, make: Any) -> Any:
    """The same token gives the same thing; with other parameters it is refused.

    https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
    """
    token = response._get_param("ClientToken")
    asked = {key: value for key, value in response.data.items() if not key.startswith("X-Amz")}
    made = _kept(response, "tokens")
    if token and token in made:
        before, answer = made[token]
        if before != asked:
            raise EC2ClientError(
                "IdempotentParameterMismatch",
                "The request uses the same client token as a previous, but non-identical request.",
            )
        return answer
    answer = make()
    if token:
        made[token] = (asked, answer)
    return answer


def _tags(response: EC2Response, kind: str) -> list[dict[str, str]]:
    tags = response._parse_tag_specification().get(kind, {})
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _listed(response: EC2Response, kind: str, name: str, filters: dict[str, str]) -> list[Any]:
    response.error_on_dryrun()
    wanted = response._get_param(f"{name}Ids") or list(_kept(response, kind))
    found = [_existing(response, kind, name, each) for each in wanted]
    for key, values in response._filters_from_querystring().items():
        found = [each for each in found if str(each.get(filters[key])) in values]
    return found


def _mend_filters() -> None:
    # moto's filters have no rules, and nothing deletes them.
    def create(self: EC2Response) -> ActionResult:
        tags = _tags(self, "traffic-mirror-filter")
        self.error_on_dryrun()

        def make() -> dict[str, Any]:
            made = {
                "TrafficMirrorFilterId": _id("tmf"),
                "IngressFilterRules": [],
                "EgressFilterRules": [],
                "NetworkServices": [],
                "Description": self._get_param("Description"),
                "Tags": tags,
            }
            _kept(self, "filters")[made["TrafficMirrorFilterId"]] = made
            return made

        made = _once(self, make)
        return ActionResult({"TrafficMirrorFilter": made})

    def describe(self: EC2Response) -> ActionResult:
        found = _listed(self, "filters", "TrafficMirrorFilter", FILTER_FILTERS)
        return ActionResult({"TrafficMirrorFilters": found})

    def delete(self: EC2Response) -> ActionResult:
        filter_id = self._get_param("TrafficMirrorFilterId")
        _existing(self, "filters", "TrafficMirrorFilter", filter_id)
        self.error_on_dryrun()
        sessions = _kept(self, "sessions").values()
        if any(each["TrafficMirrorFilterId"] == filter_id for each in sessions):
            raise EC2ClientError(
                "TrafficMirrorFilterInUse",
                "The Traffic Mirror filter cannot be deleted because a Traffic Mirror session "
                "is currently using it.",
            )
        del _kept(self, "filters")[filter_id]
        return ActionResult({"TrafficMirrorFilterId": filter_id})

    EC2Response.create_traffic_mirror_filter = create
    EC2Response.describe_traffic_mirror_filters = describe
    EC2Response.delete_traffic_mirror_filter = delete


def _mend_rules() -> None:
    # moto has no rules and no network services of a filter.
    def create_rule(self: EC2Response) -> ActionResult:
        filter_id = self._get_param("TrafficMirrorFilterId")
        mirror = _existing(self, "filters", "TrafficMirrorFilter", filter_id)
        direction = self._get_param("TrafficDirection")
        rules = mirror[f"{str(direction).capitalize()}FilterRules"]
        self.error_on_dryrun()

        def make() -> dict[str, Any]:
            number = int(self._get_param("RuleNumber"))
            if any(each["RuleNumber"] == number for each in rules):
                raise EC2ClientError(
                    "TrafficMirrorFilterRuleAlreadyExists",
                    f"The Traffic Mirror filter has a rule {number} already.",
                )
            if len(mirror["IngressFilterRules"] + mirror["EgressFilterRules"]) >= (
                MOST_RULES_PER_FILTER
            ):
                raise EC2ClientError(
                    "TrafficMirrorFilterRuleLimitExceeded",
                    "The maximum number of Traffic Mirror filter rules has been exceeded.",
                )
            made = {
                "TrafficMirrorFilterRuleId": _id("tmfr"),
                "TrafficMirrorFilterId": filter_id,
                "TrafficDirection": direction,
                "RuleNumber": number,
                "RuleAction": self._get_param("RuleAction"),
                "SourceCidrBlock": self._get_param("SourceCidrBlock"),
                "DestinationCidrBlock": self._get_param("DestinationCidrBlock"),
                "Description": self._get_param("Description"),
            }
            rules.append(made)
            return made

        return ActionResult({"TrafficMirrorFilterRule": _once(self, make)})

    def modify_services(self: EC2Response) -> ActionResult:
        filter_id = self._get_param("TrafficMirrorFilterId")
        mirror = _existing(self, "filters", "TrafficMirrorFilter", filter_id)
        self.error_on_dryrun()
        removed = self._get_param("RemoveNetworkServices") or []
        added = self._get_param("AddNetworkServices") or []
        kept = [each for each in mirror["NetworkServices"] if each not in removed]
        mirror["NetworkServices"] = list(dict.fromkeys([*kept, *added]))
        return ActionResult({"TrafficMirrorFilter": mirror})

    EC2Response.create_traffic_mirror_filter_rule = create_rule
    EC2Response.modify_traffic_mirror_filter_network_services = modify_services


def _refuse_interface(response: EC2Response, interface_id: str, number: int) -> None:
    eni = response.ec2_backend.get_network_interface(interface_id)
    instance_type = getattr(eni.instance, "instance_type", None) or ""
    if instance_type.split(".")[0] in WITHOUT_MIRRORING:
        raise EC2ClientError(
            "NetworkInterfaceNotSupported",
            f"Traffic Mirroring is not supported on the instance type {instance_type}.",
        )
    mine = [
        each
        for each in _kept(response, "sessions").values()
        if each["NetworkInterfaceId"] == interface_id
    ]
    if len(mine) >= MOST_SESSIONS_PER_INTERFACE:
        raise EC2ClientError(
            "TrafficMirrorSessionsPerInterfaceLimitExceeded",
            "The allowed number of Traffic Mirror sessions for the specified network interface "
            "has been exceeded.",
        )
    if any(each["SessionNumber"] == number for each in mine):
        raise EC2ClientError(
            "InvalidParameterValue", f"The session number {number} is in use on {interface_id}."
        )


def _mend_sessions() -> None:
    # moto has no sessions.
    def create(self: EC2Response) -> ActionResult:
        interface_id = self._get_param("NetworkInterfaceId")
        filter_id = self._get_param("TrafficMirrorFilterId")
        target_id = self._get_param("TrafficMirrorTargetId")
        number = int(self._get_param("SessionNumber"))
        _existing(self, "filters", "TrafficMirrorFilter", filter_id)
        if target_id not in self.ec2_backend.traffic_mirror_targets:
            raise EC2ClientError(
                "InvalidTrafficMirrorTargetId.NotFound",
                f"The TrafficMirrorTarget ID '{target_id}' does not exist",
            )
        if not 1 <= number <= HIGHEST_SESSION_NUMBER:
            raise EC2ClientError(
                "InvalidParameterValue", f"The session number {number} is not valid."
            )
        tags = _tags(self, "traffic-mirror-session")

        def make() -> dict[str, Any]:
            _refuse_interface(self, interface_id, number)
            self.error_on_dryrun()
            made = {
                "TrafficMirrorSessionId": _id("tms"),
                "TrafficMirrorTargetId": target_id,
                "TrafficMirrorFilterId": filter_id,
                "NetworkInterfaceId": interface_id,
                "OwnerId": self.current_account,
                "SessionNumber": number,
                "VirtualNetworkId": int(uuid4().hex[:5], 16),
                "Description": self._get_param("Description"),
                "Tags": tags,
            }
            _kept(self, "sessions")[made["TrafficMirrorSessionId"]] = made
            return made

        return ActionResult({"TrafficMirrorSession": _once(self, make)})

    def describe(self: EC2Response) -> ActionResult:
        found = _listed(self, "sessions", "TrafficMirrorSession", SESSION_FILTERS)
        return ActionResult({"TrafficMirrorSessions": found})

    def delete(self: EC2Response) -> ActionResult:
        session_id = self._get_param("TrafficMirrorSessionId")
        _existing(self, "sessions", "TrafficMirrorSession", session_id)
        self.error_on_dryrun()
        del _kept(self, "sessions")[session_id]
        return ActionResult({"TrafficMirrorSessionId": session_id})

    EC2Response.create_traffic_mirror_session = create
    EC2Response.describe_traffic_mirror_sessions = describe
    EC2Response.delete_traffic_mirror_session = delete


def _mend_targets() -> None:
    # moto's targets have ids of 8 digits; EC2's have 17
    # (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTrafficMirrorTarget.html).
    traffic_mirrors.random_traffic_mirror_target_id = lambda: _id("tmt")


def apply() -> None:
    _mend_targets()
    _mend_filters()
    _mend_rules()
    _mend_sessions()
