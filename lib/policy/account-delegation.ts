/**
 * How far the key policy lets IAM policies of the key's own account decide.
 *
 * With KMS, an IAM policy has no effect on a key unless the key policy delegates to the account. That delegation is one
 * statement whose principal is the account (`arn:aws:iam::<account>:root`). It gives nobody anything by itself; it
 * makes the IAM policies of the account count.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
export enum AccountDelegation {
  /**
   * IAM policies of the account decide about administration and about use.
   *
   * This is what KMS's own default key policy says. The key cannot lock its account out, and grants of aws-cdk-lib
   * constructs work. Whoever may write IAM policies in the account may give themselves the key.
   */
  FULL = 'FULL',

  /**
   * IAM policies decide about administration only; every user of the key stands in its key policy.
   *
   * The key cannot lock its account out. Giving someone the use of the key takes a change of the key policy.
   */
  ADMINISTRATION = 'ADMINISTRATION',

  /**
   * No IAM policy counts: only principals that the key policy names may do anything.
   *
   * IMPORTANT: when the last administrator of such a key is deleted, only AWS Support can recover it. Name at least one
   * administrator, better a role that several people can assume.
   */
  NONE = 'NONE',
}

/** What there is to choose from: JavaScript can give anything. */
export const ACCOUNT_DELEGATIONS: readonly AccountDelegation[] = Object.values(AccountDelegation);
