/**
 * What an app declared when it was applied last, by the resource that declares it: with it the next application knows what
 * is gone from the app. Nothing but text, numbers and flags, so that it can be kept with the keys.
 */
export interface Declared {
  readonly keys: ReadonlyMap<ResourceName, DeclaredKey>;
  readonly aliases: ReadonlyMap<ResourceName, DeclaredAlias>;
  readonly grants: ReadonlyMap<ResourceName, DeclaredGrant>;
}

/** Account, Region, stack and logical id: what CloudFormation knows a resource by. */
export type ResourceName = string;

export interface DeclaredKey {
  readonly constructPath: string;
  readonly arn: string;
  /** Whether the key stays when it is gone from the app: its `DeletionPolicy` is not `Delete`. */
  readonly retained: boolean;
  /** 7 to 30 days to wait before it is deleted. */
  readonly windowInDays: number;
}

export interface DeclaredAlias {
  readonly constructPath: string;
  readonly account: string;
  readonly region: string;
  /** With its prefix `alias/`. */
  readonly name: string;
  readonly retained: boolean;
}

export interface DeclaredGrant {
  readonly constructPath: string;
  readonly keyArn: string;
  readonly grantId: string;
}

/** No app was applied yet. */
export const NOTHING_DECLARED: Declared = { keys: new Map(), aliases: new Map(), grants: new Map() };
