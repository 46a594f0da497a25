package io.github.cdkkeysmith.interop;

import com.amazonaws.encryptionsdk.AwsCrypto;
import com.amazonaws.encryptionsdk.CommitmentPolicy;
import com.amazonaws.encryptionsdk.CryptoAlgorithm;
import com.amazonaws.encryptionsdk.CryptoResult;
import com.amazonaws.encryptionsdk.kmssdkv2.KmsMasterKeyProvider;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.KmsClientBuilder;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.cryptography.materialproviders.ICryptographicMaterialsManager;
import software.amazon.cryptography.materialproviders.IKeyring;
import software.amazon.cryptography.materialproviders.MaterialProviders;
import software.amazon.cryptography.materialproviders.model.AesWrappingAlg;
import software.amazon.cryptography.materialproviders.model.CreateAwsKmsKeyringInput;
import software.amazon.cryptography.materialproviders.model.CreateDefaultCryptographicMaterialsManagerInput;
import software.amazon.cryptography.materialproviders.model.CreateRawAesKeyringInput;
import software.amazon.cryptography.materialproviders.model.CreateRequiredEncryptionContextCMMInput;
import software.amazon.cryptography.materialproviders.model.MaterialProvidersConfig;

/**
 * Does the tasks of a folder's tasks.json with the AWS Encryption SDK for Java and the AWS SDK for Java, version 2, and
 * writes answers.json. It judges nothing: what went wrong is an answer too. The tasks are described in ../README.md.
 * Credentials, Region and the address of KMS come from the environment, as in any program that uses these SDKs.
 */
public final class Interop {
  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  private static final MaterialProviders MATERIAL_PROVIDERS =
      MaterialProviders.builder()
          .MaterialProvidersConfig(MaterialProvidersConfig.builder().build())
          .build();

  private static final Map<String, KmsClient> CLIENTS = new HashMap<>();

  /** What is asked for; members that a task does not need are null. */
  record Task(
      String operation,
      String api,
      String key,
      String profile,
      String commitmentPolicy,
      Integer suite,
      Integer frameLength,
      Map<String, String> context,
      List<String> requiredContext,
      String plaintext,
      String message,
      String blob,
      RawKey rawKey) {}

  record RawKey(String namespace, String name, String bytes) {}

  /** What reads and writes messages, whatever wraps their data keys. */
  private interface Crypto {
    CryptoResult<byte[], ?> encrypt(AwsCrypto crypto, byte[] plaintext, Map<String, String> context);

    /** With a context, the message is held against it. */
    CryptoResult<byte[], ?> decrypt(AwsCrypto crypto, byte[] message, Map<String, String> context);
  }

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    Task[] tasks = GSON.fromJson(Files.readString(folder.resolve("tasks.json")), Task[].class);
    List<Map<String, Object>> answers = Arrays.stream(tasks).map(Interop::answer).toList();
    Files.writeString(
        folder.resolve("answers.json"), GSON.toJson(Map.of("versions", versions(), "answers", answers)));
  }

  private static Map<String, Object> answer(Task task) {
    try {
      return switch (task.operation) {
        case "encrypt" -> encrypt(task);
        case "decrypt" -> decrypt(task);
        case "envelope seal" -> Map.of("message", pack(Orders.seal(unpack(task.plaintext), task.context)));
        case "envelope open" -> Map.of("plaintext", pack(Orders.open(unpack(task.message), task.context)));
        case "kms DescribeKey" -> describeKey(task);
        case "kms GenerateDataKey" -> generateDataKey(task);
        case "kms Decrypt" -> decryptBlob(task);
        default -> throw new IllegalArgumentException("no operation " + task.operation);
      };
    } catch (AwsServiceException error) {
      return Map.of("error", error.awsErrorDetails().errorCode(), "text", String.valueOf(error.getMessage()));
    } catch (RuntimeException error) {
      return Map.of("error", error.getClass().getSimpleName(), "text", String.valueOf(error.getMessage()));
    }
  }

  private static Map<String, Object> encrypt(Task task) {
    AwsCrypto.Builder builder = builder(task);
    if (task.suite != null) {
      builder.withEncryptionAlgorithm(only(CryptoAlgorithm.values(), suite -> suite.getValue() == task.suite));
    }
    if (task.frameLength != null) {
      builder.withEncryptionFrameSize(task.frameLength);
    }
    var result = crypto(task).encrypt(builder.build(), unpack(task.plaintext), task.context);
    return Map.of("message", pack(result.getResult()));
  }

  private static Map<String, Object> decrypt(Task task) {
    var result = crypto(task).decrypt(builder(task).build(), unpack(task.message), task.context);
    return Map.of(
        "plaintext", pack(result.getResult()),
        "context", result.getEncryptionContext(),
        "suite", result.getCryptoAlgorithm().getValue());
  }

  private static Map<String, Object> describeKey(Task task) {
    var metadata = kms(task.profile).describeKey(request -> request.keyId(task.key)).keyMetadata();
    return Map.of(
        "key", metadata.arn(),
        "state", metadata.keyStateAsString(),
        "created", metadata.creationDate().toEpochMilli() / 1000.0);
  }

  private static Map<String, Object> generateDataKey(Task task) {
    var made =
        kms(task.profile)
            .generateDataKey(
                request ->
                    request.keyId(task.key).keySpec(DataKeySpec.AES_256).encryptionContext(task.context));
    return Map.of(
        "plaintext", pack(made.plaintext().asByteArray()), "blob", pack(made.ciphertextBlob().asByteArray()));
  }

  private static Map<String, Object> decryptBlob(Task task) {
    var opened =
        kms(task.profile)
            .decrypt(
                request ->
                    request
                        .keyId(task.key)
                        .ciphertextBlob(SdkBytes.fromByteArray(unpack(task.blob)))
                        .encryptionContext(task.context));
    return Map.of("plaintext", pack(opened.plaintext().asByteArray()));
  }

  private static AwsCrypto.Builder builder(Task task) {
    // The specification's names, which Java has in camel case.
    String name = task.commitmentPolicy.replace("_", "");
    return AwsCrypto.builder()
        .withCommitmentPolicy(only(CommitmentPolicy.values(), policy -> policy.name().equalsIgnoreCase(name)));
  }

  private static <T> T only(T[] values, Predicate<T> which) {
    return Arrays.stream(values).filter(which).findAny().orElseThrow();
  }

  private static Crypto crypto(Task task) {
    if (task.api.equals("master key provider")) {
      return withProvider(
          KmsMasterKeyProvider.builder()
              .customRegionalClientSupplier(region -> kms(task.profile))
              .buildStrict(task.key));
    }
    var standard =
        MATERIAL_PROVIDERS.CreateDefaultCryptographicMaterialsManager(
            CreateDefaultCryptographicMaterialsManagerInput.builder().keyring(keyring(task)).build());
    if (task.requiredContext == null) {
      return withManager(standard);
    }
    return withManager(
        MATERIAL_PROVIDERS.CreateRequiredEncryptionContextCMM(
            CreateRequiredEncryptionContextCMMInput.builder()
                .requiredEncryptionContextKeys(task.requiredContext)
                .underlyingCMM(standard)
                .build()));
  }

  private static IKeyring keyring(Task task) {
    if (task.rawKey == null) {
      return MATERIAL_PROVIDERS.CreateAwsKmsKeyring(
          CreateAwsKmsKeyringInput.builder().kmsKeyId(task.key).kmsClient(kms(task.profile)).build());
    }
    return MATERIAL_PROVIDERS.CreateRawAesKeyring(
        CreateRawAesKeyringInput.builder()
            .keyNamespace(task.rawKey.namespace)
            .keyName(task.rawKey.name)
            .wrappingKey(ByteBuffer.wrap(unpack(task.rawKey.bytes)))
            .wrappingAlg(AesWrappingAlg.ALG_AES256_GCM_IV12_TAG16)
            .build());
  }

  private static Crypto withProvider(KmsMasterKeyProvider provider) {
    return new Crypto() {
      @Override
      public CryptoResult<byte[], ?> encrypt(AwsCrypto crypto, byte[] plaintext, Map<String, String> context) {
        return crypto.encryptData(provider, plaintext, context);
      }

      @Override
      public CryptoResult<byte[], ?> decrypt(AwsCrypto crypto, byte[] message, Map<String, String> context) {
        // It has no way to hold the message against a context.
        return crypto.decryptData(provider, message);
      }
    };
  }

  private static Crypto withManager(ICryptographicMaterialsManager manager) {
    return new Crypto() {
      @Override
      public CryptoResult<byte[], ?> encrypt(AwsCrypto crypto, byte[] plaintext, Map<String, String> context) {
        return crypto.encryptData(manager, plaintext, context);
      }

      @Override
      public CryptoResult<byte[], ?> decrypt(AwsCrypto crypto, byte[] message, Map<String, String> context) {
        return context == null ? crypto.decryptData(manager, message) : crypto.decryptData(manager, message, context);
      }
    };
  }

  /** A client with the credentials of a profile, or of the environment where there is none. */
  private static KmsClient kms(String profile) {
    return CLIENTS.computeIfAbsent(
        String.valueOf(profile),
        name -> {
          KmsClientBuilder builder = KmsClient.builder();
          return (profile == null ? builder : builder.credentialsProvider(ProfileCredentialsProvider.create(profile)))
              .build();
        });
  }

  /** The archives that were really used. */
  private static List<String> versions() {
    return Stream.of(AwsCrypto.class, MaterialProviders.class, KmsClient.class)
        .map(used -> Path.of(used.getProtectionDomain().getCodeSource().getLocation().getPath()).getFileName())
        .map(file -> file.toString().replaceFirst("\\.jar$", ""))
        .toList();
  }

  private static String pack(byte[] data) {
    return Base64.getEncoder().encodeToString(data);
  }

  private static byte[] unpack(String text) {
    return Base64.getDecoder().decode(text);
  }
}
