import type { Policy } from '@cdk-keysmith/access';
import type { VpcEndpoint } from './authorize/way.ts';
import type { LocalClock } from './clock.ts';
import type { Turns } from './durable/turns.ts';
import type { LocalKmsEvent } from './events/event.ts';
import type { Identities } from './identity/identities.ts';
import type { FaultPlan } from './injection/plan.ts';
import type { LocalPrincipal } from './inventory.ts';
import type { Organization } from './organization/organization.ts';
import type { Random } from './random-streams.ts';
import type { LateAnswers } from './server/late-answers.ts';
import type { Store } from './state/store.ts';
import type { WebIdentityProvider } from './sts/web-identity-provider.ts';

/**
 * What the server does with identity and policies.
 *
 * - `enforce`: requests must be signed, and what the policies do not allow is denied.
 * - `report`: requests must be signed, and what would be denied passes; its event says so.
 * - `off`: nobody is asked who they are, and no policy is read. Unsigned requests act as the root user of the account.
 */
export type Mode = 'enforce' | 'report' | 'off';

/** What nobody needs to answer a call. */
export interface Overview {
  readonly app: () => {
    readonly principals: readonly LocalPrincipal[];
    readonly problems: readonly string[];
    /** Construct paths of keys, by key ARN. */
    readonly keyPaths: ReadonlyMap<string, string>;
  };
  readonly events: () => readonly LocalKmsEvent[];
}

/** The whole local KMS, handed to every step of a call. */
export interface World {
  readonly mode: Mode;
  /** The account of unsigned requests. */
  readonly account: string;
  /** The Region of unsigned requests. */
  readonly region: string;
  readonly store: Store;
  readonly identities: Identities;
  readonly organization: Organization;
  /** A managed policy by its ARN, as that of a session; one that is not known says so. */
  readonly sessionPolicyNamed: (arn: string) => Policy;
  /** The VPC endpoint of the app that a name stands for, or why there is none. */
  readonly vpcEndpointNamed: (name: string) => VpcEndpoint | { readonly problem: string };
  readonly webIdentityProviders: readonly WebIdentityProvider[];
  readonly now: () => Date;
  /** What signatures and sessions go by: `now`, except in deterministic mode, whose clock stands still. */
  readonly signingNow: () => Date;
  readonly random: Random;
  /** The clock behind `now`, to be moved. */
  readonly clock: LocalClock;
  /** Goes back to the beginning. */
  readonly reset: () => void;
  /** For the status page. */
  readonly overview: Overview;
  readonly faultPlan: FaultPlan;
  readonly lateAnswers: LateAnswers;
  /** Lets calls wait until what they change is kept; undefined: everything is in memory. */
  readonly turns: Turns | undefined;
  /** Whether nobody is answered any more. */
  readonly closed: () => boolean;
  readonly emit: (event: LocalKmsEvent) => void;
}
