"""EC2 snapshots: they take time, carry their state, and can be locked."""

import datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ec2.exceptions import EC2ClientError, InvalidSnapshotIdError
from moto.ec2.models import EC2Backend
from moto.ec2.models.elastic_block_store import Snapshot
from moto.ec2.responses import EC2Response

from . import settings


def _age(snapshot: Snapshot) -> float:
    return (utcnow() - snapshot.start_time).total_seconds()


def _mend_states() -> None:
    # moto's snapshots are completed at once, and CreateSnapshots tells no state at all.
    def status(self: Snapshot) -> str:
        if self.from_ami:
            return "completed"
        if getattr(self, "unsealed", False):
            return "pending"
        return "completed" if _age(self) >= settings.seconds("snapshotSeconds") else "pending"

    def set_status(self: Snapshot, _: str) -> None:
        """The state follows from the age."""

    def progress(self: Snapshot) -> str:
        if self.status == "completed":
            return "100%"
        if getattr(self, "unsealed", False):
            return "0%"
        return f"{int(99 * _age(self) / settings.seconds('snapshotSeconds'))}%"

    Snapshot.status = property(status, set_status)
    Snapshot.state = property(status)
    Snapshot.progress = property(progress)


def _mend_sets() -> None:
    # moto gives the snapshots of one set different times, and ignores ExcludeDataVolumeIds.
    create = EC2Backend.create_snapshots

    def create_snapshots(
        self: EC2Backend, instance_spec: dict[str, Any], description: str, tags: dict[str, str]
    ) -> list[Snapshot]:
        excluded = set(instance_spec.get("ExcludeDataVolumeIds") or [])
        instance = self.get_instance(instance_spec["InstanceId"])
        mapping = instance.block_device_mapping
        attached = {device: mapped.volume_id for device, mapped in mapping.items()}
        unknown = excluded - set(attached.values())
        if unknown:
            raise EC2ClientError(
                "InvalidParameterValue",
                f"The volumes {sorted(unknown)} are not attached to {instance.id}",
            )
        kept = {device: mapping.pop(device) for device, id in attached.items() if id in excluded}
        try:
            snapshots = create(self, instance_spec, description, tags)
        finally:
            mapping.update(kept)
        now = utcnow()
        for snapshot in snapshots:
            snapshot.start_time = now
        return snapshots

    EC2Backend.create_snapshots = create_snapshots


def _lock_of(snapshot: Snapshot) -> dict[str, Any]:
    return {"SnapshotId": snapshot.id, "OwnerId": snapshot.owner_id, **snapshot.lock}


def _mend_locks() -> None:
    # moto has no LockSnapshot and no DescribeLockedSnapshots.
    def lock_snapshot(self: EC2Response) -> ActionResult:
        snapshot = self.ec2_backend.snapshots.get(self._get_param("SnapshotId"))
        if snapshot is None:
            raise InvalidSnapshotIdError()
        mode = self._get_param("LockMode")
        days = self._get_param("LockDuration")
        expires = self._get_param("ExpirationDate")
        if mode not in ("governance", "compliance") or (days is None) == (expires is None):
            raise EC2ClientError(
                "InvalidParameterCombination",
                "Specify a LockMode and one of LockDuration and ExpirationDate.",
            )
        cool_off = int(self._get_param("CoolOffPeriod") or 0)
        self.error_on_dryrun()
        now = utcnow()
        lock: dict[str, Any] = {
            "LockState": "compliance-cooloff" if cool_off else mode,
            "LockCreatedOn": now,
            "LockDurationStartTime": now,
            "LockExpiresOn": now + datetime.timedelta(days=int(days)) if days else expires,
        }
        if days:
            lock["LockDuration"] = int(days)
        if cool_off:
            lock["CoolOffPeriod"] = cool_off
            lock["CoolOffPeriodExpiresOn"] = now + datetime.timedelta(hours=cool_off)
        snapshot.lock = lock
        return ActionResult({"SnapshotId": snapshot.id, **lock})

    def describe_locked_snapshots(self: EC2Response) -> ActionResult:
        wanted = self._get_param("SnapshotIds") or []
        locked = [
            _lock_of(snapshot)
            for snapshot in self.ec2_backend.snapshots.values()
            if hasattr(snapshot, "lock") and (not wanted or snapshot.id in wanted)
        ]
        return ActionResult({"Snapshots": locked})

    EC2Response.lock_snapshot = lock_snapshot
    EC2Response.describe_locked_snapshots = describe_locked_snapshots


def apply() -> None:
    _mend_states()
    _mend_sets()
    _mend_locks()
