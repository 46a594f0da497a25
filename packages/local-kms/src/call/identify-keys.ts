import { hiddenText } from '../authorize/denial.ts';
import { arnOf } from '../identity/principal.ts';
import { readBlob } from '../operations/encryption.ts';
import { grantNamed } from '../operations/grants.ts';
import type { KeyMember } from '../operations/operation.ts';
import { grantOfToken, identifyKey } from '../state/identify.ts';
import { keyByTag } from '../state/store.ts';
import { faults } from '../wire/texts.ts';
import { bytesOf, type Progress, textOf } from './call.ts';

/** Finds every key that the request names, by identifier or by a ciphertext. */
export function identifyKeys(progress: Progress): void {
  for (const member of progress.operation.keys) {
    const sent = textOf(progress, member.member);
    if (member.region !== undefined) {
      const related = relatedKey(progress, textOf(progress, member.region));
      if (related !== undefined) progress.keys.set(member.role, { key: related, requestAlias: undefined });
    } else if (sent !== undefined) {
      progress.keys.set(member.role, byIdentifier(progress, member, sent));
    } else if (member.grantToken !== undefined) {
      progress.keys.set(member.role, byGrantToken(progress, member));
    } else if (member.ciphertext !== undefined) {
      progress.keys.set(member.role, byCiphertext(progress, member));
    } else if (!member.optional) {
      throw new TypeError(`the schema does not require ${member.member}, and no ciphertext names the key`);
    }
    requireGrant(progress, member);
  }
}

function byIdentifier({ call, operation }: Progress, member: KeyMember, sent: string) {
  const { account, region, world, identity } = call;
  const action = operation.permissions.find(({ on }) => on === member.role)?.action ?? `kms:${call.operation}`;
  return identifyKey(world.store, { account, region }, sent, member.alias, (arn) =>
    faults.accessDenied(hiddenText(arnOf(identity), action, arn), `${arn} does not exist`),
  );
}

/** The key of the same multi-Region key in a Region. */
function relatedKey({ keys }: Progress, region: string | undefined) {
  return keys.get('key')?.key.family.find((one) => one.region === region);
}

function byCiphertext(progress: Progress, member: KeyMember) {
  const bytes = bytesOf(progress, member.ciphertext);
  const { world, region } = progress.call;
  const key = bytes && keyByTag(world.store, region, readBlob(bytes).keyTag);
  if (key === undefined) {
    throw faults.keyOfCiphertextHidden(`no key in ${region} of this run of the local KMS made the ciphertext`);
  }
  return { key, requestAlias: undefined };
}

/** As for keys: that a grant does not exist is told in the account of its key; to others it is one that they may not retire. */
function requireGrant(progress: Progress, { role, grantId }: KeyMember): void {
  const [key, id] = [progress.keys.get(role)?.key, textOf(progress, grantId)];
  if (key !== undefined && id !== undefined && key.account === progress.call.account) grantNamed(key, id);
}

function byGrantToken(progress: Progress, { grantToken }: KeyMember) {
  const { world, region } = progress.call;
  const token = textOf(progress, grantToken) ?? '';
  return { key: grantOfToken(world.store, region, token).key, requestAlias: undefined };
}

/**
 * Where a request gives both a key and a ciphertext, the key must be the one of the ciphertext. This comes after
 * authorization, so that only who may use the key learns what it encrypted, and before usage, as KMS has it.
 *
 * @throws Fault IncorrectKeyException or InvalidCiphertextException
 */
export function matchCiphertexts(progress: Progress): void {
  for (const { role, member, ciphertext } of progress.operation.keys) {
    const bytes = bytesOf(progress, ciphertext);
    const key = progress.keys.get(role)?.key;
    if (bytes === undefined || key === undefined || textOf(progress, member) === undefined) continue;
    // A ciphertext of an RSA key carries no key: there is nothing to compare.
    if (key.spec !== 'SYMMETRIC_DEFAULT' && key.usage === 'ENCRYPT_DECRYPT') continue;
    if (Buffer.compare(readBlob(bytes).keyTag, key.tag) !== 0) throw faults.incorrectKey();
  }
}
