"""EC2 instances that no launch in moto makes: a tag at or after the launch makes them.

``emulator:operator`` = a service's principal, such as ``eks.amazonaws.com``: the instance is
managed by that service, which alone may change or end it. ``emulator:root`` = ``instance-store``:
the root device is no EBS volume.
"""

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.instances import Instance
from moto.ec2.responses import EC2Response

OPERATOR_TAG = "emulator:operator"
ROOT_TAG = "emulator:root"
INSTANCE_STORE = "instance-store"


def _tag(instance: Instance, key: str) -> str | None:
    return instance.ec2_backend.tags.get(instance.id, {}).get(key)


def _operator(instance: Instance | None) -> dict[str, Any]:
    principal = _tag(instance, OPERATOR_TAG) if instance is not None else None
    return {"Managed": True, "Principal": principal} if principal else {"Managed": False}


def _refuse_managed(instance: Instance | None) -> None:
    operator = _operator(instance)
    if instance is not None and operator["Managed"]:
        raise EC2ClientError(
            "OperationNotPermitted",
            f"The instance '{instance.id}' is managed by {operator['Principal']}. "
            "You cannot perform this operation on it.",
        )


def _instances(response: EC2Response) -> list[Instance]:
    ids = response._get_param("InstanceIds") or [response._get_param("InstanceId")]
    return [response.ec2_backend.get_instance(instance_id) for instance_id in ids]


def _mend_operators() -> None:
    # moto knows no managed instances.
    Instance.operator = property(_operator)
    NetworkInterface.operator = property(lambda self: _operator(self.instance))

    def refusing(change: Callable[[EC2Response], Any]) -> Callable[[EC2Response], Any]:
        def refuse_first(self: EC2Response) -> Any:
            for instance in _instances(self):
                _refuse_managed(instance)
            return change(self)

        return refuse_first

    for name in (
        "modify_instance_attribute",
        "modify_instance_metadata_options",
        "stop_instances",
        "terminate_instances",
    ):
        setattr(EC2Response, name, refusing(getattr(EC2Response, name)))

    modify_interface = EC2Response.modify_network_interface_attribute

    def modify_network_interface_attribute(self: EC2Response) -> ActionResult:
        eni = self.ec2_backend.get_network_interface(self._get_param("NetworkInterfaceId"))
        _refuse_managed(eni.instance)
        return modify_interface(self)

    EC2Response.modify_network_interface_attribute = modify_network_interface_attribute


def _lose_root_volume(instance: Instance) -> None:
    mapped = instance.block_device_mapping.get(instance.root_device_name)
    if mapped is None or _tag(instance, ROOT_TAG) != INSTANCE_STORE:
        return
    backend = instance.ec2_backend
    backend.detach_volume(mapped.volume_id, instance.id, instance.root_device_name)
    backend.delete_volume(mapped.volume_id)


def _mend_root_devices() -> None:
    # moto gives every instance a root volume.
    def root_device_type(self: Instance) -> str:
        return INSTANCE_STORE if _tag(self, ROOT_TAG) == INSTANCE_STORE else "ebs"

    def set_root_device_type(self: Instance, _: str) -> None:
        """The tag decides."""

    Instance.root_device_type = property(root_device_type, set_root_device_type)

    run = EC2Backend.run_instances
    create_tags = EC2Backend.create_tags

    def run_instances(self: EC2Backend, *args: Any, **kwargs: Any) -> Any:
        reservation = run(self, *args, **kwargs)
        for instance in reservation.instances:
            _lose_root_volume(instance)
        return reservation

    def tag_and_lose(self: EC2Backend, resource_ids: list[str], tags: dict[str, str]) -> bool:
        result = create_tags(self, resource_ids, tags)
        if ROOT_TAG in tags:
            for instance in self.all_instances():
                if instance.id in resource_ids:
                    _lose_root_volume(instance)
        return result

    EC2Backend.run_instances = run_instances
    EC2Backend.create_tags = tag_and_lose


def _refuse_stopping(instance: Instance) -> None:
    if instance.root_device_type == INSTANCE_STORE:
        raise EC2ClientError(
            "UnsupportedOperation",
            f"The instance '{instance.id}' does not have an 'ebs' root device type "
            "and cannot be stopped.",
        )


def _mend_stopping() -> None:
    # Without a root volume there is nothing to stop to, nor anything to protect from it.
    modify = EC2Response.modify_instance_attribute
    stop = EC2Response.stop_instances

    def modify_instance_attribute(self: EC2Response) -> ActionResult:
        protects = str(self._get_param("DisableApiStop.Value")).lower() == "true"
        if protects or self._get_param("InstanceInitiatedShutdownBehavior.Value") == "stop":
            for instance in _instances(self):
                _refuse_stopping(instance)
        return modify(self)

    def stop_instances(self: EC2Response) -> ActionResult:
        for instance in _instances(self):
            _refuse_stopping(instance)
        return stop(self)

    EC2Response.modify_instance_attribute = modify_instance_attribute
    EC2Response.stop_instances = stop_instances


def apply() -> None:
    _mend_stopping()
    _mend_operators()
    _mend_root_devices()
