// The application of app.ts in Java; it synthesizes the same templates.

import io.github.cdkkeysmith.AccessConditions;
import io.github.cdkkeysmith.AccountDelegation;
import io.github.cdkkeysmith.AliasName;
import io.github.cdkkeysmith.EncryptionChoice;
import io.github.cdkkeysmith.EncryptionKey;
import io.github.cdkkeysmith.EncryptionKeyGeneration;
import io.github.cdkkeysmith.EncryptionKeyGenerations;
import io.github.cdkkeysmith.Envelope;
import io.github.cdkkeysmith.EnvelopeCacheLimits;
import io.github.cdkkeysmith.EnvelopeLayer;
import io.github.cdkkeysmith.GrantOperation;
import io.github.cdkkeysmith.GrantPrincipal;
import io.github.cdkkeysmith.IReplicaKey;
import io.github.cdkkeysmith.KeyAccess;
import io.github.cdkkeysmith.KeyDefaults;
import io.github.cdkkeysmith.KmsGrant;
import io.github.cdkkeysmith.QueueEncryptionProps;
import io.github.cdkkeysmith.ReplicaOptions;
import io.github.cdkkeysmith.SigningKey;
import io.github.cdkkeysmith.SigningKeySpec;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.iam.AccountRootPrincipal;
import software.amazon.awscdk.services.iam.ArnPrincipal;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.kms.Key;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.sqs.Queue;

public final class App {
    private final software.amazon.awscdk.App app = new software.amazon.awscdk.App();
    private final Stack stack =
            new Stack(
                    app,
                    "Shop",
                    StackProps.builder()
                            .env(Environment.builder().account("111122223333").region("eu-west-1").build())
                            .build());
    private final Role clerk = Role.Builder.create(stack, "Clerk").assumedBy(new AccountRootPrincipal()).build();

    public static void main(String[] args) {
        new App().synth();
    }

    private void synth() {
        EncryptionKey key = key();
        signing();
        letters();
        orders(key);
        others(key);
        app.synth();
    }

    private EncryptionKey key() {
        EncryptionKey key =
                EncryptionKey.Builder.create(stack, "Key")
                        .alias(AliasName.forStack(stack, "orders"))
                        .aliases(List.of("orders-of-2026"))
                        .description("Orders")
                        .rotationPeriod(Duration.days(180))
                        .administrators(
                                List.of(new ArnPrincipal("arn:aws:iam::111122223333:role/KeyAdministrator")))
                        .access(
                                List.of(
                                        KeyAccess.decrypt(
                                                List.of(clerk),
                                                AccessConditions.builder()
                                                        .encryptionContext(Map.of("purpose", "report"))
                                                        .requiredContext(List.of("tenant"))
                                                        .viaServices(List.of("s3", "dynamodb"))
                                                        .multiFactorAuth(true)
                                                        .build())))
                        .replicaRegions(List.of("eu-central-1"))
                        .replicas(
                                List.of(
                                        ReplicaOptions.builder()
                                                .region("us-east-1")
                                                .description("Read overseas")
                                                .removalPolicy(RemovalPolicy.DESTROY)
                                                .build()))
                        .tags(Map.of("owner", "shop"))
                        .build();
        key.addAlias("orders-in-ireland");
        key.getGrants()
                .encrypt(
                        clerk, AccessConditions.builder().encryptionContext(Map.of("purpose", "export")).build());
        List<IReplicaKey> replicas = key.getReplicas();
        replicas.get(0).getServices().logsExport();
        replicas.get(1).getGrants().audit(clerk);
        key.addOutputs();

        LogGroup.Builder.create(stack, "Log").logGroupName("orders").encryptionKey(key).build();
        key.getServices().autoScaling();
        return key;
    }

    private void signing() {
        SigningKey signing =
                SigningKey.Builder.create(stack, "Signing")
                        .alias("releases")
                        .keySpec(SigningKeySpec.ECC_NIST_P384)
                        .accountDelegation(AccountDelegation.ADMINISTRATION)
                        .access(List.of(KeyAccess.sign(List.of(clerk))))
                        .build();
        signing.getGrants().verify(clerk);
    }

    private void letters() {
        EncryptionKeyGenerations generations =
                EncryptionKeyGenerations.Builder.create(stack, "Yearly")
                        .generations(
                                List.of(
                                        EncryptionKeyGeneration.builder().id("2025").build(),
                                        EncryptionKeyGeneration.builder().id("2026").build()))
                        .current("2025")
                        .build();
        Envelope letters =
                Envelope.Builder.create(stack, "Letters")
                        .generations(generations)
                        .context(Map.of("service", "letters"))
                        .build();
        letters.grantDecrypt(handler("Reader"));
        generations.getCurrent().getGrants().generateDataKeys(clerk);
    }

    private void orders(EncryptionKey key) {
        Function writer = handler("Writer");
        writer.addLayers(new EnvelopeLayer(stack, "Layer"));
        Envelope envelope =
                Envelope.Builder.create(stack, "Orders")
                        .key(key)
                        .context(Map.of("service", "orders"))
                        .requiredContext(List.of("tenant"))
                        .cache(EnvelopeCacheLimits.builder().maxAge(Duration.minutes(1)).maxMessages(1000).build())
                        .build();
        envelope.grantEncrypt(writer);

        KmsGrant.Builder.create(stack, "Grant")
                .key(key)
                .grantee(GrantPrincipal.of(clerk))
                .operations(List.of(GrantOperation.DECRYPT, GrantOperation.DESCRIBE_KEY))
                .encryptionContextSubset(Map.of("purpose", "export"))
                .build();
    }

    private void others(EncryptionKey key) {
        QueueEncryptionProps choice = EncryptionChoice.customerManaged(key).forQueue();
        Queue.Builder.create(stack, "Queue")
                .encryption(choice.getEncryption())
                .encryptionMasterKey(choice.getEncryptionMasterKey())
                .build();

        EncryptionKey.fromKeyArn(
                        stack,
                        "Imported",
                        "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab")
                .getGrants()
                .decrypt(clerk);

        KeyDefaults defaults =
                KeyDefaults.Builder.create(stack, "Defaults").rotationPeriod(Duration.days(90)).build();
        new Key(stack, "Plain");
        if (defaults.report().stream().noneMatch(change -> change.getProperty().equals("rotationPeriod"))) {
            throw new IllegalStateException("KeyDefaults changed nothing");
        }
    }

    private Function handler(String id) {
        return Function.Builder.create(stack, id)
                .code(Code.fromInline("exports.handler = async () => {};"))
                .handler("index.handler")
                .runtime(Runtime.NODEJS_24_X)
                .build();
    }
}
