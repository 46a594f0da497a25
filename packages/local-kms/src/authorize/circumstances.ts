import type { Identity } from '../identity/principal.ts';
import type { Claims } from './way.ts';

/** Who calls, when and from where: what is the same for every permission that a call needs. */
export interface Circumstances {
  readonly identity: Identity;
  /** Region of the call. */
  readonly region: string;
  readonly now: Date;
  /** Address of the client. */
  readonly sourceAddress: string;
  readonly userAgent: string | undefined;
  readonly claims: Claims;
  /** Id of the organization; undefined: not known. */
  readonly organizationId: string | undefined;
}
