import { KEY_SPEC_NAMES, KEY_USAGES } from '../../state/key-specs.ts';
import { type Shape, schemaOf } from './shape.ts';

const text = (says: string, max: number, more: object = {}) => ({ kind: 'text', says, max, ...more }) as const;
const list = (says: string, of: Shape, max: number) => ({ kind: 'list', says, of, max }) as const;
const policy = (says: string) => ({ kind: 'document', says }) as const;

/** Sizes and counts that a file may have: far more than anybody writes, and no more than a start can take. */
export const MAX_SEED_BYTES = 4 * 1024 * 1024;
const MAX_KEYS = 5_000;
const MAX_MATERIALS = 1_000;

const ACCOUNT = text('Twelve digits, in quotes.', 12, { pattern: /^[0-9]{12}$/, form: 'twelve digits' });
const REGION = text('For example us-east-1.', 32, {
  pattern: /^[a-z]{2,4}(-[a-z]+)+-[0-9]$/,
  form: 'a Region such as us-east-1',
});
const DATE = text('ISO 8601 with its offset, for example 2026-01-31T12:00:00Z.', 40, {
  pattern: /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,3})?)?(Z|[+-][0-9]{2}:[0-9]{2})$/,
  form: 'a date such as 2026-01-31T12:00:00Z',
});
const TAGS: Shape = {
  kind: 'record',
  says: 'Names and values of tags.',
  of: text('Value of the tag.', 256, { min: 0 }),
  max: 50,
};
const ALIASES = list(
  'Alias names of the key.',
  text('With its prefix alias/.', 256, {
    pattern: /^alias\/(?!aws\/)[a-zA-Z0-9/_-]+$/,
    form: 'a name such as alias/orders, and not begin with alias/aws/',
  }),
  50,
);
const DESCRIPTION = text('Description of the key. Default: empty.', 8192, { min: 0 });
const KEY_STATE = text(
  'State of the key. Default: Enabled, or PendingImport without the material of an EXTERNAL key.',
  20,
  {
    oneOf: ['Enabled', 'Disabled', 'PendingDeletion', 'PendingImport'],
  },
);
const WINDOW = {
  kind: 'number',
  says: 'Days until a key in PendingDeletion is deleted, from the start. Default: 30.',
  min: 7,
  max: 30,
} as const;
const KEY_POLICY = policy('The key policy. Default: the one that KMS gives, which delegates to IAM in the account.');

const MATERIAL: Shape = {
  kind: 'object',
  says: 'One key material: either base64 or pkcs8.',
  required: [],
  members: {
    base64: text('A secret key, or the seed of a post-quantum key pair, in base64.', 200, {
      pattern: /^[A-Za-z0-9+/]+={0,2}$/,
      form: 'base64',
      secret: true,
    }),
    pkcs8: text('A private key as PKCS #8: PEM, or DER in base64.', 20_000, { secret: true }),
    rotatedAt: { ...DATE, says: 'When a rotation brought it; not of the first. Default: the start.' },
    rotationType: text('Default: ON_DEMAND.', 10, { oneOf: ['ON_DEMAND', 'AUTOMATIC'] }),
  },
};

const REPLICA: Shape = {
  kind: 'object',
  says: 'A replica of a multi-Region key.',
  required: ['region'],
  members: {
    region: REGION,
    description: DESCRIPTION,
    tags: TAGS,
    aliases: ALIASES,
    keyPolicy: KEY_POLICY,
  },
};

const KEY: Shape = {
  kind: 'object',
  says: 'A key. Its ARN is that of account, Region and key id.',
  required: ['keyId'],
  members: {
    keyId: text('A UUID in small letters, or of a multi-Region key mrk- and 32 hexadecimal digits.', 36, {
      pattern: /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$/,
      form: 'a UUID in small letters, or mrk- and 32 hexadecimal digits',
    }),
    name: text('How lists and reasons call the key. Default: its first alias, or its ARN.', 200),
    account: ACCOUNT,
    region: REGION,
    description: DESCRIPTION,
    keySpec: text('Default: SYMMETRIC_DEFAULT.', 40, { oneOf: KEY_SPEC_NAMES }),
    keyUsage: text('Default: the only one that the spec has.', 40, { oneOf: KEY_USAGES }),
    origin: text('Default: AWS_KMS.', 10, { oneOf: ['AWS_KMS', 'EXTERNAL'] }),
    keyState: KEY_STATE,
    pendingWindowInDays: WINDOW,
    creationDate: { ...DATE, says: 'Default: the start.' },
    rotationPeriodInDays: {
      kind: 'number',
      says: 'Days between automatic rotations. Default: no rotation.',
      min: 90,
      max: 2560,
    },
    aliases: ALIASES,
    tags: TAGS,
    keyPolicy: KEY_POLICY,
    material: list('Oldest first; the last encrypts. Default: random, new at every start.', MATERIAL, MAX_MATERIALS),
    replicas: list('Replicas in other Regions.', REPLICA, 50),
  },
};

const PRINCIPAL: Shape = {
  kind: 'object',
  says: 'A role or user.',
  required: ['name'],
  members: {
    name: text('Name of the role or user.', 64, { pattern: /^[\w+=,.@-]+$/, form: 'a name as IAM takes it' }),
    type: text('Default: role.', 4, { oneOf: ['role', 'user'] }),
    path: text('Default: /.', 512, { pattern: /^\/([!-~]+\/)?$/, form: 'a path such as /service/' }),
    account: ACCOUNT,
    region: { ...REGION, says: 'The Region that its programs call. Default: that of the file.' },
    policies: list('Identity policies.', policy('A policy document.'), 50),
    permissionsBoundary: policy('The permissions boundary. Default: none.'),
    trustPolicy: policy('Who may assume the role. Default: nobody by AssumeRole.'),
    maxSessionDuration: {
      kind: 'number',
      says: 'Seconds that a session of the role may live at most when it is assumed. Default: 3600.',
      min: 3600,
      max: 43_200,
    },
  },
};

/** A seed file. */
export const SEED: Shape = {
  kind: 'object',
  says: 'Keys and principals of a local KMS. For tests and development: key material in it is no secret.',
  required: ['version'],
  members: {
    $schema: text('For editors; not read.', 2048),
    version: { kind: 'number', says: 'Version of the format: 1.', min: 1, max: 1 },
    account: { ...ACCOUNT, says: 'Default for keys and principals: that of the options.' },
    region: { ...REGION, says: 'Default for keys and principals: that of the options.' },
    keys: list('Keys.', KEY, MAX_KEYS),
    principals: list('Roles and users.', PRINCIPAL, MAX_KEYS),
  },
};

/** The JSON Schema of a seed file; what one thing demands of another is checked when the file is read. */
export function seedJsonSchema(): Record<string, unknown> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://github.com/cdk-keysmith/cdk-keysmith/blob/main/docs/reference/local-kms-seed.schema.json',
    title: 'Seed file of the local KMS',
    ...schemaOf(SEED),
  };
}
