"""EC2 snapshots under keys: what a copy is, and which snapshot may be shared."""

from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.exceptions import EC2ClientError, InvalidSnapshotIdError
from moto.ec2.models import EC2Backend
from moto.ec2.models.elastic_block_store import Snapshot
from moto.ec2.responses import EC2Response
from moto.kms import kms_backends

# https://docs.aws.amazon.com/ebs/latest/userguide/ebs-resource-quotas.html
MOST_COPIES = 20


def _key(backend: EC2Backend, key_id: str | None) -> Any:
    """The key of this account, by any of its names; none for one that is not here."""
    kms = kms_backends[backend.account_id][backend.region_name]
    for key in kms.keys.values():
        if key_id and key_id in (key.id, key.arn):
            return key
    return None


def _arn(backend: EC2Backend, key_id: str | None) -> str | None:
    key = _key(backend, key_id)
    return key.arn if key is not None else key_id


def _is_managed_by_aws(backend: EC2Backend, key_id: str | None) -> bool:
    kms = kms_backends[backend.account_id][backend.region_name]
    alias = "alias/aws/ebs"
    return kms.alias_exists(alias) and kms.describe_key(alias).arn == _arn(backend, key_id)


def _mend_keys() -> None:
    # moto's snapshots forget the key of their volume.
    create = EC2Backend.create_snapshot

    def create_snapshot(self: EC2Backend, *args: Any, **kwargs: Any) -> Snapshot:
        snapshot = create(self, *args, **kwargs)
        snapshot.kms_key_id = _arn(self, snapshot.volume.kms_key_id)
        return snapshot

    EC2Backend.create_snapshot = create_snapshot


def _mend_failures() -> None:
    # A copy under a key that is not accessible is made, and fails afterwards
    # (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CopySnapshot.html).
    state = Snapshot.status

    def status(self: Snapshot) -> str:
        message = getattr(self, "state_message", None)
        return "error" if message else str(state.fget(self))

    shown = Snapshot.progress

    def progress(self: Snapshot) -> str:
        return "0%" if self.status == "error" else str(shown.fget(self))

    Snapshot.status = property(status, state.fset)
    Snapshot.state = property(status)
    Snapshot.progress = property(progress)


def _mend_copies() -> None:
    # moto copies what is pending, keeps the volume of the source, and knows no limit.
    def copy_snapshot(self: EC2Response) -> ActionResult:
        backend = self.ec2_backend
        source = backend.snapshots.get(self._get_param("SourceSnapshotId"))
        if source is None:
            raise InvalidSnapshotIdError()
        encrypted = str(self._get_param("Encrypted")).lower() == "true"
        key_id = self._get_param("KmsKeyId")
        if key_id and not encrypted:
            raise EC2ClientError(
                "InvalidParameterDependency",
                "The parameter KmsKeyId requires the parameter Encrypted to be set.",
            )
        tags = self._parse_tag_specification().get("snapshot", {})
        if source.status != "completed":
            raise EC2ClientError(
                "IncorrectState", f"Snapshot is in invalid state - {source.status}"
            )
        copies = [each for each in backend.snapshots.values() if hasattr(each, "copy_of")]
        if sum(each.status == "pending" for each in copies) >= MOST_COPIES:
            raise EC2ClientError(
                "ResourceLimitExceeded",
                "Too many snapshot copies in progress. "
                f"The limit is {MOST_COPIES} for this destination region.",
            )
        self.error_on_dryrun()
        copy = backend.copy_snapshot(
            source.id, self._get_param("SourceRegion"), self._get_param("Description"), None
        )
        copy.copy_of = source.id
        copy.encrypted = encrypted or source.encrypted
        if copy.encrypted:
            copy.kms_key_id = _arn(backend, key_id or source.kms_key_id)
            key = _key(backend, copy.kms_key_id)
            if key is not None and not key.enabled:
                copy.state_message = "Given key ID is not accessible"
        copy.add_tags(tags)
        return ActionResult({"SnapshotId": copy.id, "Tags": copy.tag_set})

    EC2Response.copy_snapshot = copy_snapshot
    # The volume of a copy is an arbitrary one.
    Snapshot.volume_id = property(
        lambda self: "vol-ffffffff" if hasattr(self, "copy_of") else self.volume.id
    )
    filter_value = Snapshot.get_filter_value

    def get_filter_value(self: Snapshot, name: str, method: str | None = None) -> Any:
        if name == "volume-id":
            return self.volume_id
        return filter_value(self, name, method)

    Snapshot.get_filter_value = get_filter_value


def _mend_sharing() -> None:
    # moto shares any snapshot
    # (https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html).
    modify = EC2Response.modify_snapshot_attribute

    def modify_snapshot_attribute(self: EC2Response) -> EmptyResult:
        snapshot = self.ec2_backend.snapshots.get(self._get_param("SnapshotId"))
        if snapshot is None:
            raise InvalidSnapshotIdError()
        if snapshot.encrypted and self._get_param("OperationType") == "add":
            if _is_managed_by_aws(self.ec2_backend, snapshot.kms_key_id):
                raise EC2ClientError(
                    "OperationNotPermitted",
                    "Encrypted snapshots with EBS default key cannot be shared",
                )
            if "all" in (self._get_param("GroupNames") or []):
                raise EC2ClientError(
                    "OperationNotPermitted", "Encrypted snapshots cannot be shared publicly"
                )
        return modify(self)

    EC2Response.modify_snapshot_attribute = modify_snapshot_attribute


def apply() -> None:
    _mend_keys()
    _mend_failures()
    _mend_copies()
    _mend_sharing()
