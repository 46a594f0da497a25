"""What a program does with symmetric, HMAC and imported keys, with grants, aliases and pages, through boto3."""

import hashlib
import hmac
import os

from cryptography.hazmat.primitives import hashes, keywrap, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from trials import refused, same, trial

CONTEXT = {"tenant": "acme", "ü": "☃"}
DIGESTS = {"HMAC_224": "sha224", "HMAC_256": "sha256", "HMAC_384": "sha384", "HMAC_512": "sha512"}


def try_all(kms):
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    encryption(kms, key)
    errors(kms, key)
    grants(kms, key)
    pages(kms, key)
    for spec in DIGESTS:
        imported_hmac(kms, spec)
    imported_rsa(kms)


def encryption(kms, key):
    with trial("Encrypt, ReEncrypt and Decrypt under an encryption context"):
        blob = kms.encrypt(KeyId=key, Plaintext=b"text", EncryptionContext=CONTEXT)["CiphertextBlob"]
        moved = kms.re_encrypt(
            CiphertextBlob=blob,
            SourceEncryptionContext=CONTEXT,
            DestinationKeyId=key,
            DestinationEncryptionContext={"tenant": "other"},
        )["CiphertextBlob"]
        same(kms.decrypt(CiphertextBlob=moved, EncryptionContext={"tenant": "other"})["Plaintext"], b"text")
    with trial("GenerateDataKey and Decrypt"):
        made = kms.generate_data_key(KeyId=key, KeySpec="AES_256", EncryptionContext=CONTEXT)
        opened = kms.decrypt(CiphertextBlob=made["CiphertextBlob"], EncryptionContext=CONTEXT)
        same(opened["Plaintext"], made["Plaintext"])
    with trial("rotation keeps what was encrypted before"):
        blob = kms.encrypt(KeyId=key, Plaintext=b"before")["CiphertextBlob"]
        kms.rotate_key_on_demand(KeyId=key)
        same(kms.decrypt(CiphertextBlob=blob)["Plaintext"], b"before")
        same(len(kms.list_key_rotations(KeyId=key)["Rotations"]), 1)


def errors(kms, key):
    classes = kms.exceptions
    with trial("errors have the classes of the client"):
        blob = kms.encrypt(KeyId=key, Plaintext=b"text", EncryptionContext=CONTEXT)["CiphertextBlob"]
        refused(classes.InvalidCiphertextException, kms.decrypt, CiphertextBlob=blob)
        refused(classes.NotFoundException, kms.describe_key, KeyId="1234abcd-12ab-34cd-56ef-1234567890ab")
        refused(classes.InvalidKeyUsageException, kms.generate_mac, KeyId=key, Message=b"m", MacAlgorithm="HMAC_SHA_256")
        kms.disable_key(KeyId=key)
        refused(classes.DisabledException, kms.encrypt, KeyId=key, Plaintext=b"text")
        kms.enable_key(KeyId=key)


def grants(kms, key):
    with trial("a grant is made, listed and revoked"):
        arn = kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"]
        grantee = f"arn:aws:iam::{arn.split(':')[4]}:root"
        made = kms.create_grant(KeyId=key, GranteePrincipal=grantee, Operations=["Decrypt"])
        same([one["GrantId"] for one in kms.list_grants(KeyId=key)["Grants"]], [made["GrantId"]])
        kms.revoke_grant(KeyId=key, GrantId=made["GrantId"])
        same(kms.list_grants(KeyId=key)["Grants"], [])


def pages(kms, key):
    with trial("paginators go through every page"):
        names = [f"alias/page-{number:02}" for number in range(23)]
        for name in names:
            kms.create_alias(AliasName=name, TargetKeyId=key)
        found = kms.get_paginator("list_aliases").paginate(KeyId=key, PaginationConfig={"PageSize": 5})
        same(sorted(one["AliasName"] for page in found for one in page["Aliases"]), names)


def imported_hmac(kms, spec):
    with trial(f"{spec}: imported material gives the MACs of hashlib"):
        material = os.urandom(int(spec[-3:]) // 8)
        key = imported(kms, "RSAES_OAEP_SHA_256", material, KeySpec=spec, KeyUsage="GENERATE_VERIFY_MAC")
        algorithm = spec.replace("HMAC_", "HMAC_SHA_")
        mac = kms.generate_mac(KeyId=key, Message=b"message", MacAlgorithm=algorithm)["Mac"]
        same(mac, hmac.new(material, b"message", getattr(hashlib, DIGESTS[spec])).digest())


def imported_rsa(kms):
    with trial("RSA_2048: an imported private key signs for the public key that OpenSSL made"):
        private = rsa.generate_private_key(65537, 2048)
        form = (serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        material = private.private_bytes(*form)
        key = imported(kms, "RSA_AES_KEY_WRAP_SHA_256", material, KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
        algorithm = "RSASSA_PKCS1_V1_5_SHA_256"
        signature = kms.sign(KeyId=key, Message=b"message", SigningAlgorithm=algorithm)["Signature"]
        private.public_key().verify(signature, b"message", padding.PKCS1v15(), hashes.SHA256())


def imported(kms, algorithm, material, **spec):
    """A key with this material, which is wrapped here."""
    key = kms.create_key(Origin="EXTERNAL", **spec)["KeyMetadata"]["KeyId"]
    parameters = kms.get_parameters_for_import(KeyId=key, WrappingAlgorithm=algorithm, WrappingKeySpec="RSA_2048")
    public = serialization.load_der_public_key(parameters["PublicKey"])
    digest = hashes.SHA256()
    oaep = padding.OAEP(padding.MGF1(digest), digest, None)
    if algorithm.startswith("RSA_AES"):
        # With an AES key between, since an RSA private key is longer than what RSA encrypts.
        between = os.urandom(32)
        wrapped = public.encrypt(between, oaep) + keywrap.aes_key_wrap_with_padding(between, material)
    else:
        wrapped = public.encrypt(material, oaep)
    kms.import_key_material(
        KeyId=key,
        ImportToken=parameters["ImportToken"],
        EncryptedKeyMaterial=wrapped,
        ExpirationModel="KEY_MATERIAL_DOES_NOT_EXPIRE",
    )
    return key
