"""EC2 instances: changing their attributes, and evidence calls that moto lacks."""

import base64
import copy
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import camelcase_to_underscores
from moto.ec2.exceptions import EC2ClientError, OperationNotPermitted4
from moto.ec2.models import EC2Backend
from moto.ec2.models.elastic_block_store import VolumeAttachment
from moto.ec2.responses import EC2Response
from moto.ec2.utils import parse_user_data

from .ec2_errors import groups_for

PROTECTIONS = ("DisableApiTermination", "DisableApiStop")
VALUES = (
    *PROTECTIONS, "InstanceInitiatedShutdownBehavior", "InstanceType", "Kernel", "Ramdisk",
    "UserData", "SourceDestCheck", "EbsOptimized",
)  # fmt: skip

# The metadata options, and the values that each of them takes.
METADATA_OPTIONS: dict[str, tuple[str, ...]] = {
    "HttpTokens": ("optional", "required"),
    "HttpPutResponseHopLimit": tuple(str(hops) for hops in range(1, 65)),
    "HttpEndpoint": ("disabled", "enabled"),
    "HttpProtocolIpv6": ("disabled", "enabled"),
    "InstanceMetadataTags": ("disabled", "enabled"),
}

# The smallest JPEG: one grey pixel.
SCREENSHOT = base64.b64encode(
    bytes.fromhex(
        "ffd8ffe000104a46494600010100000100010000ffdb004300"
        + "01" * 64
        + "ffc0000b080001000101011100ffc40014000100000000000000000000000000000003"
        "ffc40014100100000000000000000000000000000000ffda0008010100003f0037ffd9"
    )
).decode()


def _is_true(value: Any) -> bool:
    return str(value).lower() == "true"


def _given_attributes(response: EC2Response) -> dict[str, Any]:
    given = {name: response._get_param(f"{name}.Value") for name in VALUES}
    given["BlockDeviceMappings"] = response._get_param("BlockDeviceMappings") or None
    given["Groups"] = response._get_param("Groups") or None
    attribute = response._get_param("Attribute")
    if attribute is not None:
        # The older form, Attribute=disableApiTermination&Value=true.
        given[attribute[0].upper() + attribute[1:]] = response._get_param("Value")
    return {name: value for name, value in given.items() if value is not None}


def _set_groups(response: EC2Response, instance: Any, group_ids: list[str]) -> None:
    if len(instance.nics) > 1:
        raise EC2ClientError(
            "InvalidInstanceID",
            f"There are multiple interfaces attached to instance '{instance.id}'. "
            "Please specify an interface ID for the operation instead.",
        )
    eni = instance.nics[0]
    groups = groups_for(response.ec2_backend, group_ids, eni.vpc_id)
    response.error_on_dryrun()
    eni._group_set = groups


def _set_mappings(response: EC2Response, instance: Any, mappings: list[dict[str, Any]]) -> None:
    for mapping in mappings:
        if mapping.get("DeviceName") not in instance.block_device_mapping:
            raise EC2ClientError(
                "InvalidInstanceAttributeValue",
                f"No device is currently mapped at {mapping.get('DeviceName')}",
            )
    response.error_on_dryrun()
    for mapping in mappings:
        # AWS: "If no value is specified for DeleteOnTermination, the default is true".
        value = mapping.get("Ebs", {}).get("DeleteOnTermination", True)
        instance.block_device_mapping[mapping["DeviceName"]].delete_on_termination = _is_true(value)


def _set_value(response: EC2Response, instance: Any, name: str, value: Any) -> None:
    if name in PROTECTIONS:
        if _is_true(value) and instance.lifecycle == "spot":
            raise EC2ClientError(
                "UnsupportedOperation", f"{name} is not supported for Spot Instances."
            )
        value = _is_true(value)
    if name == "InstanceInitiatedShutdownBehavior" and value not in ("stop", "terminate"):
        raise EC2ClientError(
            "InvalidParameterValue",
            f"Invalid value '{value}' for InstanceInitiatedShutdownBehavior.",
        )
    response.error_on_dryrun()
    if name == "UserData" and value:
        value = parse_user_data(value)
    setattr(instance, camelcase_to_underscores(name), value)


def _mend_modify_attribute() -> None:
    # moto takes Groups with several interfaces (and does not reach the one there may be), takes a
    # shutdown behaviour for a change to no groups, takes protection of Spot instances and several
    # attributes at once, and checks nothing in a dry run.
    def modify_instance_attribute(self: EC2Response) -> ActionResult:
        instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
        given = _given_attributes(self)
        if len(given) != 1:
            raise EC2ClientError(
                "InvalidParameterCombination",
                f"Fields for multiple attribute types specified: {', '.join(given)}"
                if given
                else "No attributes specified.",
            )
        ((name, value),) = given.items()
        if instance.state == "terminated":
            raise EC2ClientError(
                "IncorrectInstanceState",
                f"The instance '{instance.id}' is not in a valid state for this operation.",
            )
        if name == "Groups":
            _set_groups(self, instance, value)
        elif name == "BlockDeviceMappings":
            _set_mappings(self, instance, value)
        else:
            _set_value(self, instance, name, value)
        return EmptyResult()

    EC2Response.modify_instance_attribute = modify_instance_attribute


def _mend_describe_attribute() -> None:
    # moto answers blockDeviceMapping in a form that no SDK reads.
    describe = EC2Response.describe_instance_attribute

    def describe_instance_attribute(self: EC2Response) -> ActionResult:
        if self._get_param("Attribute") != "blockDeviceMapping":
            return describe(self)
        instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
        mappings = instance.block_device_mappings
        return ActionResult({"InstanceId": instance.id, "BlockDeviceMappings": mappings})

    EC2Response.describe_instance_attribute = describe_instance_attribute


def _mend_attachments() -> None:
    # moto does not tell DeleteOnTermination in DescribeVolumes.
    def delete_on_termination(self: VolumeAttachment) -> bool:
        mapping = self.instance.block_device_mapping.get(self.device)
        return bool(mapping and mapping.delete_on_termination)

    VolumeAttachment.delete_on_termination = property(delete_on_termination)


def _mend_protection() -> None:
    # moto ignores DisableApiTermination at launch, and lets stop protection not stop termination.
    run_response = EC2Response.run_instances
    terminate = EC2Backend.terminate_instances

    def run_instances(self: EC2Response) -> ActionResult:
        result = run_response(self)
        if _is_true(self._get_param("DisableApiTermination")):
            for instance in result.result.instances:
                instance.disable_api_termination = True
        return result

    def terminate_instances(self: EC2Backend, instance_ids: list[str]) -> Any:
        for instance in self.get_multi_instances_by_id(instance_ids):
            if instance.disable_api_stop or instance.disable_api_termination:
                raise OperationNotPermitted4(instance.id)
        return terminate(self, instance_ids)

    EC2Response.run_instances = run_instances
    EC2Backend.terminate_instances = terminate_instances


def _mend_metadata_options() -> None:
    # moto takes any value, sets every option that is not named to nothing, changes them in a dry
    # run, and says at once that they apply, where AWS answers that the change is pending:
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceMetadataOptions.html
    def modify_instance_metadata_options(self: EC2Response) -> ActionResult:
        instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
        given = {name: self._get_param(name) for name in METADATA_OPTIONS}
        wanted = {name: value for name, value in given.items() if value is not None}
        for name, value in wanted.items():
            if str(value) not in METADATA_OPTIONS[name]:
                raise EC2ClientError(
                    "InvalidParameterValue", f"Value ({value}) for parameter {name} is invalid."
                )
        self.error_on_dryrun()
        options = instance.metadata_options
        for name, value in wanted.items():
            attribute = camelcase_to_underscores(name)
            setattr(options, attribute, int(value) if name.endswith("Limit") else value)
        pending = copy.copy(options)
        pending.state = "pending"
        return ActionResult({"InstanceId": instance.id, "InstanceMetadataOptions": pending})

    EC2Response.modify_instance_metadata_options = modify_instance_metadata_options


def _mend_screenshot() -> None:
    # moto has no GetConsoleScreenshot.
    def get_console_screenshot(self: EC2Response) -> ActionResult:
        instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
        self.error_on_dryrun()
        if instance.state != "running":
            raise EC2ClientError(
                "IncorrectInstanceState",
                f"The instance '{instance.id}' is not in a valid state for this operation.",
            )
        return ActionResult({"InstanceId": instance.id, "ImageData": SCREENSHOT})

    EC2Response.get_console_screenshot = get_console_screenshot


def apply() -> None:
    _mend_modify_attribute()
    _mend_describe_attribute()
    _mend_attachments()
    _mend_protection()
    _mend_metadata_options()
    _mend_screenshot()
