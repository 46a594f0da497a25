import { CUSTOM_KEY_STORE_ID } from './members.ts';

/** Members that describe a custom key store, to be made or to be changed. */
export const CUSTOM_KEY_STORE = {
  CloudHsmClusterId: { type: 'string', min: 19, max: 24, pattern: /^cluster-[2-7a-zA-Z]{11,16}$/ },
  KeyStorePassword: { type: 'string', min: 7, max: 32, sensitive: true },
  XksProxyUriEndpoint: { type: 'string', min: 10, max: 128, pattern: /^https:\/\/[a-zA-Z0-9.-]+$/ },
  XksProxyUriPath: {
    type: 'string',
    min: 10,
    max: 128,
    pattern: /^(\/[a-zA-Z0-9/_-]+\/kms\/xks\/v\d{1,2})$|^(\/kms\/xks\/v\d{1,2})$/,
  },
  XksProxyVpcEndpointServiceName: {
    type: 'string',
    min: 20,
    max: 64,
    pattern: /^(com|eu)\.amazonaws\.vpce\.([a-z]+-){2,3}\d+\.vpce-svc-[0-9a-z]+$/,
  },
  XksProxyVpcEndpointServiceOwner: { type: 'string', min: 12, max: 12, pattern: /^[0-9]{12}$/ },
  XksProxyAuthenticationCredential: {
    type: 'structure',
    sensitive: true,
    members: {
      AccessKeyId: { type: 'string', required: true, min: 20, max: 30, pattern: /^[A-Z2-7]+$/, sensitive: true },
      RawSecretAccessKey: {
        type: 'string',
        required: true,
        min: 43,
        max: 64,
        pattern: /^[a-zA-Z0-9/+=]+$/,
        sensitive: true,
      },
    },
  },
  XksProxyConnectivity: { type: 'string', values: ['PUBLIC_ENDPOINT', 'VPC_ENDPOINT_SERVICE'] },
} as const;

export const CUSTOM_KEY_STORE_NAME = { type: 'string', min: 1, max: 256 } as const;
export const REQUIRED_CUSTOM_KEY_STORE_ID = { ...CUSTOM_KEY_STORE_ID, required: true } as const;
