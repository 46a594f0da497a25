import type { Grant } from '@cdk-keysmith/access';

/** A grant as the server holds it. */
export interface KeyGrant {
  /** 64 hexadecimal digits. */
  readonly id: string;
  /** The friendly name; undefined: none. */
  readonly name: string | undefined;
  readonly createdAt: Date;
  /** ARN of the root user of the account whose principal made the grant. */
  readonly issuingAccount: string;
  /** How reasons call the grant. */
  readonly label: string;
  /** What the grant says, as CreateGrant took it. */
  readonly terms: GrantTerms;
  /** The same as the engine reads it; one object as long as the grant lives, since the engine remembers what it read. */
  readonly grant: Grant;
}

export interface GrantTerms {
  readonly granteePrincipal?: string;
  readonly granteeServicePrincipal?: string;
  readonly retiringPrincipal?: string;
  readonly retiringServicePrincipal?: string;
  readonly operations: readonly string[];
  readonly encryptionContextEquals?: ReadonlyMap<string, string>;
  readonly encryptionContextSubset?: ReadonlyMap<string, string>;
  readonly sourceArn?: string;
}
