"""KMS: signing keys from a template, digests that are signed as they are, and keys that are disabled."""

import base64
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from moto.core.exceptions import JsonRESTError
from moto.kms.models import Key, kms_backends
from moto.kms.responses import KmsResponse
from moto.kms.utils import ECDSAPrivateKey

# https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
LONGEST_MESSAGE_BYTES = 4_096
DIGEST_BYTES = 32


def _mend_template() -> None:
    # moto makes every key of a template a symmetric one, whatever KeySpec and KeyUsage say
    # (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html).
    def create_from_cloudformation_json(
        cls: type[Key],
        resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
        **kwargs: Any,
    ) -> Key:
        properties = cloudformation_json["Properties"]
        spec = properties.get("KeySpec", "SYMMETRIC_DEFAULT")
        usage = properties.get("KeyUsage", "ENCRYPT_DECRYPT")
        if spec != "SYMMETRIC_DEFAULT" and properties.get("EnableKeyRotation") in (True, "true"):
            raise JsonRESTError(
                "ValidationException", "You cannot enable key rotation for an asymmetric KMS key."
            )
        key = kms_backends[account_id][region_name].create_key(
            policy=properties["KeyPolicy"],
            key_usage=usage,
            key_spec=spec,
            description=properties.get("Description"),
            tags=properties.get("Tags", []),
        )
        key.key_rotation_status = properties.get("EnableKeyRotation", False)
        key.enabled = properties.get("Enabled", True)
        return key

    Key.create_from_cloudformation_json = classmethod(create_from_cloudformation_json)


def _mend_sign() -> None:
    # moto hashes what it is told to be a digest a second time, and takes messages of any length.
    original = KmsResponse.sign

    def sign(self: KmsResponse) -> str:
        message = self._get_param("Message")
        message = message.encode() if isinstance(message, str) else message
        if len(message or b"") > LONGEST_MESSAGE_BYTES:
            raise JsonRESTError(
                "ValidationException",
                "1 validation error detected: Value at 'message' failed to satisfy constraint: "
                f"Member must have length less than or equal to {LONGEST_MESSAGE_BYTES}",
            )
        if self._get_param("MessageType") != "DIGEST":
            return original(self)
        key = self.kms_backend.describe_key(self._get_param("KeyId"))
        algorithm = self._get_param("SigningAlgorithm")
        if not isinstance(key.private_key, ECDSAPrivateKey) or algorithm != "ECDSA_SHA_256":
            return original(self)
        if algorithm not in (key.signing_algorithms or []):
            return original(self)
        if len(message) != DIGEST_BYTES:
            raise JsonRESTError(
                "ValidationException", "Digest is invalid length for algorithm ECDSA_SHA_256."
            )
        hashing = key.private_key._ECDSAPrivateKey__hash_algorithm(algorithm)
        signature = key.private_key.private_key.sign(message, ec.ECDSA(Prehashed(hashing)))
        return json.dumps(
            {
                "KeyId": key.arn,
                "Signature": base64.b64encode(signature).decode(),
                "SigningAlgorithm": algorithm,
            }
        )

    KmsResponse.sign = sign


def _mend_disabled_keys() -> None:
    # moto uses keys that are disabled, and tries nothing
    # (https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html,
    # https://docs.aws.amazon.com/kms/latest/developerguide/testing-permissions.html).
    def refuse_unusable(response: KmsResponse) -> None:
        key_id = response._get_param("KeyId")
        key = response.kms_backend.describe_key(key_id)
        if key.key_state == "PendingDeletion":
            raise JsonRESTError("KMSInvalidStateException", f"{key.arn} is pending deletion.")
        if not key.enabled:
            raise JsonRESTError("DisabledException", f"{key.arn} is disabled.")

    sign, get_public_key = KmsResponse.sign, KmsResponse.get_public_key

    def sign_if_enabled(self: KmsResponse) -> str:
        refuse_unusable(self)
        if self._get_param("DryRun"):
            raise JsonRESTError(
                "DryRunOperationException",
                "The request would have succeeded, but the DryRun option is set.",
            )
        return sign(self)

    def get_public_key_if_enabled(self: KmsResponse) -> str:
        refuse_unusable(self)
        return get_public_key(self)

    KmsResponse.sign = sign_if_enabled
    KmsResponse.get_public_key = get_public_key_if_enabled


def apply() -> None:
    _mend_template()
    _mend_sign()
    _mend_disabled_keys()
