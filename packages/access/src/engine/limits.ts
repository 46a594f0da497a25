import type { Grade } from './principals.ts';

/** The other layers that must allow as well. Service control policies and endpoint policies always must. */
export interface Limits {
  readonly identity: boolean;
  readonly boundary: boolean;
  readonly session: boolean;
}

const NONE: Limits = { identity: false, boundary: false, session: false };
const ALL: Limits = { identity: true, boundary: true, session: true };

/**
 * What still limits a principal of the key's own account, by how the key policy names it.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export const LIMITS_IN_ACCOUNT: Readonly<Record<Grade, Limits>> = {
  role: { identity: false, boundary: true, session: true },
  session: NONE,
  user: { identity: false, boundary: false, session: true },
  everyone: NONE,
  account: ALL,
  root: NONE,
  service: NONE,
};

/** In another account IAM must allow too, whatever the key policy names; a root user and a service have no policies. */
export const LIMITS_ACROSS_ACCOUNTS: Readonly<Record<Grade, Limits>> = {
  role: ALL,
  session: ALL,
  user: ALL,
  everyone: ALL,
  account: ALL,
  root: NONE,
  service: NONE,
};

/** Those that few other layers limit come first. */
export const GRADES: readonly Grade[] = ['session', 'user', 'everyone', 'service', 'root', 'role', 'account'];
