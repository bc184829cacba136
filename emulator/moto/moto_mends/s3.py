"""S3: checksums that a client has made itself, and versions and locks of buckets of a template."""

import base64
import hashlib
import threading
from typing import Any

from moto.s3.exceptions import S3ClientError
from moto.s3.models import FakeBucket, S3Backend
from moto.s3.responses import S3Response

ALGORITHMS = ("sha256", "sha1", "crc32", "crc32c", "crc64nvme")


class BadDigest(S3ClientError):
    code = 400

    def __init__(self, algorithm: str) -> None:
        super().__init__(
            "BadDigest",
            f"The {algorithm.upper()} you specified did not match the calculated checksum.",
        )


def _mend_checksums() -> None:
    # moto keeps a checksum only where x-amz-sdk-checksum-algorithm names it, and compares none:
    # docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
    get_checksum = S3Response._get_checksum

    def named_by_its_value(self: S3Response, response_headers: dict[str, Any]) -> Any:
        if not self.headers.get("x-amz-sdk-checksum-algorithm"):
            for algorithm in ALGORITHMS:
                value = self.headers.get(f"x-amz-checksum-{algorithm}")
                if value:
                    response_headers[f"x-amz-checksum-{algorithm}"] = value
                    return algorithm.upper(), value
        return get_checksum(self, response_headers)

    S3Response._get_checksum = named_by_its_value

    put = S3Response.put_object

    def put_object(self: S3Response) -> Any:
        told = self.headers.get("x-amz-checksum-sha256")
        if told and self.body is not None:
            body = self.body if isinstance(self.body, bytes) else self.body.encode("utf-8")
            if base64.b64encode(hashlib.sha256(body).digest()).decode() != told:
                raise BadDigest("sha256")
        return put(self)

    S3Response.put_object = put_object


CONDITIONAL = threading.Lock()


def _mend_conditional_puts() -> None:
    # moto looks and puts in two steps, and calls of S3 run side by side here, so that two of one name may
    # both be told that they were the first; of AWS's one is, and the others fail
    # (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html).
    put = S3Response.put_object

    def put_object(self: S3Response) -> Any:
        if not self.headers.get("If-None-Match"):
            return put(self)
        with CONDITIONAL:
            return put(self)

    S3Response.put_object = put_object


def _mend_lock_shown() -> None:
    # moto shows a retention of days as one of no years beside it; AWS shows the one that is set
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/API_DefaultRetention.html).
    read = S3Backend.get_object_lock_configuration

    def get_object_lock_configuration(self: S3Backend, bucket_name: str) -> Any:
        enabled, mode, days, years = read(self, bucket_name)
        return enabled, mode or None, days or None, years or None

    S3Backend.get_object_lock_configuration = get_object_lock_configuration


def _lock(bucket: FakeBucket, properties: dict[str, Any]) -> None:
    rule = properties.get("ObjectLockConfiguration", {}).get("Rule", {})
    retention = rule.get("DefaultRetention", {})
    bucket.object_lock_enabled = True
    bucket.default_lock_mode = retention.get("Mode", "")
    bucket.default_lock_days = int(retention.get("Days", 0))
    bucket.default_lock_years = int(retention.get("Years", 0))


def _mend_buckets_of_templates() -> None:
    # moto's CloudFormation makes a bucket without versions and without Object Lock:
    # docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
    create = FakeBucket.create_from_cloudformation_json.__func__

    def create_whole(
        cls: type[FakeBucket], resource_name: str, cloudformation_json: Any, *rest: Any, **more: Any
    ) -> FakeBucket:
        bucket = create(cls, resource_name, cloudformation_json, *rest, **more)
        properties = cloudformation_json.get("Properties", {})
        versioning = properties.get("VersioningConfiguration", {}).get("Status")
        locks = str(properties.get("ObjectLockEnabled", False)).lower() == "true"
        if versioning is not None or locks:
            bucket.versioning_status = versioning or "Enabled"
        if locks:
            _lock(bucket, properties)
        return bucket

    FakeBucket.create_from_cloudformation_json = classmethod(create_whole)


def apply() -> None:
    _mend_checksums()
    _mend_conditional_puts()
    _mend_lock_shown()
    _mend_buckets_of_templates()
