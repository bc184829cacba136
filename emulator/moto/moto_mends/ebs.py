"""EBS: volumes and snapshots have content, in blocks, and the EBS direct APIs read and write it.

https://docs.aws.amazon.com/ebs/latest/APIReference/API_Operations.html
https://docs.aws.amazon.com/ebs/latest/userguide/ebs-accessing-snapshot.html
"""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from moto.core.common_types import TYPE_RESPONSE
from moto.ebs.responses import EBSResponse
from moto.ec2.models import EC2Backend, ec2_backends
from moto.ec2.models.elastic_block_store import Snapshot, Volume
from moto.ec2.utils import random_snapshot_id
from moto.moto_api._internal import urls

BLOCK_BYTES = 524_288
FEWEST_LISTED = 100
MOST_LISTED = 10_000
# What DescribeSnapshots says of a snapshot that was made of no volume.
NO_VOLUME = "vol-ffffffff"

Blocks = dict[int, bytes]


def blocks_of(resource: Any) -> Blocks:
    """What was ever written to a volume, or lies in a snapshot, by the number of the block."""
    if not hasattr(resource, "blocks"):
        resource.blocks = {}
    return resource.blocks


def _checksum(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def _token(snapshot: Snapshot, index: int) -> str:
    data = blocks_of(snapshot)[index]
    return base64.b64encode(hashlib.sha256(f"{snapshot.id} {index}".encode() + data).digest()).decode()


class Refused(Exception):
    """An error of the EBS direct APIs."""

    def __init__(self, status: int, code: str, reason: str, message: str) -> None:
        self.answer: TYPE_RESPONSE = (
            status,
            {"status": status, "x-amzn-ErrorType": code},
            json.dumps({"__type": code, "Message": message, "Reason": reason}),
        )


def _invalid(reason: str, message: str) -> Refused:
    return Refused(400, "ValidationException", reason, message)


def _mend_content() -> None:
    # moto's volumes and snapshots have no content.
    create_volume = EC2Backend.create_volume
    create_snapshot = EC2Backend.create_snapshot

    def filled_volume(self: EC2Backend, *args: Any, **kwargs: Any) -> Volume:
        source = self.snapshots.get(kwargs.get("snapshot_id") or "")
        volume = create_volume(self, *args, **kwargs)
        if source is not None:
            volume.blocks = dict(blocks_of(source))
            volume.encrypted = volume.encrypted or source.encrypted
        return volume

    def filled_snapshot(self: EC2Backend, volume_id: str, *args: Any, **kwargs: Any) -> Snapshot:
        snapshot = create_snapshot(self, volume_id, *args, **kwargs)
        snapshot.blocks = dict(blocks_of(self.get_volume(volume_id)))
        return snapshot

    EC2Backend.create_volume = filled_volume
    EC2Backend.create_snapshot = filled_snapshot


class DirectApis:
    """The operations over the snapshots of one account and Region."""

    def __init__(self, backend: EC2Backend) -> None:
        self.backend = backend

    def _snapshot(self, snapshot_id: str) -> Snapshot:
        snapshot = self.backend.snapshots.get(snapshot_id)
        if snapshot is None:
            message = f"The snapshot '{snapshot_id}' does not exist."
            raise Refused(404, "ResourceNotFoundException", "SNAPSHOT_NOT_FOUND", message)
        return snapshot

    def start(self, asked: dict[str, Any]) -> Snapshot:
        token = asked.get("ClientToken")
        known = self.backend.__dict__.setdefault("snapshot_tokens", {})
        if token in known:
            before, snapshot_id = known[token]
            if before != asked:
                message = "The request uses the same client token as a previous, other request."
                raise Refused(503, "ConflictException", "IDEMPOTENT_PARAMETER_MISMATCH", message)
            return self._snapshot(snapshot_id)
        if asked.get("KmsKeyArn") and not asked.get("Encrypted"):
            raise _invalid("INVALID_PARAMETER_VALUE", "KmsKeyArn needs Encrypted.")
        volume = Volume(self.backend, NO_VOLUME, asked["VolumeSize"], zone=None)
        snapshot = Snapshot(
            self.backend,
            random_snapshot_id(),
            volume,
            asked.get("Description", ""),
            encrypted=asked.get("Encrypted", False),
            kms_key_id=asked.get("KmsKeyArn"),
        )
        snapshot.unsealed = True
        snapshot.blocks = {}
        self.backend.snapshots[snapshot.id] = snapshot
        snapshot.add_tags({tag["Key"]: tag["Value"] for tag in asked.get("Tags", [])})
        if token:
            known[token] = (asked, snapshot.id)
        return snapshot

    def put(self, snapshot_id: str, index: int, data: bytes, said: dict[str, str]) -> str:
        snapshot = self._snapshot(snapshot_id)
        if not getattr(snapshot, "unsealed", False):
            raise _invalid("INVALID_SNAPSHOT_ID", "The snapshot is not pending.")
        fits = len(data) == BLOCK_BYTES == int(said.get("x-amz-data-length", 0))
        if not fits or index >= snapshot.volume.size * 2048:
            raise _invalid("INVALID_BLOCK", "The block is not one of this snapshot.")
        if said.get("x-amz-checksum-algorithm") != "SHA256":
            raise _invalid("INVALID_PARAMETER_VALUE", "The algorithm must be SHA256.")
        if said.get("x-amz-checksum") != _checksum(data):
            raise _invalid("INVALID_BLOCK", "The checksum does not match the data.")
        blocks_of(snapshot)[index] = data
        return _checksum(data)

    def complete(self, snapshot_id: str, said: dict[str, str]) -> str:
        snapshot = self._snapshot(snapshot_id)
        if not getattr(snapshot, "unsealed", False):
            return snapshot.status
        blocks = blocks_of(snapshot)
        digests = b"".join(hashlib.sha256(blocks[index]).digest() for index in sorted(blocks))
        wrong = said.get("x-amz-checksum", _checksum(digests)) != _checksum(digests)
        if wrong or int(said.get("x-amz-changedblockscount", -1)) != len(blocks):
            raise _invalid("INVALID_PARAMETER_VALUE", "The blocks are others than those written.")
        snapshot.unsealed = False
        return snapshot.status

    def _completed(self, snapshot_id: str) -> Snapshot:
        snapshot = self._snapshot(snapshot_id)
        if snapshot.status != "completed":
            raise _invalid("INVALID_SNAPSHOT_ID", "The snapshot is not completed.")
        return snapshot

    def list(self, snapshot_id: str, query: dict[str, str]) -> dict[str, Any]:
        snapshot = self._completed(snapshot_id)
        start = int(query.get("pageToken") or query.get("startingBlockIndex") or 0)
        most = min(MOST_LISTED, max(FEWEST_LISTED, int(query.get("maxResults", MOST_LISTED))))
        there = [index for index in sorted(blocks_of(snapshot)) if index >= start]
        listed = [
            {"BlockIndex": index, "BlockToken": _token(snapshot, index)} for index in there[:most]
        ]
        more = {"NextToken": str(there[most])} if len(there) > most else {}
        return {
            "Blocks": listed,
            "VolumeSize": snapshot.volume.size,
            "BlockSize": BLOCK_BYTES,
            "ExpiryTime": 4_102_444_800,
            **more,
        }

    def get(self, snapshot_id: str, index: int, token: str) -> bytes:
        snapshot = self._completed(snapshot_id)
        if index not in blocks_of(snapshot) or token != _token(snapshot, index):
            raise _invalid("INVALID_BLOCK_TOKEN", "The block token is not valid.")
        return blocks_of(snapshot)[index]


def _apis(response: EBSResponse) -> DirectApis:
    return DirectApis(ec2_backends[response.current_account][response.region])


def _said(response: EBSResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}


def _query(response: EBSResponse) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(response.parsed_url.query).items()}


def _answering(method: Any) -> Any:
    def answer(self: EBSResponse) -> TYPE_RESPONSE:
        try:
            return method(self, _apis(self), self.parsed_url.path.strip("/").split("/"))
        except Refused as refused:
            return refused.answer

    return answer


def _start(self: EBSResponse, apis: DirectApis, _: list[str]) -> TYPE_RESPONSE:
    snapshot = apis.start(json.loads(self.body))
    told = {
        "SnapshotId": snapshot.id,
        "OwnerId": snapshot.owner_id,
        "Status": snapshot.status,
        "StartTime": snapshot.start_time.timestamp(),
        "VolumeSize": snapshot.volume.size,
        "BlockSize": BLOCK_BYTES,
        "Description": snapshot.description,
    }
    return 201, {"status": 201}, json.dumps(told)


def _put(self: EBSResponse, apis: DirectApis, path: list[str]) -> TYPE_RESPONSE:
    body = self.body if isinstance(self.body, bytes) else self.body.encode("latin-1")
    checksum = apis.put(path[1], int(path[3]), body, _said(self))
    headers = {"status": 201, "x-amz-Checksum": checksum, "x-amz-Checksum-Algorithm": "SHA256"}
    return 201, headers, "{}"


def _complete(self: EBSResponse, apis: DirectApis, path: list[str]) -> TYPE_RESPONSE:
    return 202, {"status": 202}, json.dumps({"Status": apis.complete(path[2], _said(self))})


def _list(self: EBSResponse, apis: DirectApis, path: list[str]) -> TYPE_RESPONSE:
    return 200, {"status": 200}, json.dumps(apis.list(path[1], _query(self)))


def _get(self: EBSResponse, apis: DirectApis, path: list[str]) -> TYPE_RESPONSE:
    data = apis.get(path[1], int(path[3]), _query(self).get("blockToken", ""))
    headers = {
        "status": 200,
        "x-amz-Checksum": _checksum(data),
        "x-amz-Checksum-Algorithm": "SHA256",
        "x-amz-Data-Length": str(len(data)),
        "content-type": "application/octet-stream",
    }
    return 200, headers, data


def _exchange(request: Any, _full_url: str, _headers: Any) -> tuple[int, Any, str]:
    """The content of a volume into a file of this machine, or out of one: what a host does to it."""
    asked = json.loads(request.get_data(as_text=True))
    found = [
        region.volumes[asked["volumeId"]]
        for account in ec2_backends.values()
        for region in account.values()
        if asked["volumeId"] in region.volumes
    ]
    if not found:
        return 404, {}, json.dumps({"unknown": asked["volumeId"]})
    path = Path(asked["file"])
    if asked["to"] == "file":
        with path.open("wb") as file:
            file.truncate(found[0].size * 1024**3)
            for index, data in blocks_of(found[0]).items():
                file.seek(index * BLOCK_BYTES)
                file.write(data)
        return 200, {}, "{}"
    zeros = bytes(BLOCK_BYTES)
    blocks = blocks_of(found[0])
    with path.open("rb") as file:
        for index in range(asked["blocks"]):
            data = file.read(BLOCK_BYTES)
            if data != zeros or index in blocks:
                blocks[index] = data
    return 200, {}, "{}"


def apply() -> None:
    _mend_content()
    # moto's direct APIs make volumes of their own, know no snapshot but those that they began, check
    # nothing, and count blocks of 512 bytes.
    EBSResponse.start_snapshot = _answering(_start)
    EBSResponse.put_snapshot_block = _answering(_put)
    EBSResponse.complete_snapshot = _answering(_complete)
    EBSResponse.list_snapshot_blocks = _answering(_list)
    EBSResponse.get_snapshot_block = _answering(_get)
    urls.url_paths["{0}/moto-api/mends/volume-content"] = _exchange
