import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalKms, type LocalKmsEvent, openLocalKms } from '@cdk-keysmith/local-kms';
import { ClassicLevel } from 'classic-level';
import { createTurns } from '../src/durable/turns.ts';
import { killAgainAndAgain } from './state/kill.ts';
import { raw } from './support.ts';

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'local-kms-state-'));
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(state, { recursive: true });
});

/** What LevelDB does when the disk is full: half a record may be written. */
function fullDisk(failures: number): void {
  const batch = jest.spyOn(ClassicLevel.prototype, 'batch');
  const failure = new Error('IO error: 000003.log: No space left on device');
  for (let count = 0; count < failures; count++) batch.mockRejectedValueOnce(failure as never);
}

test('what a listener throws is a warning: calls that were kept are answered, and told of once', async () => {
  const warnings = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  const onEvent = () => {
    throw new Error('chalk');
  };
  for (const kms of [await openLocalKms({ state, onEvent }), createLocalKms({ onEvent })]) {
    const answers = await Promise.all([raw(kms, 'CreateKey', {}), raw(kms, 'CreateKey', {})]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(kms.events.map(({ errorCode }) => errorCode)).toEqual([undefined, undefined]);
    expect(kms.keys()).toHaveLength(2);
    await kms.close();
  }
  expect(warnings).toHaveBeenCalledWith('onEvent has thrown: chalk', 'LocalKmsWarning');
});

describe('a change that cannot be written', () => {
  test('fails as KMS fails, is nowhere, and is told; the next call succeeds', async () => {
    const events: LocalKmsEvent[] = [];
    const told: string[] = [];
    const onStateError = (error: Error) => told.push(error.message);
    const kms = await openLocalKms({ state, onEvent: (event) => events.push(event), onStateError });
    const made = await raw(kms, 'CreateKey', {});
    const { KeyId } = made.body['KeyMetadata'] as { KeyId: string };
    fullDisk(1);
    const failed = await raw(kms, 'UpdateKeyDescription', { KeyId, Description: 'not kept' });
    expect([failed.status, failed.body]).toEqual([500, { __type: 'KMSInternalException' }]);
    expect(failed.headers['x-amzn-requestid']).toBe(events.at(-1)?.requestID);
    const why = `cannot write the state in ${state}: IO error: 000003.log: No space left on device`;
    expect(events.at(-1)).toMatchObject({
      eventName: 'UpdateKeyDescription',
      errorCode: 'KMSInternalException',
      explanation: why,
    });
    expect(told).toEqual([why]);
    const described = () => raw(kms, 'DescribeKey', { KeyId });
    expect((await described()).body).toMatchObject({ KeyMetadata: { Description: '' } });
    await raw(kms, 'UpdateKeyDescription', { KeyId, Description: 'kept' });
    expect((await described()).body).toMatchObject({ KeyMetadata: { Description: 'kept' } });
    await kms.close();
    const again = await openLocalKms({ state });
    expect((await raw(again, 'DescribeKey', { KeyId })).body).toMatchObject({ KeyMetadata: { Description: 'kept' } });
    await again.close();
  });

  test('takes with it the calls that were performed with it, and no answer of theirs leaves', async () => {
    const kept: (() => void)[] = [];
    const failing: ((error: Error) => void)[] = [];
    const keep = () =>
      new Promise<void>((done, fail) => {
        kept.push(done);
        failing.push(fail);
      });
    const { take } = createTurns({ ready: async () => undefined, keep });
    const performed: string[] = [];
    const call = (name: string) =>
      take(() => {
        performed.push(name);
        return { answer: { status: 200, headers: { name }, body: name }, afterMillis: 0 };
      });
    const nextWrite = () => new Promise((resolve) => setImmediate(resolve));
    const first = call('first');
    await nextWrite();
    const others = [call('second'), call('third')];
    expect(performed).toEqual(['first']);
    kept[0]?.();
    expect(await first).toMatchObject({ answer: { status: 200 } });
    await nextWrite();
    expect(performed).toEqual(['first', 'second', 'third']);
    failing[1]?.(new Error('full'));
    for (const other of await Promise.all(others)) {
      expect(other).toMatchObject({ answer: { status: 500, body: '{"__type":"KMSInternalException"}' } });
    }
  });
});

test('a server that is killed loses nothing that it answered: npm run kill does it a thousand times', async () => {
  const result = await killAgainAndAgain({ here: join(__dirname, 'state'), seed: 5, runs: 2 });
  expect(result.kills).toBe(2);
  expect(result.acknowledged).toBeGreaterThan(0);
});
