import { addGrant, MAX_GRANTS_OF_KEY, sameTerms, writeGrantToken } from '../state/grant.ts';
import type { GrantTerms } from '../state/grant-terms.ts';
import { faults } from '../wire/texts.ts';
import {
  GRANT_OPERATIONS,
  GRANT_SERVICE_PRINCIPAL,
  isDryRun,
  PRINCIPAL,
  problemOfTerms,
  problemWithKey,
  requirePrincipal,
} from './grants.ts';
import { DRY_RUN, ENCRYPTION_CONTEXT, GRANT_TOKENS, REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';
import type { InputOf } from './schema.ts';

const INPUT = {
  KeyId: REQUIRED_KEY_ID,
  GranteePrincipal: PRINCIPAL,
  RetiringPrincipal: PRINCIPAL,
  Operations: { type: 'list', of: { type: 'string', values: GRANT_OPERATIONS }, required: true },
  Constraints: {
    type: 'structure',
    members: {
      EncryptionContextSubset: ENCRYPTION_CONTEXT,
      EncryptionContextEquals: ENCRYPTION_CONTEXT,
      SourceArn: { type: 'string', min: 1, max: 2048 },
    },
  },
  GrantTokens: GRANT_TOKENS,
  Name: { type: 'string', min: 1, max: 256, pattern: /^[a-zA-Z0-9:/_-]+$/ },
  DryRun: DRY_RUN,
  GranteeServicePrincipal: GRANT_SERVICE_PRINCIPAL,
  RetiringServicePrincipal: GRANT_SERVICE_PRINCIPAL,
} as const;

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html */
export const createGrant = operation({
  input: INPUT,
  keys: [{ role: 'key', member: 'KeyId', alias: false }],
  permissions: [{ action: 'kms:CreateGrant', on: 'key' }],
  states: 'granting',
  usages: [],
  event: { readOnly: false, response: 'grantId' },
  check(input) {
    const problem = problemOfTerms(termsOf(input));
    if (problem !== undefined) throw faults.validation(problem);
  },
  run(input, keys, { world, account, now }) {
    const key = keyIn(keys, 'key');
    const terms = termsOf(input);
    requirePrincipal(terms.granteePrincipal, key.region);
    requirePrincipal(terms.retiringPrincipal, key.region);
    const problem = problemWithKey(terms, key);
    if (problem !== undefined) throw faults.validation(problem);
    // A name makes the call one that can be repeated: the same grant, and another of its tokens.
    const named = input.Name === undefined ? [] : [...key.grants.named(input.Name)];
    const same = named.find((one) => sameTerms(one.terms, terms));
    if (same === undefined && key.grants.size >= MAX_GRANTS_OF_KEY) {
      throw faults.limitExceeded(`a key has at most ${MAX_GRANTS_OF_KEY} grants`);
    }
    if (isDryRun(input)) return undefined;
    const grant = same ?? addGrant(key, { terms, name: input.Name, account }, now);
    return { GrantId: grant.id, GrantToken: writeGrantToken(world.store, key, grant) };
  },
});

/** What a request asks for, without members that it leaves out. */
function termsOf(input: InputOf<typeof INPUT>): GrantTerms {
  const { GranteePrincipal, GranteeServicePrincipal, RetiringPrincipal, RetiringServicePrincipal } = input;
  const { EncryptionContextEquals, EncryptionContextSubset, SourceArn } = input.Constraints ?? {};
  return {
    ...(GranteePrincipal !== undefined && { granteePrincipal: GranteePrincipal }),
    ...(GranteeServicePrincipal !== undefined && { granteeServicePrincipal: GranteeServicePrincipal }),
    ...(RetiringPrincipal !== undefined && { retiringPrincipal: RetiringPrincipal }),
    ...(RetiringServicePrincipal !== undefined && { retiringServicePrincipal: RetiringServicePrincipal }),
    operations: [...new Set(input.Operations)],
    ...(EncryptionContextEquals && { encryptionContextEquals: EncryptionContextEquals }),
    ...(EncryptionContextSubset && { encryptionContextSubset: EncryptionContextSubset }),
    ...(SourceArn !== undefined && { sourceArn: SourceArn }),
  };
}
