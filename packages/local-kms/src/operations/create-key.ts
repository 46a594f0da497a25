import { requireOwnPolicyControl } from '../authorize/lockout.ts';
import { IMPORT_KINDS } from '../import/import-kinds.ts';
import type { KeyPolicy } from '../state/key.ts';
import { KEY_SPEC_NAMES, KEY_USAGES, type KeySpec, type KeyUsage, usagesOf } from '../state/key-specs.ts';
import { makeKey, randomKeyId } from '../state/make-key.ts';
import { defaultKeyPolicy, keyMetadata } from '../state/metadata.ts';
import { readKeyPolicy } from '../state/policy-text.ts';
import { addKey } from '../state/store.ts';
import { faults } from '../wire/texts.ts';
import { requireSpecOf } from './checks.ts';
import { CUSTOM_KEY_STORE_ID, DESCRIPTION, KEY_POLICY } from './members.ts';
import { type Call, operation } from './operation.ts';
import { TAGS, tagsOf } from './tags.ts';

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html */
export const createKey = operation({
  input: {
    Policy: KEY_POLICY,
    Description: DESCRIPTION,
    KeyUsage: { type: 'string', values: KEY_USAGES },
    CustomerMasterKeySpec: { type: 'string', values: KEY_SPEC_NAMES },
    KeySpec: { type: 'string', values: KEY_SPEC_NAMES },
    Origin: { type: 'string', values: ['AWS_KMS', 'EXTERNAL', 'AWS_CLOUDHSM', 'EXTERNAL_KEY_STORE'] },
    CustomKeyStoreId: CUSTOM_KEY_STORE_ID,
    BypassPolicyLockoutSafetyCheck: { type: 'boolean' },
    Tags: TAGS,
    MultiRegion: { type: 'boolean' },
    XksKeyId: { type: 'string', min: 1, max: 128, pattern: /^[a-zA-Z0-9-_.]+$/ },
  },
  keys: [],
  permissions: [
    { action: 'kms:CreateKey', on: 'account' },
    { action: 'kms:TagResource', on: 'account', when: 'Tags' },
  ],
  states: 'any',
  usages: [],
  event: { readOnly: false, response: 'output' },
  check(input) {
    requireUsage(specOf(input), input.KeyUsage);
    tagsOf(input.Tags);
  },
  run(input, _keys, call) {
    const spec = specOf(input);
    const origin = input.Origin ?? 'AWS_KMS';
    if (input.CustomKeyStoreId !== undefined || origin === 'AWS_CLOUDHSM' || origin === 'EXTERNAL_KEY_STORE') {
      throw faults.customKeyStoreNotFound();
    }
    requireSpecOf(spec, call.region);
    if (origin === 'EXTERNAL' && IMPORT_KINDS[spec] === undefined) {
      throw faults.unsupported(`the local KMS imports no material of spec ${spec}`);
    }
    const policy = policyOf(input.Policy, call);
    if (input.BypassPolicyLockoutSafetyCheck !== true) requireOwnPolicyControl(policy.policy, call);
    const multiRegion = input.MultiRegion ?? false;
    const key = makeKey(
      {
        account: call.account,
        region: call.region,
        id: randomKeyId(multiRegion),
        spec,
        usage: input.KeyUsage ?? 'ENCRYPT_DECRYPT',
        origin,
        multiRegion,
        description: input.Description ?? '',
        tags: tagsOf(input.Tags),
        policy,
        enabled: true,
      },
      call.now,
    );
    addKey(call.world.store, key);
    return { KeyMetadata: keyMetadata(key) };
  },
});

/** The older name of the member still counts. */
function specOf(input: { readonly KeySpec?: KeySpec; readonly CustomerMasterKeySpec?: KeySpec }): KeySpec {
  return input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT';
}

function requireUsage(spec: KeySpec, usage: KeyUsage | undefined): void {
  if (usage === undefined && spec !== 'SYMMETRIC_DEFAULT') {
    throw faults.validation('You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.');
  }
  if (usage !== undefined && !usagesOf(spec).includes(usage)) {
    throw faults.validation(`KeyUsage ${usage} is not compatible with KeySpec ${spec}`);
  }
}

function policyOf(sent: string | undefined, { account, region }: Call): KeyPolicy {
  return readKeyPolicy(sent ?? defaultKeyPolicy(account, region), 'key policy of the new key');
}
