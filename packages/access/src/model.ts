import type { Policy } from './policy.ts';
import type { Value } from './value.ts';

/** What a cloud assembly says about KMS: every key, and everybody and everything that could use one. */
export interface Assembly {
  /** Absolute path of the folder that was read. */
  readonly directory: string;
  readonly stacks: readonly StackModel[];
  readonly keys: readonly KeyModel[];
  readonly aliases: readonly AliasModel[];
  readonly principals: readonly PrincipalModel[];
  readonly functions: readonly FunctionModel[];
}

/** A stack of the app, a nested stack included. */
export interface StackModel {
  /**
   * The stack's name where it is the only one of that name in the assembly, otherwise its construct path.
   * A nested stack is `<parent>/<logical id>`. The same text is the `stack` of everything declared in it.
   */
  readonly name: string;
  readonly constructPath: string;
  /** Twelve digits, or symbolic where the app leaves the account open. */
  readonly account: Value;
  /** For example `eu-west-1`, or symbolic where the app leaves the Region open. */
  readonly region: Value;
  /** Absolute path of the template. */
  readonly templateFile: string;
  /** Parts of the template that could not be understood, each with its place. */
  readonly problems: readonly string[];
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
}

/**
 * A KMS key of the app. Properties that the template leaves out have KMS's defaults.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html
 */
export interface KeyModel extends Located {
  readonly arn: Value;
  /** The key id; for a multi-Region key it starts with `mrk-`. */
  readonly id: Value;
  readonly description: Value;
  /** Default `SYMMETRIC_DEFAULT`. */
  readonly keySpec: Value;
  /** Default `ENCRYPT_DECRYPT`. */
  readonly keyUsage: Value;
  /** Default `AWS_KMS`. */
  readonly origin: Value;
  /** Default false; undefined: cannot be known before deployment, and `problems` says why. */
  readonly multiRegion: boolean | undefined;
  /** Default true; undefined as for {@link KeyModel.multiRegion}. */
  readonly enabled: boolean | undefined;
  readonly rotation: KeyRotation;
  /** 7 to 30 days, default 30; undefined as for {@link KeyModel.multiRegion}. */
  readonly pendingWindowInDays: number | undefined;
  readonly tags: readonly KeyTag[];
  /** As declared; KMS's default key policy where the template has none. */
  readonly keyPolicy: Policy;
  /** What could not be understood, each with its place. */
  readonly problems: readonly string[];
}

/** Automatic rotation of a key's material. */
export interface KeyRotation {
  /** Default false; undefined: cannot be known before deployment. */
  readonly enabled: boolean | undefined;
  /** 90 to 2560 days, default 365; undefined: cannot be known before deployment. */
  readonly periodInDays: number | undefined;
}

/** One tag of a key, as `aws:ResourceTag/<key>` sees it. */
export interface KeyTag {
  readonly key: Value;
  readonly value: Value;
}

/** A second name of a key. */
export interface AliasModel extends Located {
  /** With its prefix: `alias/orders`. */
  readonly name: Value;
  readonly arn: Value;
  /** What the template gives as the target: a key id or a key ARN. */
  readonly target: Value;
  /** The key of the app that the alias names; undefined: a key of elsewhere, or not known before deployment. */
  readonly key: KeyModel | undefined;
}

/** An IAM role or user of the app, with every policy that the app attaches to it. */
export interface PrincipalModel extends Located {
  readonly type: 'role' | 'user';
  readonly arn: Value;
  readonly name: Value;
  /** Who may assume the role; undefined for a user. */
  readonly trustPolicy: Policy | undefined;
  /** Inline and managed policies that the app declares. */
  readonly identityPolicies: readonly Policy[];
  /** Undefined: none. A boundary of outside the app is a policy that says that it cannot be read. */
  readonly permissionsBoundary: Policy | undefined;
  /**
   * Names or ARNs of attached managed policies whose text is not in the app, so that nobody can say here what they
   * allow or deny. AWS's own policies that certainly do not speak about KMS are left out.
   */
  readonly unknownPolicies: readonly string[];
  readonly problems: readonly string[];
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
