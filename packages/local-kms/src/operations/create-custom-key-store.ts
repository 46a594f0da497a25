import { faults } from '../wire/texts.ts';
import { CUSTOM_KEY_STORE, CUSTOM_KEY_STORE_NAME } from './custom-key-stores.ts';
import { operation } from './operation.ts';

/** What each type of store cannot do without. */
const NEEDED = {
  AWS_CLOUDHSM: ['CloudHsmClusterId', 'TrustAnchorCertificate', 'KeyStorePassword'],
  EXTERNAL_KEY_STORE: [
    'XksProxyConnectivity',
    'XksProxyUriEndpoint',
    'XksProxyUriPath',
    'XksProxyAuthenticationCredential',
  ],
} as const;

/**
 * There is no cluster and no proxy here that a key store could be made of, and the answers say just that.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateCustomKeyStore.html
 */
export const createCustomKeyStore = operation({
  input: {
    CustomKeyStoreName: { ...CUSTOM_KEY_STORE_NAME, required: true },
    TrustAnchorCertificate: { type: 'string', min: 1, max: 5000 },
    CustomKeyStoreType: { type: 'string', values: ['AWS_CLOUDHSM', 'EXTERNAL_KEY_STORE'] },
    ...CUSTOM_KEY_STORE,
  },
  keys: [],
  permissions: [{ action: 'kms:CreateCustomKeyStore', on: 'account' }],
  states: 'any',
  usages: [],
  event: { readOnly: false, response: 'output' },
  check(input) {
    const type = input.CustomKeyStoreType ?? 'AWS_CLOUDHSM';
    const missing = NEEDED[type].filter((member) => input[member] === undefined);
    if (missing.length > 0) throw faults.unworded(`a key store of type ${type} needs ${missing.join(', ')}`);
  },
  run({ CustomKeyStoreType, XksProxyConnectivity }) {
    if (CustomKeyStoreType !== 'EXTERNAL_KEY_STORE') {
      throw faults.named('CloudHsmClusterNotFoundException', 'there are no CloudHSM clusters here');
    }
    throw XksProxyConnectivity === 'VPC_ENDPOINT_SERVICE'
      ? faults.named('XksProxyVpcEndpointServiceNotFoundException', 'there are no VPC endpoint services here')
      : faults.named('XksProxyUriUnreachableException', 'the local KMS reaches out to no proxy');
  },
});
