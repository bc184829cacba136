"""Systems Manager: which instances it manages."""

import json
from typing import Any

from moto.ec2.models import ec2_backends
from moto.ssm.responses import SimpleSystemManagerResponse


def _describe(instance: Any) -> dict[str, Any]:
    return {
        "InstanceId": instance.id,
        "PingStatus": "Online",
        "LastPingDateTime": instance.launch_time.timestamp(),
        "AgentVersion": "3.3.1000.0",
        "IsLatestVersion": True,
        "PlatformType": "Linux",
        "PlatformName": "Amazon Linux",
        "PlatformVersion": "2023",
        "ResourceType": "EC2Instance",
        "IPAddress": instance.private_ip_address,
    }


def _wanted_ids(response: SimpleSystemManagerResponse) -> set[str] | None:
    filters = response._get_param("Filters") or []
    older = response._get_param("InstanceInformationFilterList") or []
    for each in [
        *((item["Key"], item["Values"]) for item in filters),
        *((item["key"], item["valueSet"]) for item in older),
    ]:
        if each[0] == "InstanceIds":
            return set(each[1])
    return None


def _mend_instance_information() -> None:
    # moto has no DescribeInstanceInformation. Here every running instance with an instance profile
    # is managed and online.
    def describe_instance_information(self: SimpleSystemManagerResponse) -> str:
        backend = ec2_backends[self.current_account][self.region]
        wanted = _wanted_ids(self)
        managed = [
            _describe(instance)
            for instance in backend.all_running_instances()
            if instance.id in backend.iam_instance_profile_associations
            and (wanted is None or instance.id in wanted)
        ]
        return json.dumps({"InstanceInformationList": managed})

    SimpleSystemManagerResponse.describe_instance_information = describe_instance_information


def apply() -> None:
    _mend_instance_information()
