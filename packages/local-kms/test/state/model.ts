import { constants, createPublicKey, publicEncrypt } from 'node:crypto';
import type { Answer } from './child.ts';

/** What must be there of a key, in the words in which it can be asked for. */
export interface KeyFacts {
  readonly state: string;
  readonly description: string;
  readonly tags: string;
  readonly policy: string;
  readonly aliases: string;
  readonly grants: string;
  readonly period: number;
  readonly rotations: number;
  /** Request id of the last use; `?` for a call that was not answered. */
  readonly use: string;
}

export interface Ciphertext {
  readonly blob: string;
  readonly plaintext: string;
}

/** A key as far as it is known from answers. */
export interface KnownKey {
  readonly id: string;
  readonly external: boolean;
  facts: KeyFacts;
  /** What the facts are if the call without an answer was done. */
  maybe: KeyFacts | undefined;
  busy: boolean;
  parameters: { readonly token: string; readonly publicKey: string } | undefined;
  material: string | undefined;
  readonly ciphertexts: Ciphertext[];
}

/** A random call on a key, and what it makes of the facts when it succeeds. */
export interface Step {
  readonly operation: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly after: (facts: KeyFacts, requestId: string) => KeyFacts;
  readonly learn?: (key: KnownKey, answer: Answer) => void;
}

/** A whole number from 0 to below a limit. */
export type Random = (below: number) => number;

type Maker = (key: KnownKey, random: Random) => Step | undefined;

const isUsable = ({ facts }: KnownKey) => facts.state === 'Enabled';
const isAlive = ({ facts }: KnownKey) => facts.state === 'Enabled' || facts.state === 'Disabled';
const added = (list: string, one: string) => [...list.split(',').filter((other) => other !== ''), one].sort().join(',');
const without = (list: string, one: string) =>
  list
    .split(',')
    .filter((other) => other !== one)
    .join(',');
const name = (random: Random) => random(1e9).toString(36);
const last = (list: string) => list.split(',').at(-1) ?? '';

const encrypt: Maker = (key, random) => {
  if (!isUsable(key)) return undefined;
  const plaintext = Buffer.from(name(random)).toString('base64');
  return {
    operation: 'Encrypt',
    body: { KeyId: key.id, Plaintext: plaintext },
    after: (facts, use) => ({ ...facts, use }),
    learn: ({ ciphertexts }, { body }) => void ciphertexts.push({ blob: String(body['CiphertextBlob']), plaintext }),
  };
};

/** Calls by what they change. One that a key cannot take now is left out. */
const MAKERS: readonly Maker[] = [
  encrypt,
  encrypt,
  (key, random) => {
    const description = name(random);
    if (key.facts.state === 'PendingDeletion') return undefined;
    const body = { KeyId: key.id, Description: description };
    return { operation: 'UpdateKeyDescription', body, after: (facts) => ({ ...facts, description }) };
  },
  (key, random) => {
    if (key.facts.state === 'PendingDeletion') return undefined;
    const [tag, value] = [`t${random(4)}`, name(random)];
    const kept = key.facts.tags.split(',').filter((one) => one !== '' && !one.startsWith(`${tag}=`));
    const tags = [...kept, `${tag}=${value}`].sort().join(',');
    const body = { KeyId: key.id, Tags: [{ TagKey: tag, TagValue: value }] };
    return { operation: 'TagResource', body, after: (facts) => ({ ...facts, tags }) };
  },
  (key, random) => {
    const policy = JSON.stringify({
      Statement: [{ Sid: name(random), Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' }],
    });
    return {
      operation: 'PutKeyPolicy',
      body: { KeyId: key.id, Policy: policy },
      after: (facts) => ({ ...facts, policy }),
    };
  },
  (key, random) => {
    if (!isAlive(key) || key.facts.aliases.length > 200) return undefined;
    const alias = `alias/${name(random)}`;
    const body = { AliasName: alias, TargetKeyId: key.id };
    return { operation: 'CreateAlias', body, after: (facts) => ({ ...facts, aliases: added(facts.aliases, alias) }) };
  },
  ({ facts: { aliases } }) => {
    const alias = last(aliases);
    if (alias === '') return undefined;
    const body = { AliasName: alias };
    return { operation: 'DeleteAlias', body, after: (facts) => ({ ...facts, aliases: without(facts.aliases, alias) }) };
  },
  (key, random) => {
    if (!isUsable(key)) return undefined;
    const grant = name(random);
    const GranteePrincipal = 'arn:aws:iam::111122223333:root';
    const body = { KeyId: key.id, Name: grant, GranteePrincipal, Operations: ['Decrypt'] };
    return { operation: 'CreateGrant', body, after: (facts) => ({ ...facts, grants: added(facts.grants, grant) }) };
  },
  (key) => {
    if (key.external || !isUsable(key) || key.facts.rotations >= 25) return undefined;
    const after = (facts: KeyFacts) => ({ ...facts, rotations: facts.rotations + 1 });
    return { operation: 'RotateKeyOnDemand', body: { KeyId: key.id }, after };
  },
  (key, random) => {
    if (key.external || !isUsable(key)) return undefined;
    const period = 90 + random(1000);
    const body = { KeyId: key.id, RotationPeriodInDays: period };
    return { operation: 'EnableKeyRotation', body, after: (facts) => ({ ...facts, period }) };
  },
  (key) => {
    if (!isAlive(key)) return undefined;
    const [operation, state] = isUsable(key) ? ['DisableKey', 'Disabled'] : ['EnableKey', 'Enabled'];
    return { operation, body: { KeyId: key.id }, after: (facts) => ({ ...facts, state }) };
  },
  (key) => {
    const isDying = key.facts.state === 'PendingDeletion';
    if (!isDying && !isAlive(key)) return undefined;
    const [operation, state] = isDying ? ['CancelKeyDeletion', 'Disabled'] : ['ScheduleKeyDeletion', 'PendingDeletion'];
    return { operation, body: { KeyId: key.id }, after: (facts) => ({ ...facts, state }) };
  },
  (key) => {
    if (!key.external || key.parameters !== undefined) return undefined;
    const body = { KeyId: key.id, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' };
    return {
      operation: 'GetParametersForImport',
      body,
      after: (facts) => facts,
      learn: (known, { body: { ImportToken, PublicKey } }) => {
        known.parameters = { token: String(ImportToken), publicKey: String(PublicKey) };
      },
    };
  },
  (key, random) => {
    if (key.parameters === undefined || key.facts.state !== 'PendingImport') return undefined;
    key.material ??= Buffer.alloc(32, random(256)).toString('base64');
    const { token: ImportToken, publicKey } = key.parameters;
    const spki = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    const wrapping = { key: spki, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
    const EncryptedKeyMaterial = publicEncrypt(wrapping, Buffer.from(key.material, 'base64')).toString('base64');
    const ExpirationModel = 'KEY_MATERIAL_DOES_NOT_EXPIRE';
    const body = { KeyId: key.id, ImportToken, EncryptedKeyMaterial, ExpirationModel };
    return { operation: 'ImportKeyMaterial', body, after: (facts) => ({ ...facts, state: 'Enabled' }) };
  },
  (key) => {
    if (!key.external || !isAlive(key)) return undefined;
    const after = (facts: KeyFacts) => ({ ...facts, state: 'PendingImport' });
    return { operation: 'DeleteImportedKeyMaterial', body: { KeyId: key.id }, after };
  },
];

export function randomStep(key: KnownKey, random: Random): Step {
  for (;;) {
    const step = MAKERS[random(MAKERS.length)]?.(key, random);
    if (step !== undefined) return step;
  }
}
