"""Does the tasks of a folder's tasks.json with the AWS Encryption SDK for Python and boto3, and writes answers.json.

It judges nothing: what went wrong is an answer too. The tasks are described in ../README.md. Credentials, Region and the
address of KMS come from the environment, as in any program that uses boto3.
"""

import base64
import importlib
import json
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

import boto3
import botocore.session
from aws_cryptographic_material_providers.mpl import AwsCryptographicMaterialProviders
from aws_cryptographic_material_providers.mpl.config import MaterialProvidersConfig
from aws_cryptographic_material_providers.mpl.models import (
    AesWrappingAlg,
    CreateAwsKmsKeyringInput,
    CreateDefaultCryptographicMaterialsManagerInput,
    CreateRawAesKeyringInput,
    CreateRequiredEncryptionContextCMMInput,
)
from aws_encryption_sdk import CommitmentPolicy, EncryptionSDKClient, StrictAwsKmsMasterKeyProvider
from aws_encryption_sdk.identifiers import Algorithm
from botocore.exceptions import ClientError

PACKAGES = ("aws-encryption-sdk", "aws-cryptographic-material-providers", "boto3")

material_providers = AwsCryptographicMaterialProviders(config=MaterialProvidersConfig())


@cache
def kms(profile):
    """A client with the credentials of a profile, or of the environment where there is none."""
    return boto3.Session(profile_name=profile).client("kms")


@cache
def master_key_provider(key, profile):
    # It makes its clients itself.
    return StrictAwsKmsMasterKeyProvider(key_ids=[key], botocore_session=botocore.session.Session(profile=profile))


@cache
def kms_keyring(key, profile):
    return material_providers.create_aws_kms_keyring(CreateAwsKmsKeyringInput(kms_key_id=key, kms_client=kms(profile)))


def raw_keyring(key):
    return material_providers.create_raw_aes_keyring(
        CreateRawAesKeyringInput(
            key_namespace=key["namespace"],
            key_name=key["name"],
            wrapping_key=unpack(key["bytes"]),
            wrapping_alg=AesWrappingAlg.ALG_AES256_GCM_IV12_TAG16,
        )
    )


def wrapping(task):
    """What wraps the data key, as the parameter that the AWS Encryption SDK takes it by."""
    key, profile = task["key"], task.get("profile")
    if task["api"] == "master key provider":
        return {"key_provider": master_key_provider(key, profile)}
    keyring = raw_keyring(task["rawKey"]) if "rawKey" in task else kms_keyring(key, profile)
    if "requiredContext" not in task:
        return {"keyring": keyring}
    manager = material_providers.create_default_cryptographic_materials_manager(
        CreateDefaultCryptographicMaterialsManagerInput(keyring=keyring)
    )
    return {
        "materials_manager": material_providers.create_required_encryption_context_cmm(
            CreateRequiredEncryptionContextCMMInput(
                required_encryption_context_keys=task["requiredContext"], underlying_cmm=manager
            )
        )
    }


def client(task):
    return EncryptionSDKClient(commitment_policy=CommitmentPolicy[task["commitmentPolicy"]])


def encrypt(task):
    options = {}
    if "suite" in task:
        options["algorithm"] = Algorithm.get_by_id(task["suite"])
    if "frameLength" in task:
        options["frame_length"] = task["frameLength"]
    message, _header = client(task).encrypt(
        source=unpack(task["plaintext"]), encryption_context=task["context"], **options, **wrapping(task)
    )
    return {"message": pack(message)}


def decrypt(task):
    # Only keyrings compare a context.
    asked = {"encryption_context": task["context"]} if "context" in task else {}
    plaintext, header = client(task).decrypt(source=unpack(task["message"]), **asked, **wrapping(task))
    return {
        "plaintext": pack(plaintext),
        "context": dict(header.encryption_context),
        "suite": header.algorithm.algorithm_id,
    }


def describe_key(task):
    metadata = kms(task.get("profile")).describe_key(KeyId=task["key"])["KeyMetadata"]
    return {"key": metadata["Arn"], "state": metadata["KeyState"], "created": metadata["CreationDate"].timestamp()}


def generate_data_key(task):
    answer = kms(task.get("profile")).generate_data_key(
        KeyId=task["key"], KeySpec="AES_256", EncryptionContext=task["context"]
    )
    return {"plaintext": pack(answer["Plaintext"]), "blob": pack(answer["CiphertextBlob"])}


def decrypt_blob(task):
    answer = kms(task.get("profile")).decrypt(
        KeyId=task["key"], CiphertextBlob=unpack(task["blob"]), EncryptionContext=task["context"]
    )
    return {"plaintext": pack(answer["Plaintext"])}


# Isolated, Python does not look beside the program.
sys.path.append(str(Path(__file__).parent))


def seal(task):
    orders = importlib.import_module("orders")
    return {"message": pack(orders.seal(unpack(task["plaintext"]), task["context"]))}


def unseal(task):
    orders = importlib.import_module("orders")
    return {"plaintext": pack(orders.unseal(unpack(task["message"]), task["context"]))}


OPERATIONS = {
    "envelope seal": seal,
    "envelope open": unseal,
    "encrypt": encrypt,
    "decrypt": decrypt,
    "kms DescribeKey": describe_key,
    "kms GenerateDataKey": generate_data_key,
    "kms Decrypt": decrypt_blob,
}


def answer(task):
    try:
        return OPERATIONS[task["operation"]](task)
    except ClientError as error:
        return {"error": error.response["Error"]["Code"], "text": str(error)}
    except Exception as error:  # pylint: disable=broad-exception-caught
        return {"error": type(error).__name__, "text": str(error)}


def pack(data):
    return base64.b64encode(data).decode()


def unpack(text):
    return base64.b64decode(text, validate=True)


def main(folder):
    tasks = json.loads((folder / "tasks.json").read_text("utf-8"))
    report = {
        "versions": [f"{package}-{version(package)}" for package in PACKAGES],
        "answers": [answer(task) for task in tasks],
    }
    (folder / "answers.json").write_text(json.dumps(report), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
