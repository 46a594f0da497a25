import type { Grant } from './grant.ts';
import type { Policy } from './policy.ts';
import type { TemplateCondition, Value } from './value.ts';

/** What a cloud assembly, or templates, say about KMS: every key, and everybody and everything that could use one. */
export interface Assembly {
  /** Absolute path of the folder that was read, or that holds the template; undefined: the templates were given as text. */
  readonly directory: string | undefined;
  readonly stacks: readonly StackModel[];
  /** Replica keys included: each has its own key policy. */
  readonly keys: readonly KeyModel[];
  readonly aliases: readonly AliasModel[];
  readonly grants: readonly GrantModel[];
  /** Roles and users. */
  readonly principals: readonly PrincipalModel[];
  readonly groups: readonly GroupModel[];
  /** Managed policies that the app declares, whether they are attached to somebody or not. */
  readonly managedPolicies: readonly ManagedPolicyModel[];
  readonly instanceProfiles: readonly InstanceProfileModel[];
  readonly functions: readonly FunctionModel[];
  /** Containers of ECS task definitions. */
  readonly containers: readonly ContainerModel[];
  readonly customResources: readonly CustomResourceModel[];
  /** AWS services that key policies of the app let in. */
  readonly services: readonly ServiceModel[];
  /** VPC endpoints for KMS. */
  readonly vpcEndpoints: readonly VpcEndpointModel[];
  /** Service control policies that were given beside the app, from the organization's root down to the account. */
  readonly serviceControlPolicies: readonly ControlPolicyModel[];
  /** Resource control policies that were given beside the app. */
  readonly resourceControlPolicies: readonly ControlPolicyModel[];
  /** What the app says about findings of checks: see {@link checkAssembly}. */
  readonly suppressions: readonly DeclaredSuppression[];
}

/**
 * A finding of checks that the app declares to be intended, for one construct and all below it: by
 * `Metadata: { keysmith: { suppress: [{ rule, reason }] } }` of a resource, or by
 * `Validations.of(scope).acknowledge({ id: 'keysmith::<rule>', reason })` of the CDK.
 */
export interface DeclaredSuppression {
  readonly kind: 'metadata' | 'acknowledgement';
  readonly constructPath: string;
  /** Empty for an acknowledgement: it may be one of a construct without a resource. */
  readonly logicalId: string;
  readonly stack: string;
  readonly source?: SourcePosition;
  /** As written; undefined: it is missing or no text. */
  readonly rule: string | undefined;
  /** As written; undefined: it is missing or no text. */
  readonly reason: string | undefined;
}

/** A stack of the app, a nested stack included; or a template that is read by itself. */
export interface StackModel {
  /**
   * The stack's name where it is the only one of that name in the assembly, otherwise its construct path; for a template
   * without an assembly its file name without ending. A nested stack is `<parent>/<logical id>`. The same text is the
   * `stack` of everything declared in it.
   */
  readonly name: string;
  readonly constructPath: string;
  /** Twelve digits, or symbolic where the app leaves the account open. */
  readonly account: Value;
  /** For example `eu-west-1`, or symbolic where the app leaves the Region open. */
  readonly region: Value;
  /** Absolute path of the template; the name under which it was given, if as text. */
  readonly templateFile: string;
  readonly parameters: readonly ParameterModel[];
  /** Definitions of the template's conditions, as JSON in a text, by name. Without a prototype. */
  readonly conditions: Readonly<Record<string, string>>;
  /**
   * The role with which CloudFormation makes the resources: it creates the keys, so KMS asks of a key policy that it can
   * still be changed by it. Undefined: whoever deploys decides.
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
   */
  readonly executionRoleArn: Value | undefined;
  /** Parts of the template that could not be understood, each with its place. */
  readonly problems: readonly string[];
}

/** A parameter of a template; its value is given at deployment, whatever its default. */
export interface ParameterModel {
  readonly name: string;
  /** For example `String`, `AWS::SSM::Parameter::Value<String>`. */
  readonly type: string;
  readonly default?: string;
  /** The only values that it may have. */
  readonly allowedValues?: readonly string[];
}

/** A place in a file. */
export interface SourcePosition {
  /** As the assembly records it: a path of the machine that ran `cdk synth`. For a template, its path or name. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column?: number;
}

/** Where a thing is declared. */
export interface Located {
  /** The path that `cdk synth` gave it, e.g. `Orders/Key/Resource`; `<stack>/<logical id>` in a template without one. */
  readonly constructPath: string;
  readonly logicalId: string;
  /** {@link StackModel.name} of the stack that declares it. */
  readonly stack: string;
  readonly account: Value;
  readonly region: Value;
  /** The line of the author's code where `cdk synth` recorded it, otherwise the line of the template. */
  readonly source?: SourcePosition;
  /** Conditions of the template, all of which must hold for the thing to be there at all; left out: it always is. */
  readonly onlyIf?: readonly TemplateCondition[];
}

/**
 * A KMS key of the app. Properties that the template leaves out have KMS's defaults.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-replicakey.html
 */
export interface KeyModel extends Located {
  readonly arn: Value;
  /** The key id; for a multi-Region key it starts with `mrk-`. */
  readonly id: Value;
  readonly description: Value;
  /** Default `SYMMETRIC_DEFAULT`; a replica key has that of its primary key. */
  readonly keySpec: Value;
  /** Default `ENCRYPT_DECRYPT`; a replica key has that of its primary key. */
  readonly keyUsage: Value;
  /** Default `AWS_KMS`; a replica key has that of its primary key. */
  readonly origin: Value;
  /** Default false, always true for a replica key; undefined: cannot be known before deployment, and `problems` says why. */
  readonly multiRegion: boolean | undefined;
  /** Set for a replica key: what it is a replica of. */
  readonly replicaOf?: ReplicaOf;
  /** Default true; undefined as for {@link KeyModel.multiRegion}. */
  readonly enabled: boolean | undefined;
  /** A replica key has that of its primary key. */
  readonly rotation: KeyRotation;
  /** 7 to 30 days, default 30; undefined as for {@link KeyModel.multiRegion}. */
  readonly pendingWindowInDays: number | undefined;
  /** Whether KMS is told not to check that the key policy can still be changed. Default false. */
  readonly bypassPolicyLockoutSafetyCheck: boolean | undefined;
  /** What becomes of the key with its stack, e.g. `Delete` (CloudFormation's default), `Retain`. */
  readonly deletionPolicy: Value;
  readonly tags: readonly Tag[];
  /** As declared; KMS's default key policy where the template has none. */
  readonly keyPolicy: Policy;
  /** What could not be understood, each with its place. */
  readonly problems: readonly string[];
}

/** The primary key of a replica key. */
export interface ReplicaOf {
  readonly primaryKeyArn: Value;
  /** Undefined: a key of elsewhere, or not known before deployment. */
  readonly primary: KeyModel | undefined;
}

/** Automatic rotation of a key's material. */
export interface KeyRotation {
  /** Default false; undefined: cannot be known before deployment. */
  readonly enabled: boolean | undefined;
  /** 90 to 2560 days, default 365; undefined: cannot be known before deployment. */
  readonly periodInDays: number | undefined;
}

/** One tag: `aws:ResourceTag/<key>` of a key, `aws:PrincipalTag/<key>` of a role or user. */
export interface Tag {
  readonly key: Value;
  readonly value: Value;
}

export type KeyTag = Tag;

/** A second name of a key. */
export interface AliasModel extends Located {
  /** With its prefix: `alias/orders`. */
  readonly name: Value;
  readonly arn: Value;
  /** What the template gives as the target: a key id or a key ARN. */
  readonly target: Value;
  /** The key of the app that the alias names; undefined: a key of elsewhere, or not known before deployment. */
  readonly key: KeyModel | undefined;
  /** What becomes of the alias with its stack, e.g. `Delete` (CloudFormation's default), `Retain`. */
  readonly deletionPolicy: Value;
}

/**
 * A grant that the app makes with the custom resource {@link GRANT_RESOURCE_TYPE}.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html
 */
export interface GrantModel extends Located {
  /** As the template gives it: a key id or a key ARN. */
  readonly keyId: Value;
  /** Undefined: a key of elsewhere, or not known before deployment. */
  readonly key: KeyModel | undefined;
  /** What the grant allows. Parts that are not known before deployment are among its `unreadable`. */
  readonly grant: Grant;
  /** The grant's `Name` at KMS; undefined: none. */
  readonly grantName: Value | undefined;
  readonly problems: readonly string[];
}

/** An IAM role or user of the app, with every policy that the app attaches to it. */
export interface PrincipalModel extends Located {
  readonly type: 'role' | 'user';
  readonly arn: Value;
  readonly name: Value;
  /** With its slashes; default `/`. */
  readonly path: Value;
  /** Who may assume the role; undefined for a user. */
  readonly trustPolicy: Policy | undefined;
  /** Seconds that a session of the role may live; undefined for a user. Default 3,600. */
  readonly maxSessionDuration: Value | undefined;
  /** Inline and managed policies that the app declares, those of a user's groups, and policies of AWS known here. */
  readonly identityPolicies: readonly Policy[];
  /** Undefined: none. A boundary of outside the app is a policy that says that it cannot be read. */
  readonly permissionsBoundary: Policy | undefined;
  /**
   * Names or ARNs of attached managed policies whose text is not known here, each with the reason, so that nobody can say
   * what they allow or deny. AWS's own policies that certainly do not speak about KMS are left out.
   */
  readonly unknownPolicies: readonly string[];
  /** As `aws:PrincipalTag/<key>` sees them. Tags that the whole stack gives are not among them. */
  readonly tags: readonly Tag[];
  /** Construct paths of the groups of the app that a user is in; empty for a role. */
  readonly groups: readonly string[];
  readonly problems: readonly string[];
}

/** An IAM group of the app; its policies are those of its users too. */
export interface GroupModel extends Located {
  readonly arn: Value;
  readonly name: Value;
  readonly identityPolicies: readonly Policy[];
  /** As {@link PrincipalModel.unknownPolicies}. */
  readonly unknownPolicies: readonly string[];
  readonly problems: readonly string[];
}

/** A managed policy of the app: `AWS::IAM::ManagedPolicy`. Principals have those that are attached to them already. */
export interface ManagedPolicyModel extends Located {
  readonly arn: Value;
  readonly policy: Policy;
  readonly problems: readonly string[];
}

/** What lets EC2 instances run as roles. */
export interface InstanceProfileModel extends Located {
  readonly arn: Value;
  readonly name: Value;
  /** Roles of the app. */
  readonly roles: readonly PrincipalModel[];
}

/** A Lambda function of the app. */
export interface FunctionModel extends Located {
  readonly arn: Value;
  readonly name: Value;
  readonly roleArn: Value;
  /** The role of the app that the function runs as; undefined: a role of elsewhere. */
  readonly role: PrincipalModel | undefined;
  /** Without a prototype: any name is safe to look up. */
  readonly environment: Readonly<Record<string, Value>>;
  readonly handler: Value | undefined;
  readonly runtime: Value | undefined;
  /** Absolute path of the code inside the assembly, a folder or a file; undefined: inline code, an image, or not staged. */
  readonly codeAssetPath: string | undefined;
}

/** A container of an ECS task definition of the app, located where the task definition is. */
export interface ContainerModel extends Located {
  /** Its name within the task definition. */
  readonly name: Value;
  /** The task role, with which its code calls AWS; undefined: the task definition has none. */
  readonly roleArn: Value | undefined;
  /** The role of the app; undefined: there is none, or it is one of elsewhere. */
  readonly role: PrincipalModel | undefined;
  /** Without a prototype: any name is safe to look up. */
  readonly environment: Readonly<Record<string, Value>>;
}

/** A custom resource: code that runs at every deployment. */
export interface CustomResourceModel extends Located {
  /** For example `Custom::AWS`. */
  readonly type: string;
  readonly serviceToken: Value;
  /**
   * Functions of the app that it runs: that of its service token, and those that CDK's provider framework calls in turn.
   * Empty: code of elsewhere.
   */
  readonly functions: readonly FunctionModel[];
}

/** An AWS service that key policies let in. */
export interface ServiceModel {
  /** For example `sns.amazonaws.com`. */
  readonly service: Value;
  /** Keys whose policies have an Allow statement for the service. */
  readonly keys: readonly KeyModel[];
}

/**
 * A VPC endpoint for KMS: requests that come through it also need its policy.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/kms-vpc-endpoint.html
 */
export interface VpcEndpointModel extends Located {
  /** What the template names the endpoint by; `vpce-…` after deployment. */
  readonly id: Value;
  /** For example `com.amazonaws.eu-west-1.kms`. */
  readonly serviceName: Value;
  readonly vpcId: Value;
  /** As declared; the default, which allows everything, where the template has none. */
  readonly policy: Policy;
  readonly problems: readonly string[];
}

/** A service or resource control policy, and where in the organization it is attached. */
export interface ControlPolicyModel {
  /** Counted from the organization's root: all of one level are attached to one root, unit or account. */
  readonly level: number;
  /** What the level is attached to, as its author calls it: `root`, `ou-…`, an account number. */
  readonly target: string;
  /** Account numbers for which it counts; left out: all. */
  readonly accounts?: readonly string[];
  readonly policy: Policy;
}

/**
 * The custom resource with which an app makes grants, since CloudFormation has no grants of its own. Its properties are
 * `KeyId`, `GranteePrincipal` or `GranteeServicePrincipal`, `RetiringPrincipal` or `RetiringServicePrincipal`,
 * `Operations`, `Constraints` (`EncryptionContextEquals`, `EncryptionContextSubset`, `SourceArn`) and `Name`, as
 * CreateGrant has them.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html
 */
export const GRANT_RESOURCE_TYPE = 'Custom::KeysmithGrant';
