import {
  type Assembly,
  callerFor,
  contextOfKey,
  evaluate,
  GRANT_RESOURCE_TYPE,
  grantsOn,
  layersFor,
} from '@cdk-keysmith/access';
import type { Json } from './support/ask.ts';
import { appOf, arnOf, keyResource, removeFolders, roleResource } from './support/assembly.ts';

afterAll(removeFolders);

/** What a role without policies may do on the first key, by the grants of the app. */
function verdict(app: Assembly, action: string): string {
  const [key] = app.keys;
  const [role] = app.principals;
  if (key === undefined || role === undefined) throw new Error('the app has no key or no role');
  const request = {
    action,
    caller: callerFor(role),
    resource: key.arn,
    resourceAccount: key.account,
    context: contextOfKey(key),
    open: true,
  };
  return evaluate(request, { ...layersFor(key, role), grants: grantsOn(key, app) }).verdict;
}

describe('the grants of an app', () => {
  const app = (properties: Json) =>
    appOf({
      Key: keyResource(),
      Role: roleResource(),
      Other: roleResource(),
      Grant: {
        Type: GRANT_RESOURCE_TYPE,
        Properties: { GranteePrincipal: arnOf('Role'), Operations: ['Decrypt'], ...properties },
      },
    });

  it('let their grantee use their key, and nobody else', () => {
    expect(verdict(app({ KeyId: { Ref: 'Key' } }), 'kms:Decrypt')).toBe('allowed');
    expect(verdict(app({ KeyId: arnOf('Key') }), 'kms:Decrypt')).toBe('allowed');
    expect(verdict(app({ KeyId: { Ref: 'Key' } }), 'kms:Encrypt')).toBe('denied');
    expect(verdict(app({ KeyId: { Ref: 'Key' }, GranteePrincipal: arnOf('Other') }), 'kms:Decrypt')).toBe('denied');
  });

  it('are for a key of elsewhere where they name one, and perhaps for this one where nobody knows', () => {
    const elsewhere = 'arn:aws:kms:eu-west-1:111122223333:alias/orders';
    expect(verdict(app({ KeyId: elsewhere }), 'kms:Decrypt')).toBe('denied');
    expect(verdict(app({ KeyId: { Ref: 'KeyId' } }), 'kms:Decrypt')).toBe('unknown');
  });

  it('become conditions of the answer where they are constrained', () => {
    const Constraints = { EncryptionContextSubset: { service: 'orders' } };
    expect(verdict(app({ KeyId: { Ref: 'Key' }, Constraints }), 'kms:Decrypt')).toBe('allowed-if');
  });

  it('may allow more than what is known of them', () => {
    const some = app({ KeyId: { Ref: 'Key' }, Operations: ['Decrypt', { Ref: 'Operation' }] });
    expect(verdict(some, 'kms:Decrypt')).toBe('allowed');
    expect(verdict(some, 'kms:Encrypt')).toBe('unknown');
  });
});
