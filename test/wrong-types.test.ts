import { App, Aws, Fn, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lib from '../lib';

/*
 * What the compiler keeps TypeScript from, as plain JavaScript can write it: the error names the construct path and the
 * field, the value and what to give, instead of a property of undefined inside of the library.
 */

const app = new App();
const stack = new Stack(app, 'S');
const key = new lib.EncryptionKey(stack, 'Key');
const signing = new lib.SigningKey(stack, 'Signing', { keySpec: lib.SigningKeySpec.RSA_2048 });
const role = new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
const alias = new lib.KeyAlias(stack, 'Moves', { aliasName: 'moves', targetKey: key });
const watch = new lib.KeyWatch(stack, 'Watch', { keys: [key] });
let made = 0;

const classes = lib as unknown as Record<string, new (scope: Stack, id: string, props: unknown) => unknown>;
const make = (name: string, props?: unknown) => () => new classes[name](stack, `X${made++}`, props);
/** Of a type that is taken everywhere. */
const any = (value: unknown) => value as never;

test.each<[string, string | RegExp, () => unknown]>([
  [
    'no properties',
    /^S\/X\d+: the properties are undefined; give an object with key, grantee, operations/,
    make('KmsGrant'),
  ],
  ['a member left out', /^S\/X\d+: keySpec is undefined; give a text$/, make('SigningKey', {})],
  ['null for nothing', /alias is null; give a text, or leave it out/, make('EncryptionKey', { alias: null })],
  [
    'several at once',
    /description is 42; give a text, or leave it out; tags.a is undefined; give a text; pendingWindow is 7; give a Duration/,
    make('MacKey', { description: 42, tags: { a: undefined }, pendingWindow: 7 }),
  ],
  ['in a list', /users\[1\] is undefined; give a principal/, make('EncryptionKey', { users: [role, undefined] })],
  ['in an object in a list', /replicas\[0\]\.region is undefined/, make('EncryptionKey', { replicas: [{}] })],
  [
    'no list',
    /keys is S\/Key; give a list that is known at synthesis, with a key, as kms.IKey in each place/,
    make('KeyWatch', { keys: key }),
  ],
  ['a key of another kind', /key is S\/Role; give a key/, make('Envelope', { key: role, context: {} })],
  ['deeper', /cache\.maxAge is 300; give a Duration/, make('Envelope', { key, context: {}, cache: { maxAge: 300 } })],
  ['context that is a list', /context is a list of 1; give an object/, make('Envelope', { key, context: ['a'] })],
  [
    'a grantee',
    'S/Key: cannot grant: grantee is undefined; give a principal',
    () => key.grants.decrypt(any(undefined)),
  ],
  [
    'a condition',
    'conditions.viaServices is "s3"; give a list',
    () => key.grants.decrypt(role, any({ viaServices: 's3' })),
  ],
  ['an action', 'S/Key: cannot grant: actions[0] is null', () => key.grant(role, any(null))],
  ['an access', 'KeyAccess.sign: principals is S/Role; give a list', () => lib.KeyAccess.sign(any(role))],
  ['an alias', 'S/Key: alias is undefined; give a text', () => key.addAlias(any(undefined))],
  ['a statement', 'S/Key: statement is an object (Object)', () => key.addToResourcePolicy(any({}))],
  ['a target', 'S/Moves: key is undefined; give a key', () => alias.pointTo(any(undefined))],
  ['a target of events', 'S/Watch: target is an object (Object)', () => watch.addTarget(any({}))],
  ['a resource', 'S/Key: services: the resource is "b"', () => key.services.bucketNotifications(any('b'))],
  ['a service', 'S/Key: services: there is no "caller-zzz"', () => key.services.viaService(any('zzz'))],
  [
    'a publisher',
    'S/Key: services: there is no "publisher-undefined"',
    () => key.services.topicPublisher(any(undefined)),
  ],
  ['a hosted zone', 'S/Signing: services: the resource is null', () => signing.services.dnssec(any(null))],
  ['an import', 'S/I: attributes is undefined', () => lib.EncryptionKey.fromKeyAttributes(stack, 'I', any(undefined))],
  ['an import by alias', 'S/J: aliasName is 1; give a text', () => lib.EncryptionKey.fromAliasName(stack, 'J', any(1))],
  ['a grant principal', 'GrantPrincipal.of: grantee is undefined', () => lib.GrantPrincipal.of(any(undefined))],
  ['a date', 'RotationTimes.at: dates[0] is "2027"', () => lib.RotationTimes.at(any(['2027']))],
  ['a choice', 'EncryptionChoice.customerManaged: key is null', () => lib.EncryptionChoice.customerManaged(any(null))],
  ['a name', 'AliasName.forStack: name is undefined', () => lib.AliasName.forStack(stack, any(undefined))],
  ['a generation', /generations\[0\]\.id is undefined/, make('MacKeyGenerations', { generations: [{}] })],
  ['a layer', /layerVersionName is 1; give a text, or leave it out/, make('EnvelopeLayer', { layerVersionName: 1 })],
  [
    'a list that is a token',
    /requiredContext is a token, known at deployment only; give a list that is known at synthesis/,
    make('Envelope', { key, requiredContext: Fn.split(',', Aws.STACK_NAME) }),
  ],
  [
    'a list of a condition that is a token',
    'S/Key: cannot grant: conditions.requiredContext is a token',
    () => key.grants.decrypt(role, { requiredContext: Fn.split(',', Aws.STACK_NAME) }),
  ],
  [
    'a number that is a token, where it is computed with',
    /sharePercent is a token, .*give a number that is known at synthesis, or leave it out; minutes is a token/,
    make('RequestQuotaAlarm', { sharePercent: Token.asNumber({ Ref: 'N' }), minutes: Token.asNumber({ Ref: 'N' }) }),
  ],
])('%s', (_name, message, call) => {
  expect(call).toThrow(message);
});
