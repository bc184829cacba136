"""EC2 volumes: making them of snapshots, attaching and detaching them, where AWS refuses it.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AttachVolume.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DetachVolume.html
https://docs.aws.amazon.com/ec2/latest/devguide/errors-overview.html
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError, InvalidVolumeAttachmentError
from moto.ec2.models import EC2Backend
from moto.ec2.models.elastic_block_store import Volume
from moto.ec2.responses import EC2Response

# What makes two requests with one client token different.
SIGNED = ("Action", "Version", "Signature", "Timestamp", "X-Amz-", "AWSAccessKeyId")


def _mend_sources() -> None:
    # moto makes volumes of snapshots that are not completed, and smaller ones than the snapshot.
    create = EC2Backend.create_volume

    def create_volume(self: EC2Backend, size: Any, *args: Any, **kwargs: Any) -> Volume:
        snapshot_id = kwargs.get("snapshot_id")
        if snapshot_id:
            snapshot = self.get_snapshot(snapshot_id)
            if snapshot.status != "completed":
                raise EC2ClientError(
                    "IncorrectState", f"The snapshot '{snapshot_id}' is {snapshot.status}."
                )
            if size is not None and int(size) < int(snapshot.volume_size):
                raise EC2ClientError(
                    "InvalidParameterValue",
                    f"A volume of {size} GiB is smaller than its snapshot.",
                )
        return create(self, size, *args, **kwargs)

    EC2Backend.create_volume = create_volume


def _mend_tokens() -> None:
    # moto ignores the client token, and makes a second volume.
    # https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
    create = EC2Response.create_volume

    def create_volume(self: EC2Response) -> ActionResult:
        token = self._get_param("ClientToken")
        if not token:
            return create(self)
        asked = {key: value for key, value in self.data.items() if not key.startswith(SIGNED)}
        earlier = self.ec2_backend.__dict__.setdefault("answered_volume_tokens", {})
        if token not in earlier:
            earlier[token] = (asked, create(self))
        elif earlier[token][0] != asked:
            raise EC2ClientError(
                "IdempotentParameterMismatch",
                f"The client token '{token}' was used with other parameters.",
            )
        return earlier[token][1]

    EC2Response.create_volume = create_volume


def _letters(device: str) -> str:
    """What of a device name decides: ``/dev/sdf``, ``/dev/xvdf`` and ``xvdf`` are one place."""
    return device.removeprefix("/dev/").removeprefix("sd").removeprefix("xvd")


def _mend_attaching() -> None:
    # moto attaches a volume twice, across zones, to what is terminated, and over another one.
    attach = EC2Response.attach_volume

    def attach_volume(self: EC2Response) -> ActionResult:
        volume = self.ec2_backend.get_volume(self._get_param("VolumeId"))
        instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
        device = self._get_param("Device")
        if volume.attachment:
            raise EC2ClientError("VolumeInUse", f"{volume.id} is already attached to an instance")
        if instance.state not in ("running", "stopped"):
            raise EC2ClientError("IncorrectState", f"Instance '{instance.id}' is not 'running'.")
        if volume.availability_zone != instance._placement.zone:
            raise EC2ClientError(
                "InvalidVolume.ZoneMismatch",
                f"The volume '{volume.id}' is not in the same availability zone as instance "
                f"'{instance.id}'",
            )
        if _letters(device) in map(_letters, instance.block_device_mapping):
            raise EC2ClientError(
                "InvalidDevice.InUse", f"Attachment point {device} is already in use"
            )
        return attach(self)

    EC2Response.attach_volume = attach_volume


def _mend_detaching() -> None:
    # moto wants the instance named, takes what lies at the same device of another one away, and
    # detaches the root volume of what runs.
    def detach_volume(self: EC2Response) -> ActionResult:
        volume = self.ec2_backend.get_volume(self._get_param("VolumeId"))
        attachment = volume.attachment
        wanted = self._get_param("InstanceId")
        if attachment is None or (wanted and attachment.instance.id != wanted):
            raise InvalidVolumeAttachmentError(volume.id, wanted)
        instance = attachment.instance
        if attachment.device == instance.root_device_name and instance.state == "running":
            raise EC2ClientError(
                "OperationNotPermitted",
                f"Unable to detach root volume '{volume.id}' from instance '{instance.id}'",
            )
        self.error_on_dryrun()
        self.ec2_backend.detach_volume(volume.id, instance.id, attachment.device)
        return ActionResult(
            {
                "VolumeId": volume.id,
                "InstanceId": instance.id,
                "Device": attachment.device,
                "State": "detaching",
                "AttachTime": attachment.attach_time,
            }
        )

    EC2Response.detach_volume = detach_volume


def apply() -> None:
    _mend_sources()
    _mend_tokens()
    _mend_attaching()
    _mend_detaching()
