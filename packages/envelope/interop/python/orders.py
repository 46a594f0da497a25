"""The envelope "Orders" in a Python function: declared by the construct, used with the AWS Encryption SDK for Python."""

import json
import os

from aws_cryptographic_material_providers.mpl import AwsCryptographicMaterialProviders
from aws_cryptographic_material_providers.mpl.config import MaterialProvidersConfig
from aws_cryptographic_material_providers.mpl.models import CreateAwsKmsMultiKeyringInput
from aws_encryption_sdk import CommitmentPolicy, EncryptionSDKClient
from aws_encryption_sdk.identifiers import AlgorithmSuite

DECLARED = json.loads(os.environ["KEYSMITH_ENVELOPE_Orders"])
if DECLARED["version"] != 1:
    raise RuntimeError(f"envelope of version {DECLARED['version']}: this program reads version 1")

CLIENT = EncryptionSDKClient(
    commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT,
    max_encrypted_data_keys=len(DECLARED["wrapKeys"] or DECLARED["unwrapKeys"]),
)
PROVIDERS = AwsCryptographicMaterialProviders(config=MaterialProvidersConfig())


def keyring(keys):
    """The first key makes data keys, each of them may unwrap one. Without any, KMS would not be asked at all."""
    if not keys:
        raise PermissionError(f"this function may {DECLARED['direction']} only")
    return PROVIDERS.create_aws_kms_multi_keyring(CreateAwsKmsMultiKeyringInput(generator=keys[0], kms_key_ids=keys[1:]))


def full_context(context):
    """The context with the constants; refused where the IAM policy would refuse it, before KMS is called."""
    missing = [name for name in DECLARED["requiredContext"] if not context.get(name)]
    if missing:
        raise ValueError(f"the encryption context lacks {', '.join(missing)}")
    return {**context, **DECLARED["context"]}


def seal(plaintext, context):
    message, _header = CLIENT.encrypt(
        source=plaintext,
        keyring=keyring(DECLARED["wrapKeys"]),
        encryption_context=full_context(context),
        algorithm=AlgorithmSuite.AES_256_GCM_HKDF_SHA512_COMMIT_KEY,
    )
    return message


def unseal(message, context):
    # The context that is given here must be in the message; it is compared before any plaintext is returned.
    plaintext, _header = CLIENT.decrypt(
        source=message, keyring=keyring(DECLARED["unwrapKeys"]), encryption_context=full_context(context)
    )
    return plaintext
