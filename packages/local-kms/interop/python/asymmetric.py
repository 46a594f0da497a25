"""Keys of every asymmetric spec: what the local KMS makes and does is checked by OpenSSL, and the other way round."""

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, mlkem, padding, utils
from trials import same, trial

MESSAGE = b"a message of this and that"
HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
CURVES = {
    "ECC_NIST_P256": ec.SECP256R1(),
    "ECC_NIST_P384": ec.SECP384R1(),
    "ECC_NIST_P521": ec.SECP521R1(),
}
RSA = ("RSA_2048", "RSA_3072")
SIGNING = (*RSA, *CURVES, "ECC_SECG_P256K1", "ECC_NIST_EDWARDS25519", "ML_DSA_44", "ML_DSA_65", "ML_DSA_87")
# OpenSSL has ML_KEM_512 too, but the package does not offer it.
KEMS = {"ML_KEM_768": mlkem.MLKEM768PublicKey, "ML_KEM_1024": mlkem.MLKEM1024PublicKey}


def try_all(kms):
    for spec in SIGNING:
        with trial(f"{spec}: key and public key"):
            key, public, algorithms = made(kms, spec, "SIGN_VERIFY")
            for algorithm in algorithms:
                signs(kms, key, public, spec, algorithm)
    for spec in RSA:
        encrypts(kms, spec)
    for spec, curve in CURVES.items():
        agrees(kms, spec, curve)
    for spec, kind in KEMS.items():
        encapsulates(kms, spec, kind)
    for spec in ("RSA_2048", *CURVES, "ECC_NIST_EDWARDS25519"):
        pairs(kms, spec)


def made(kms, spec, usage):
    key = kms.create_key(KeySpec=spec, KeyUsage=usage)["KeyMetadata"]["KeyId"]
    answer = kms.get_public_key(KeyId=key)
    algorithms = answer.get("SigningAlgorithms") or answer.get("EncryptionAlgorithms") or []
    return key, serialization.load_der_public_key(answer["PublicKey"]), algorithms


def signs(kms, key, public, spec, algorithm):
    with trial(f"{spec}: signed with {algorithm}, verified by OpenSSL"):
        # What OpenSSL has no prehashed form of here is signed as it is, or not at all.
        if algorithm == "ED25519_PH_SHA_512":
            return
        request = {"KeyId": key, "SigningAlgorithm": algorithm}
        signature = kms.sign(Message=MESSAGE, MessageType="RAW", **request)["Signature"]
        verify(public, signature, algorithm)
        same(kms.verify(Message=MESSAGE, MessageType="RAW", Signature=signature, **request)["SignatureValid"], True)
        if algorithm.startswith(("RSASSA", "ECDSA")):
            digest = hashes.Hash(HASHES[algorithm[-3:]])
            digest.update(MESSAGE)
            verify(public, kms.sign(Message=digest.finalize(), MessageType="DIGEST", **request)["Signature"], algorithm)
    if spec.startswith("ML_DSA"):
        signs_mu(kms, key, public, spec)


def signs_mu(kms, key, public, spec):
    """The external mu of FIPS 204: SHAKE-256 of the key's own digest, an empty context and the message, 64 bytes."""
    with trial(f"{spec}: external mu signed, verified by OpenSSL"):
        raw = public.public_bytes_raw()
        mu = shake(shake(raw, 64) + b"\x00\x00" + MESSAGE, 64)
        request = {"KeyId": key, "SigningAlgorithm": "ML_DSA_SHAKE_256", "Message": mu, "MessageType": "EXTERNAL_MU"}
        signature = kms.sign(**request)["Signature"]
        public.verify(signature, MESSAGE)
        public.verify_mu(signature, mu)
        same(kms.verify(Signature=signature, **request)["SignatureValid"], True)


def shake(data, length):
    digest = hashes.Hash(hashes.SHAKE256(length))
    digest.update(data)
    return digest.finalize()


def verify(public, signature, algorithm):
    if algorithm.startswith("RSASSA_PSS"):
        digest = HASHES[algorithm[-3:]]
        public.verify(signature, MESSAGE, padding.PSS(padding.MGF1(digest), padding.PSS.DIGEST_LENGTH), digest)
    elif algorithm.startswith("RSASSA"):
        public.verify(signature, MESSAGE, padding.PKCS1v15(), HASHES[algorithm[-3:]])
    elif algorithm.startswith("ECDSA"):
        utils.decode_dss_signature(signature)
        public.verify(signature, MESSAGE, ec.ECDSA(HASHES[algorithm[-3:]]))
    else:
        public.verify(signature, MESSAGE)


def encrypts(kms, spec):
    with trial(f"{spec}: encrypted by OpenSSL, decrypted by KMS"):
        key, public, algorithms = made(kms, spec, "ENCRYPT_DECRYPT")
        for algorithm in algorithms:
            digest = hashes.SHA1() if algorithm.endswith("SHA_1") else hashes.SHA256()  # noqa: S303 - KMS has both
            blob = public.encrypt(MESSAGE, padding.OAEP(padding.MGF1(digest), digest, None))
            answer = kms.decrypt(KeyId=key, CiphertextBlob=blob, EncryptionAlgorithm=algorithm)
            same(answer["Plaintext"], MESSAGE)


def agrees(kms, spec, curve):
    with trial(f"{spec}: the same shared secret as OpenSSL"):
        key, public, _ = made(kms, spec, "KEY_AGREEMENT")
        own = ec.generate_private_key(curve)
        theirs = own.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        answer = kms.derive_shared_secret(KeyId=key, KeyAgreementAlgorithm="ECDH", PublicKey=theirs)
        same(answer["SharedSecret"], own.exchange(ec.ECDH(), public))


def encapsulates(kms, spec, kind):
    with trial(f"{spec}: encapsulated by OpenSSL, decapsulated by KMS, and again within KMS"):
        key, public, _ = made(kms, spec, "ENCAPSULATE_DECAPSULATE")
        same(isinstance(public, kind), True)
        secret, blob = public.encapsulate()
        request = {"KeyId": key, "EncapsulationAlgorithm": "ML_KEM"}
        same(kms.decapsulate(SharedSecretCiphertextBlob=blob, **request)["SharedSecret"], secret)
        within = kms.encapsulate(**request)
        again = kms.decapsulate(SharedSecretCiphertextBlob=within["SharedSecretCiphertextBlob"], **request)
        same(again["SharedSecret"], within["SharedSecret"])


def pairs(kms, spec):
    with trial(f"{spec}: a data key pair, of which OpenSSL reads both halves"):
        wrapping = kms.create_key()["KeyMetadata"]["KeyId"]
        pair = kms.generate_data_key_pair(KeyId=wrapping, KeyPairSpec=spec)
        private = serialization.load_der_private_key(pair["PrivateKeyPlaintext"], None)
        form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        same(private.public_key().public_bytes(*form), pair["PublicKey"])
        opened = kms.decrypt(KeyId=wrapping, CiphertextBlob=pair["PrivateKeyCiphertextBlob"])
        same(opened["Plaintext"], pair["PrivateKeyPlaintext"])
