package io.github.cdkkeysmith.interop;

import com.amazonaws.encryptionsdk.AwsCrypto;
import com.amazonaws.encryptionsdk.CommitmentPolicy;
import com.amazonaws.encryptionsdk.CryptoAlgorithm;
import com.google.gson.Gson;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.cryptography.materialproviders.IKeyring;
import software.amazon.cryptography.materialproviders.MaterialProviders;
import software.amazon.cryptography.materialproviders.model.CreateAwsKmsMultiKeyringInput;
import software.amazon.cryptography.materialproviders.model.MaterialProvidersConfig;

/** The envelope "Orders" in a Java function: declared by the construct, used with the AWS Encryption SDK for Java. */
final class Orders {
  /** What the construct says; see the contract. */
  record Declared(
      int version,
      String direction,
      List<String> wrapKeys,
      List<String> unwrapKeys,
      Map<String, String> context,
      List<String> requiredContext) {}

  private static final Declared DECLARED = declared();

  private static final AwsCrypto CRYPTO =
      AwsCrypto.builder()
          .withCommitmentPolicy(CommitmentPolicy.RequireEncryptRequireDecrypt)
          .withEncryptionAlgorithm(CryptoAlgorithm.ALG_AES_256_GCM_HKDF_SHA512_COMMIT_KEY)
          .withMaxEncryptedDataKeys(Math.max(DECLARED.wrapKeys.size(), DECLARED.unwrapKeys.size()))
          .build();

  private static final MaterialProviders PROVIDERS =
      MaterialProviders.builder()
          .MaterialProvidersConfig(MaterialProvidersConfig.builder().build())
          .build();

  static byte[] seal(byte[] plaintext, Map<String, String> context) {
    return CRYPTO.encryptData(keyring(DECLARED.wrapKeys), plaintext, fullContext(context)).getResult();
  }

  /** The context must be in the message; it is compared before any plaintext is returned. */
  static byte[] open(byte[] message, Map<String, String> context) {
    return CRYPTO.decryptData(keyring(DECLARED.unwrapKeys), message, fullContext(context)).getResult();
  }

  private static Declared declared() {
    Declared declared = new Gson().fromJson(System.getenv("KEYSMITH_ENVELOPE_Orders"), Declared.class);
    if (declared.version != 1) {
      throw new IllegalStateException(
          "envelope of version " + declared.version + ": this program reads version 1");
    }
    return declared;
  }

  /** The first key makes data keys, each of them may unwrap one. */
  private static IKeyring keyring(List<String> keys) {
    if (keys.isEmpty()) {
      throw new IllegalStateException("this function may " + DECLARED.direction + " only");
    }
    return PROVIDERS.CreateAwsKmsMultiKeyring(
        CreateAwsKmsMultiKeyringInput.builder()
            .generator(keys.get(0))
            .kmsKeyIds(keys.subList(1, keys.size()))
            .build());
  }

  /** The context with the constants; refused where the IAM policy would refuse it, before KMS is called. */
  private static Map<String, String> fullContext(Map<String, String> context) {
    List<String> missing =
        DECLARED.requiredContext.stream().filter(name -> context.getOrDefault(name, "").isEmpty()).toList();
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException("the encryption context lacks " + String.join(", ", missing));
    }
    Map<String, String> full = new HashMap<>(context);
    full.putAll(DECLARED.context);
    return full;
  }

  private Orders() {}
}
