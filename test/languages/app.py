"""The application of app.ts in Python; it synthesizes the same templates."""

from aws_cdk import App, Duration, Environment, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from cdk_keysmith import (
    AccountDelegation,
    AliasName,
    EncryptionChoice,
    EncryptionKey,
    EncryptionKeyGeneration,
    EncryptionKeyGenerations,
    Envelope,
    EnvelopeCacheLimits,
    EnvelopeLayer,
    GrantOperation,
    GrantPrincipal,
    KeyAccess,
    KeyDefaults,
    KmsGrant,
    ReplicaOptions,
    SigningKey,
    SigningKeySpec,
)

app = App()
stack = Stack(app, "Shop", env=Environment(account="111122223333", region="eu-west-1"))
clerk = iam.Role(stack, "Clerk", assumed_by=iam.AccountRootPrincipal())
administrator = iam.ArnPrincipal("arn:aws:iam::111122223333:role/KeyAdministrator")


def handler(id: str) -> lambda_.Function:
    return lambda_.Function(
        stack,
        id,
        code=lambda_.Code.from_inline("exports.handler = async () => {};"),
        handler="index.handler",
        runtime=lambda_.Runtime.NODEJS_24_X,
    )


key = EncryptionKey(
    stack,
    "Key",
    alias=AliasName.for_stack(stack, "orders"),
    aliases=["orders-of-2026"],
    description="Orders",
    rotation_period=Duration.days(180),
    administrators=[administrator],
    access=[
        KeyAccess.decrypt(
            [clerk],
            encryption_context={"purpose": "report"},
            required_context=["tenant"],
            via_services=["s3", "dynamodb"],
            multi_factor_auth=True,
        )
    ],
    replica_regions=["eu-central-1"],
    replicas=[ReplicaOptions(region="us-east-1", description="Read overseas", removal_policy=RemovalPolicy.DESTROY)],
    tags={"owner": "shop"},
)
key.add_alias("orders-in-ireland")
key.grants.encrypt(clerk, encryption_context={"purpose": "export"})
in_frankfurt, overseas = key.replicas
in_frankfurt.services.logs_export()
overseas.grants.audit(clerk)
key.add_outputs()

logs.LogGroup(stack, "Log", log_group_name="orders", encryption_key=key)
key.services.auto_scaling()

signing = SigningKey(
    stack,
    "Signing",
    alias="releases",
    key_spec=SigningKeySpec.ECC_NIST_P384,
    account_delegation=AccountDelegation.ADMINISTRATION,
    access=[KeyAccess.sign([clerk])],
)
signing.grants.verify(clerk)

generations = EncryptionKeyGenerations(
    stack,
    "Yearly",
    generations=[EncryptionKeyGeneration(id="2025"), EncryptionKeyGeneration(id="2026")],
    current="2025",
)
letters = Envelope(stack, "Letters", generations=generations, context={"service": "letters"})
letters.grant_decrypt(handler("Reader"))
generations.current.grants.generate_data_keys(clerk)

writer = handler("Writer")
writer.add_layers(EnvelopeLayer(stack, "Layer"))
envelope = Envelope(
    stack,
    "Orders",
    key=key,
    context={"service": "orders"},
    required_context=["tenant"],
    cache=EnvelopeCacheLimits(max_age=Duration.minutes(1), max_messages=1000),
)
envelope.grant_encrypt(writer)

KmsGrant(
    stack,
    "Grant",
    key=key,
    grantee=GrantPrincipal.of(clerk),
    operations=[GrantOperation.DECRYPT, GrantOperation.DESCRIBE_KEY],
    encryption_context_subset={"purpose": "export"},
)

choice = EncryptionChoice.customer_managed(key).for_queue()
sqs.Queue(stack, "Queue", encryption=choice.encryption, encryption_master_key=choice.encryption_master_key)

EncryptionKey.from_key_arn(
    stack, "Imported", "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
).grants.decrypt(clerk)

defaults = KeyDefaults(stack, "Defaults", rotation_period=Duration.days(90))
kms.Key(stack, "Plain")
if all(change.property != "rotationPeriod" for change in defaults.report()):
    raise RuntimeError("KeyDefaults changed nothing")

app.synth()
