import type { Policy } from '@cdk-keysmith/access';
import type { VpcEndpoint } from '../authorize/way.ts';
import type { Principal } from '../identity/principal.ts';
import type { SeededContainer } from './containers.ts';
import type { SeededFunction } from './functions.ts';
import type { Named } from './names.ts';

/** A role or user of the app, with where it is declared. */
export interface SeededPrincipal {
  readonly principal: Principal;
  readonly constructPath: string;
  readonly logicalId: string;
  /** Region of the stack that declares it: the one that its programs call, as far as the app tells. */
  readonly region: string;
}

/** What an app brings to the server, beside the keys, aliases and grants in its store. */
export interface App {
  readonly principals: readonly SeededPrincipal[];
  readonly functions: readonly SeededFunction[];
  readonly containers: readonly SeededContainer[];
  /** By ARN. */
  readonly managedPolicies: ReadonlyMap<string, Policy>;
  readonly vpcEndpoints: readonly Named<VpcEndpoint>[];
  /** Construct paths of keys, by key ARN. */
  readonly keyPaths: ReadonlyMap<string, string>;
  /** What could not be made or changed, each with its construct path and why. */
  readonly problems: readonly string[];
}

/** A server without an app: only the root users of accounts can call. */
export const NO_APP: App = {
  principals: [],
  functions: [],
  containers: [],
  managedPolicies: new Map(),
  vpcEndpoints: [],
  keyPaths: new Map(),
  problems: [],
};
