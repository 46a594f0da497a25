/* One enumeration for each key usage, so that a spec that does not suit the usage cannot be written. */

/** Key specs that encrypt with a public key. */
export enum AsymmetricEncryptionKeySpec {
  /** RSA of 2,048 bits. AWS Control Tower has controls that refuse it for encryption; prefer a longer one. */
  RSA_2048 = 'RSA_2048',
  /** RSA of 3,072 bits. */
  RSA_3072 = 'RSA_3072',
  /** RSA of 4,096 bits. */
  RSA_4096 = 'RSA_4096',
  /** SM2, in the China Regions only. */
  SM2 = 'SM2',
}

/** Key specs that sign. */
export enum SigningKeySpec {
  /** RSA of 2,048 bits: PKCS#1 v1.5 or PSS. */
  RSA_2048 = 'RSA_2048',
  /** RSA of 3,072 bits: PKCS#1 v1.5 or PSS. */
  RSA_3072 = 'RSA_3072',
  /** RSA of 4,096 bits: PKCS#1 v1.5 or PSS. */
  RSA_4096 = 'RSA_4096',
  /** ECDSA on NIST P-256; the one that Route 53 DNSSEC takes. */
  ECC_NIST_P256 = 'ECC_NIST_P256',
  /** ECDSA on NIST P-384. */
  ECC_NIST_P384 = 'ECC_NIST_P384',
  /** ECDSA on NIST P-521. */
  ECC_NIST_P521 = 'ECC_NIST_P521',
  /** Ed25519, of the message itself or of its SHA-512 digest. */
  ECC_NIST_EDWARDS25519 = 'ECC_NIST_EDWARDS25519',
  /** ECDSA on secp256k1, as cryptocurrencies use it. */
  ECC_SECG_P256K1 = 'ECC_SECG_P256K1',
  /** ML-DSA-44 (FIPS 204), safe against quantum computers. Its material cannot be imported. */
  ML_DSA_44 = 'ML_DSA_44',
  /** ML-DSA-65 (FIPS 204), safe against quantum computers. Its material cannot be imported. */
  ML_DSA_65 = 'ML_DSA_65',
  /** ML-DSA-87 (FIPS 204), safe against quantum computers. Its material cannot be imported. */
  ML_DSA_87 = 'ML_DSA_87',
  /** SM2, in the China Regions only. */
  SM2 = 'SM2',
}

/** Key specs that make message authentication codes. */
export enum MacKeySpec {
  /** HMAC with SHA-224. */
  HMAC_224 = 'HMAC_224',
  /** HMAC with SHA-256. */
  HMAC_256 = 'HMAC_256',
  /** HMAC with SHA-384. */
  HMAC_384 = 'HMAC_384',
  /** HMAC with SHA-512. */
  HMAC_512 = 'HMAC_512',
}

/** Key specs that derive shared secrets. */
export enum KeyAgreementKeySpec {
  /** ECDH on NIST P-256. */
  ECC_NIST_P256 = 'ECC_NIST_P256',
  /** ECDH on NIST P-384. */
  ECC_NIST_P384 = 'ECC_NIST_P384',
  /** ECDH on NIST P-521. */
  ECC_NIST_P521 = 'ECC_NIST_P521',
  /** SM2, in the China Regions only. */
  SM2 = 'SM2',
}

/** Where the material of a key comes from. */
export enum KeyOrigin {
  /** KMS makes it. */
  AWS_KMS = 'AWS_KMS',
  /** It is imported after the deployment: until then the key exists and cannot be used. */
  EXTERNAL = 'EXTERNAL',
}
