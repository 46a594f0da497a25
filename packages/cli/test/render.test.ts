import { join } from 'node:path';
import { type AccessMap, accessMap, readAssembly } from '@cdk-keysmith/access';
import { createLocalKms, LocalKmsError, type LocalKmsEvent } from '@cdk-keysmith/local-kms';
import { createColors } from 'picocolors';
import { type EndingSignal, type Io, main, renderAccessTable } from '../src/index.ts';
import { type Call, callOf } from '../src/render/call.ts';
import { renderCallLine } from '../src/render/call-line.ts';
import { namesOf } from '../src/render/names.ts';
import { renderSummary } from '../src/render/summary.ts';
import { renderUpdate } from '../src/render/update.ts';
import { createTally } from '../src/tally.ts';

const ORDERS = join(__dirname, 'fixtures', 'orders');
const PLAIN = createColors(false);
const ESCAPE = '\u001b';

const widest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

describe('the access table', () => {
  const map = accessMap(readAssembly(ORDERS));
  /** The same answers for an app with long names. */
  const renamed = (rename: (name: string) => string): AccessMap => ({
    ...map,
    keys: map.keys.map(({ rows, ...key }) => ({
      ...key,
      rows: rows.map(({ grantee, cells }) => ({
        grantee: { ...grantee, functions: grantee.functions.map(rename) },
        cells,
      })),
    })),
  });

  test.each([72, 80, 100])('fits %d columns, and names that do not fit lose nothing', (columns) => {
    const path = 'Application/Production/eu-central-1/OrdersService';
    const table = renderAccessTable(
      renamed((name) => `${path}/${name}`),
      { columns },
    );
    expect(widest(table)).toBeLessThanOrEqual(columns);
    for (const part of [...path.split('/'), 'Writer', 'Reader']) {
      expect(table).toContain(part);
    }
  });

  test('is in colour only when asked, and the same text without it', () => {
    const coloured = renderAccessTable(map, { colour: true });
    expect(coloured).toContain(ESCAPE);
    expect(coloured.replace(new RegExp(`${ESCAPE}\\[\\d+m`, 'g'), '')).toBe(renderAccessTable(map));
  });

  test('does not pass on control characters of a template', () => {
    expect(renderAccessTable(renamed((name) => `${name}${ESCAPE}[2J`))).not.toContain(ESCAPE);
  });

  test('says what is not understood about the app itself', () => {
    const problem = 'Orders/Queue: Fn::Transform is not understood';
    expect(renderAccessTable({ keys: [], unknowns: [problem] })).toBe(
      `no KMS key in this app\n\nnot understood\n  ${problem}\n`,
    );
    expect(renderAccessTable({ ...map, unknowns: [...map.unknowns, problem] })).toContain(
      `not understood\n  ${problem}`,
    );
  });
});

describe('calls in words', () => {
  const kms = createLocalKms({ app: ORDERS });
  afterAll(() => kms.close());
  const names = namesOf(kms);
  const [role] = kms.principals().filter(({ name }) => name === 'Orders/Reader/ServiceRole');
  const [key] = kms.keys();

  const event = (facts: Partial<LocalKmsEvent>): LocalKmsEvent => ({
    eventVersion: '1.11',
    userIdentity: { type: 'AssumedRole', arn: role?.arn ?? '' },
    eventTime: '2026-01-02T03:04:05Z',
    eventSource: 'kms.amazonaws.com',
    eventName: 'Decrypt',
    awsRegion: 'eu-central-1',
    sourceIPAddress: '127.0.0.1',
    userAgent: 'test',
    requestParameters: null,
    responseElements: null,
    requestID: 'r',
    eventID: 'e',
    readOnly: true,
    resources: [{ accountId: '111122223333', type: 'AWS::KMS::Key', ARN: key?.arn ?? '' }],
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: '111122223333',
    eventCategory: 'Management',
    ...facts,
  });
  const line = (facts: Partial<LocalKmsEvent>) => renderCallLine(callOf(event(facts)), names, PLAIN);

  test.each<[string, Partial<LocalKmsEvent>, string]>([
    ['allowed', { decision: { verdict: 'allowed', reasons: ['a statement allows it'] } }, 'a statement allows it'],
    [
      'denied',
      { errorCode: 'AccessDenied', decision: { verdict: 'denied', reasons: ['nothing allows it'] } },
      'nothing allows it',
    ],
    [
      'denied',
      { errorCode: 'AccessDenied', decision: { verdict: 'unknown', reasons: ['why'] } },
      'could not be decided: why',
    ],
    ['would be denied', { decision: { verdict: 'denied', reasons: ['why'], wouldHaveBeenDenied: true } }, 'why'],
    [
      'failed',
      { errorCode: 'InvalidCiphertextException', decision: { verdict: 'allowed', reasons: ['no'] } },
      'InvalidCiphertextException',
    ],
    ['failed', { errorCode: 'DisabledException', errorMessage: 'it is disabled' }, 'DisabledException: it is disabled'],
    [
      'failed',
      { errorCode: 'ThrottlingException', injectedFaults: [{ id: 'fault-1', kind: 'error' }] },
      'injected: error (fault-1); ThrottlingException',
    ],
    [
      'allowed',
      {
        decision: { verdict: 'allowed', reasons: ['a statement allows it'] },
        injectedFaults: [{ id: 'fault-2', kind: 'latency' }],
      },
      'injected: latency (fault-2); a statement allows it',
    ],
  ])('a call that was %s is told with its reason (%#)', (outcome, facts, why) => {
    expect(line(facts)).toBe(`03:04:05  ${outcome}  Orders/Reader  Decrypt  alias/orders  ${why}`);
  });

  test('who and what are told by ARN where the app has no name for them, and never with control characters', () => {
    const stranger = 'arn:aws:iam::444455556666:user/stranger';
    expect(line({ userIdentity: { type: 'IAMUser', arn: stranger }, resources: [] })).toContain(
      `  ${stranger}  Decrypt`,
    );
    expect(line({ userIdentity: { type: 'Unknown' }, eventName: `De${ESCAPE}crypt` })).toContain(
      '(unknown caller)  De\\u001bcrypt',
    );
  });

  const call = (operation: string, outcome: Call['outcome'], time = '00:00:00'): Call => ({
    time,
    caller: role?.arn,
    operation,
    resources: [],
    outcome,
    why: ['because'],
  });

  test('a summary tells the same denial once, and how often it happened', () => {
    const tally = createTally(({ outcome }) => outcome === 'denied');
    for (const time of ['00:00:01', '00:00:02', '00:00:03']) tally.add(call('Decrypt', 'denied', time));
    tally.add(call('Encrypt', 'denied'));
    tally.add(call('Encrypt', 'allowed'));
    expect(renderSummary(tally, names, { colours: PLAIN, columns: 100 })).toBe(
      [
        'keysmith: 4 calls were denied',
        '  denied  Orders/Reader  Decrypt  (3 times)',
        '    because',
        '  denied  Orders/Reader  Encrypt',
        '    because',
        '',
      ].join('\n'),
    );
  });

  test('a summary does not grow with the calls, and says what it left out', () => {
    const tally = createTally(() => true);
    for (let index = 0; index < 5000; index++) tally.add(call(`Operation${index}`, 'denied'));
    const summary = renderSummary(tally, names, { colours: PLAIN, columns: 100 });
    expect(summary).toContain('keysmith: 5000 calls were denied');
    expect(summary).toContain('  and 4900 more that differ from these');
    expect(summary.split('\n').length).toBeLessThan(210);
  });
});

describe('main, inside another program', () => {
  test('writes to the streams that it gets, in their width, and returns the exit code', async () => {
    const text = { stdout: '', stderr: '' };
    const output = (stream: 'stdout' | 'stderr') => ({
      write: (chunk: string) => {
        text[stream] += chunk;
      },
      isTTY: true,
      columns: 80,
    });
    const onSignal = (_listener: (signal: EndingSignal) => void) => () => {};
    const io: Io = { stdout: output('stdout'), stderr: output('stderr'), env: { NO_COLOR: '1' }, onSignal };
    expect(await main(['access', ORDERS], io)).toBe(0);
    expect(text.stdout).toContain('Orders/Reporter');
    expect(widest(text.stdout)).toBeLessThanOrEqual(80);
    expect(await main(['access', ORDERS, '--key', 'other'], io)).toBe(1);
    expect(text.stderr).toBe('keysmith: no key "other" in this app (there are: Orders/Key)\n');
  });
});

describe('an app that was written again', () => {
  test('is told by what changed, and by problems that are new', () => {
    const changes = [
      { kind: 'key', name: 'Orders/Key', change: 'changed', details: ['key policy', 'tags'] },
      { kind: 'role', name: `Orders/${ESCAPE}`, change: 'removed', details: [] },
    ] as const;
    const update = { applied: true, changes, problems: ['known before', 'new'] } as const;
    expect(renderUpdate(update, ['known before'], PLAIN)).toBe(
      [
        'the app was written again',
        '  ~ key   Orders/Key     key policy, tags',
        '  - role  Orders/\\u001b',
        '  ! new',
        '',
      ].join('\n'),
    );
  });

  test('in vain is told so, and one that is broken by its error', () => {
    const nothing = { applied: true, changes: [], problems: [] } as const;
    expect(renderUpdate(nothing, [], PLAIN)).toBe('the app was written again; nothing that counts here changed\n');
    const broken = { applied: false, error: new LocalKmsError('INVALID_APP', 'it is cut off') } as const;
    expect(renderUpdate(broken, [], PLAIN)).toBe(
      'the app cannot be read; what was there before stays\n  it is cut off\n',
    );
  });
});
