import { doctor, type EnvelopeOptions, kmsWrapping } from '../src/index.ts';
import { altered, localKms } from './kms.ts';
import { CONTRACT, KEY, OTHER_KEY } from './settings.ts';

const KEYS = { wrapKeys: [KEY, OTHER_KEY], unwrapKeys: [KEY] };

function examine(
  kms: NonNullable<EnvelopeOptions['kms']>,
  context: Record<string, string> = { tenant: 'tenant-a' },
  options: { readonly grantTokens?: readonly string[] } = {},
) {
  const env = { KEYSMITH_ENVELOPE_Orders: JSON.stringify({ ...CONTRACT, ...KEYS }) };
  return doctor('Orders', { env, kms, ...options }, context);
}

/** A KMS all of whose answers are this error. */
function failing(name: string, message = 'from KMS') {
  return { send: () => Promise.reject(Object.assign(new Error(message), { name })) };
}

describe('the doctor', () => {
  test('tries every action that the envelope needs, without doing it', async () => {
    const kms = localKms();
    const { healthy, findings } = await examine(kms);
    expect({ healthy, verdicts: findings.map(({ verdict }) => verdict) }).toEqual({
      healthy: true,
      verdicts: ['ok', 'ok', 'ok', 'ok', 'ok'],
    });
    expect(findings.slice(2)).toMatchObject([
      { action: 'kms:GenerateDataKey', keyArn: KEY },
      { action: 'kms:Encrypt', keyArn: OTHER_KEY },
      { action: 'kms:Decrypt', keyArn: KEY },
    ]);
    const encryptionContext = { service: 'orders', tenant: 'tenant-a' };
    for (const { requestParameters, errorCode } of kms.calls) {
      expect(requestParameters).toMatchObject({ dryRun: true, encryptionContext });
      expect(errorCode).toBe('DryRunOperationException');
    }
    const decrypt = kms.calls.find(({ eventName }) => eventName === 'Decrypt');
    expect(decrypt?.requestParameters).toMatchObject({ dryRunModifiers: ['IGNORE_CIPHERTEXT'] });
  });

  test('sends the grant tokens with every request', async () => {
    const kms = localKms();
    await examine(kms, undefined, { grantTokens: ['token'] });
    expect(kms.calls.map(({ requestParameters }) => requestParameters?.['grantTokens'])).toEqual(
      Array(3).fill(['token']),
    );
  });

  const role = 'arn:aws:sts::111122223333:assumed-role/orders/function';
  test.each([
    ['because no identity-based policy allows the kms:Decrypt action', 'no policy of the role'],
    ['because no resource-based policy allows the kms:Decrypt action', 'neither key policy nor a grant'],
    ['with an explicit deny in a resource-based policy', 'Effect Deny'],
    ['because no VPC endpoint policy allows the kms:Decrypt action', 'VPC endpoint'],
    ['because no service control policy allows the kms:Decrypt action', 'service control policy'],
    ['because no permissions boundary allows the kms:Decrypt action', 'permissions boundary'],
    ['because no session policy allows the kms:Decrypt action', 'session policy'],
    ['for some reason', 'does not say why'],
  ])('explains a denial %s', async (reason, text) => {
    const said = `User: ${role} is not authorized to perform: kms:Decrypt on resource: ${KEY} ${reason}`;
    const { healthy, findings } = await examine(failing('AccessDeniedException', said));
    expect(healthy).toBe(false);
    expect(findings.slice(2)).toHaveLength(3);
    for (const finding of findings.slice(2)) {
      expect(finding).toMatchObject({
        verdict: 'problem',
        code: 'NOT_AUTHORIZED',
        principal: role,
        text: expect.stringContaining(text),
      });
    }
  });

  test.each([
    ['NotFoundException', 'problem', 'KEY_UNAVAILABLE', 'does not exist'],
    ['DisabledException', 'problem', 'KEY_UNAVAILABLE', 'disabled'],
    ['ExpiredTokenException', 'problem', 'CREDENTIALS', 'credentials'],
    ['ThrottlingException', 'unknown', undefined, 'repeat'],
    ['TimeoutError', 'unknown', undefined, 'could not be reached'],
    ['InvalidCiphertextException', 'unknown', undefined, 'without a ciphertext'],
    ['SomethingNewException', 'unknown', undefined, 'SomethingNewException'],
  ])('says of %s that it is a %s', async (name, verdict, code, text) => {
    const { healthy, findings } = await examine(failing(name));
    expect(healthy).toBe(false);
    expect(findings[2]).toMatchObject({ verdict, text: expect.stringContaining(text) });
    expect(findings[2]?.code).toBe(code);
  });

  test('does not believe a KMS that does what it was only to check, and wipes what it got', async () => {
    const answers: Uint8Array[] = [];
    const kms = altered({ send: async () => ({ KeyId: KEY, Plaintext: new Uint8Array(32).fill(1) }) }, (answer) => {
      answers.push(answer['Plaintext'] as Uint8Array);
      return answer;
    });
    const { findings } = await examine(kms);
    expect(findings[2]).toMatchObject({ verdict: 'unknown', text: expect.stringContaining('DryRun') });
    expect(answers).toEqual([1, 2, 3].map(() => new Uint8Array(32)));
  });

  test('finds a context that the declaration refuses, and does not ask KMS', async () => {
    const kms = localKms();
    const { healthy, findings } = await examine(kms, {});
    expect(healthy).toBe(false);
    expect(findings).toMatchObject([{ verdict: 'ok' }, { verdict: 'problem', code: 'CONTEXT_REQUIRED' }]);
    expect(kms.calls).toEqual([]);
  });

  test('does not call healthy what it cannot ask: a wrapping of one own', async () => {
    const client = localKms();
    const declared = { direction: 'encrypt', context: {}, requiredContext: ['tenant'] } as const;
    const wrapping = kmsWrapping({ wrapKeys: [KEY], client });
    const { healthy, findings } = await doctor(undefined, { ...declared, wrapping }, { tenant: 'a' });
    expect([healthy, findings.map(({ verdict }) => verdict)]).toEqual([false, ['ok', 'ok', 'unknown']]);
    expect(client.calls).toEqual([]);
  });

  test('finds a declaration that is not there', async () => {
    const { healthy, findings } = await doctor('Orders', { env: {} }, {});
    expect([healthy, findings]).toMatchObject([false, [{ verdict: 'problem', code: 'CONFIG' }]]);
  });

  test('reports names of the context and no values', async () => {
    const report = JSON.stringify(await examine(localKms()));
    expect(report).toContain('tenant');
    expect(report).not.toMatch(/tenant-a|"orders"/);
  });
});
