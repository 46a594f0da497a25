import { IMPORT_KINDS, WRAPPING_ALGORITHMS } from '../import/import-kinds.ts';
import { sealToken } from '../import/token.ts';
import { unwraps } from '../import/unwrap.ts';
import { wrappingPair } from '../import/wrapping-keys.ts';
import { faults } from '../wire/texts.ts';
import { requireImported } from './import-checks.ts';
import { REQUIRED_KEY_ID } from './members.ts';
import { keyIn, operation } from './operation.ts';

const DAY = 24 * 60 * 60 * 1000;

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_GetParametersForImport.html */
export const getParametersForImport = operation({
  input: {
    KeyId: REQUIRED_KEY_ID,
    WrappingAlgorithm: { type: 'string', values: WRAPPING_ALGORITHMS, required: true },
    WrappingKeySpec: { type: 'string', values: ['RSA_2048', 'RSA_3072', 'RSA_4096', 'SM2'], required: true },
  },
  keys: [{ role: 'key', member: 'KeyId', alias: false }],
  permissions: [{ action: 'kms:GetParametersForImport', on: 'key' }],
  states: 'gettingParameters',
  usages: [],
  event: { readOnly: true },
  run(input, keys, { world, now }) {
    const key = keyIn(keys, 'key');
    requireImported(key);
    const { WrappingAlgorithm: algorithm, WrappingKeySpec: spec } = input;
    const kind = IMPORT_KINDS[key.spec];
    if (kind === undefined) throw faults.unsupported(`the local KMS imports no material of spec ${key.spec}`);
    if (!unwraps(algorithm) || spec === 'SM2') {
      throw faults.unsupported(`the local KMS does not unwrap ${algorithm} under ${spec}`);
    }
    if (!kind.wrapping.includes(algorithm)) {
      throw faults.unsupported(`material of spec ${key.spec} is wrapped by one of ${kind.wrapping.join(', ')}`);
    }
    const { publicKey } = wrappingPair(world.store.wrappingPairs, spec);
    const validTo = new Date(now.getTime() + DAY);
    return {
      ImportToken: sealToken(world.store.importSealingKey, {
        keyArn: key.arn,
        algorithm,
        wrappingKeySpec: spec,
        validTo,
      }),
      KeyId: key.arn,
      ParametersValidTo: validTo,
      PublicKey: new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })),
    };
  },
});
