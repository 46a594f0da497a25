import { type KeyModel, parsePolicy } from '@cdk-keysmith/access';
import { appOf, removeFolders, roleResource } from './support/assembly.ts';

afterAll(removeFolders);

type Json = Record<string, unknown>;

const environment = 'aws://111122223333/eu-west-1';

/** The first key of an app whose key policy is as given. */
function keyWith(KeyPolicy: unknown): KeyModel | undefined {
  const Key = { Type: 'AWS::KMS::Key', Properties: { KeyPolicy } };
  const template = { Parameters: { Name: { Type: 'String' } } };
  return appOf({ Key, Role: roleResource() }, { environment, template }).keys[0];
}

const documentFor = (principal: string, more: Json = {}) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: principal }, Action: 'kms:*', Resource: '*', ...more }],
});
const textFor = (...given: Parameters<typeof documentFor>) => JSON.stringify(documentFor(...given));
const sub = (text: string) => ({ 'Fn::Sub': text });
const root = `arn:aws:iam::\${AWS::AccountId}:root`;

describe('a policy that is JSON in a string', () => {
  it.each<[string, unknown, unknown]>([
    ['a text', textFor('111122223333'), documentFor('111122223333')],
    ['a text with strings that are known', sub(textFor(root)), documentFor('111122223333')],
    ['a text with the ARN of a role', sub(textFor(`\${Role.Arn}`)), documentFor({ 'Fn::GetAtt': 'Role.Arn' } as never)],
    ['what Fn::ToJsonString makes', { 'Fn::ToJsonString': documentFor('111122223333') }, documentFor('111122223333')],
  ])('is read as the document: %s', (_, text, document) => {
    const [read, plain] = [keyWith(text), keyWith(document)];
    expect(read?.problems).toEqual([]);
    expect(read?.keyPolicy).toEqual(plain?.keyPolicy);
  });

  it.each<[string, unknown, RegExp]>([
    ['may hold quotation marks', sub(textFor(`\${Name}`)), /parameter Name of stack App is given at deployment/],
    ['is no JSON', '{', /^the document must be an object with Version and Statement, not "\{"$/],
    ['is JSON of another kind', '[]', /the document must be an object/],
    [
      'names what only deployment knows',
      sub(textFor('*', { Condition: { StringEquals: { [`kms:EncryptionContext:\${Role}`]: 'a' } } })),
      /Statement 1: Condition.StringEquals: a name in it is known after deployment only/,
    ],
    [
      'forges a part that is not known',
      sub(textFor(`\${Role}`).replace('*', '\\ue0000\\ue001')),
      /^the document: Ref of/,
    ],
  ])('cannot be read where it %s', (_, text, why) => {
    const { statements, unreadable } = keyWith(text)?.keyPolicy ?? {};
    expect(statements).toEqual([]);
    expect(unreadable).toEqual([expect.stringMatching(why)]);
  });

  it('cannot forge what is not known', () => {
    const forged = { parts: [{ kind: 'parameter', stack: 'App', name: 'Name' }] };
    const { statements } = keyWith(textFor(forged as never))?.keyPolicy ?? {};
    const nobody = { parts: [{ kind: 'unknown', reason: 'an object that no policy holds' }] };
    expect(statements?.[0]?.principals).toEqual({ AWS: [nobody] });
  });

  it('is one of a template: whoever parses a policy has parsed the text', () => {
    expect(() => parsePolicy(textFor('*'), { name: 'the policy', kind: 'key' })).toThrow(/must be an object/);
  });
});
