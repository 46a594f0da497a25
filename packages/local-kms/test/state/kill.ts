import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Answer, buildServer, type Child, startChild } from './child.ts';
import { type KeyFacts, type KnownKey, type Random, randomStep } from './model.ts';

export interface KillOptions {
  /** The folder of this file. */
  readonly here: string;
  readonly seed: number;
  readonly runs: number;
  readonly log?: (line: string) => void;
}

/** What was seen in all runs together. */
export interface KillResult {
  kills: number;
  /** Calls that succeeded. */
  acknowledged: number;
  /** Calls that were on their way when the server was killed. */
  unanswered: number;
  /** Of those, how many were found done. */
  done: number;
  /** Facts of keys that were compared after a kill. */
  compared: number;
  /** Ciphertexts of before a kill that were decrypted after it. */
  decrypted: number;
}

/** Kills for each state: in the first of them it is begun. */
const RUNS_OF_STATE = 50;
const MAX_KEYS = 8;
const LANES = 3;
/** Calls that are answered before a kill, at most. */
const MAX_CALLS = 25;

/**
 * Kills a server again and again in the middle of random calls, and checks after each start that everything is there that
 * was answered, and of what was not answered either all or nothing.
 *
 * @throws at the first thing that is not there
 */
export async function killAgainAndAgain({ here, seed, runs, log }: KillOptions): Promise<KillResult> {
  const result: KillResult = { kills: 0, acknowledged: 0, unanswered: 0, done: 0, compared: 0, decrypted: 0 };
  const random = randomOf(seed);
  const program = buildServer(here);
  let folder: string | undefined;
  let keys: KnownKey[] = [];
  let next = startChild(program);
  try {
    for (let run = 0; run < runs; run++) {
      if (folder === undefined || run % RUNS_OF_STATE === 0) {
        if (folder !== undefined) rmSync(folder, { recursive: true });
        folder = mkdtempSync(join(tmpdir(), 'local-kms-killed-'));
        keys = [];
      }
      const child = next;
      // Starting up is what takes long.
      next = startChild(program);
      await oneRun(child, join(folder, 'state'), keys, random, result).catch((error) => {
        throw new Error(`seed ${seed}, run ${run}: ${error.message}`, { cause: error });
      });
      if ((run + 1) % 50 === 0) log?.(`${run + 1} kills: ${JSON.stringify(result)}`);
    }
    return result;
  } finally {
    await next.kill();
    rmSync(program, { force: true });
    if (folder !== undefined) rmSync(folder, { recursive: true });
  }
}

async function oneRun(
  child: Child,
  state: string,
  keys: KnownKey[],
  random: Random,
  result: KillResult,
): Promise<void> {
  // Now and then before it has opened, while it reads or begins the state.
  if (random(10) === 0) {
    const opening = child.open(state).catch(() => undefined);
    await setTimeout(random(120));
    await child.kill();
    await opening;
    result.kills += 1;
    return;
  }
  await child.open(state);
  for (const key of keys) await checkKey(child, key, random, result);
  const enough = result.acknowledged + random(MAX_CALLS);
  let isOver = false;
  const lanes = Array.from({ length: LANES }, () => calls(child, keys, random, () => isOver, result));
  // In the middle of whatever is going on, at any point of it.
  while (result.acknowledged < enough) await Promise.race([...lanes, setTimeout(2)]);
  await setTimeout(random(10));
  isOver = true;
  await child.kill();
  result.kills += 1;
  await Promise.all(lanes);
}

/** One call after another, beside others, until it is over or the server is gone. */
async function calls(child: Child, keys: KnownKey[], random: Random, isOver: () => boolean, result: KillResult) {
  while (!isOver()) {
    const free = keys.filter(({ busy, maybe }) => !busy && maybe === undefined);
    const key = free[random(Math.max(1, free.length))];
    const isMade = key === undefined || (keys.length < MAX_KEYS && random(4) === 0);
    if (!(await (isMade ? makeKey(child, keys, random, result) : change(child, key, random, result)))) return;
  }
}

async function makeKey(child: Child, keys: KnownKey[], random: Random, result: KillResult): Promise<boolean> {
  const external = random(4) === 0;
  const answer = await child.call('CreateKey', { Origin: external ? 'EXTERNAL' : 'AWS_KMS' });
  if (!acknowledged('CreateKey', answer, result)) return false;
  const { KeyId: id } = answer.body['KeyMetadata'] as { KeyId: string };
  const unknown = { maybe: undefined, parameters: undefined, material: undefined, ciphertexts: [] };
  const key: KnownKey = { id, external, facts: NEW_KEY, busy: false, ...unknown };
  if (external) key.facts = { ...NEW_KEY, state: 'PendingImport' };
  keys.push(key);
  return true;
}

const NEW_KEY: KeyFacts = {
  ...{ state: 'Enabled', description: '', tags: '', aliases: '', grants: '', period: 0, rotations: 0, use: '' },
  policy: '*',
};

async function change(child: Child, key: KnownKey, random: Random, result: KillResult): Promise<boolean> {
  const step = randomStep(key, random);
  key.busy = true;
  const answer = await child.call(step.operation, step.body);
  key.busy = false;
  if (!acknowledged(step.operation, answer, result)) {
    key.maybe = step.after(key.facts, '?');
    return false;
  }
  key.facts = step.after(key.facts, answer.requestId);
  step.learn?.(key, answer);
  return true;
}

function acknowledged(operation: string, answer: Answer | undefined, result: KillResult): answer is Answer {
  if (answer === undefined) {
    result.unanswered += 1;
    return false;
  }
  if (answer.status !== 200) throw new Error(`${operation} was refused: ${JSON.stringify(answer.body)}`);
  result.acknowledged += 1;
  return true;
}

async function checkKey(child: Child, key: KnownKey, random: Random, result: KillResult): Promise<void> {
  const told = await factsOf(child, key);
  // KMS does not tell the rotation of a key that is pending deletion; it is back when the deletion is cancelled.
  const found = told.state === 'PendingDeletion' ? { ...told, period: key.facts.period } : told;
  const differences = ([wanted, isDone]: readonly [KeyFacts, boolean]) => ({
    isDone,
    wrong: (Object.keys(wanted) as (keyof KeyFacts)[]).filter((fact) => !isSame(wanted[fact], found[fact])),
  });
  const wanted: (readonly [KeyFacts, boolean])[] = [[key.facts, false]];
  if (key.maybe !== undefined) wanted.push([key.maybe, true]);
  const all = wanted.map(differences);
  const right = all.find(({ wrong }) => wrong.length === 0);
  if (right === undefined) {
    throw new Error(
      `key ${key.id}: expected ${JSON.stringify(key.facts)}, or after the call without an answer ${JSON.stringify(key.maybe)}, but found ${JSON.stringify(found)}`,
    );
  }
  if (right.isDone) result.done += 1;
  result.compared += Object.keys(found).length;
  key.facts = found;
  key.maybe = undefined;
  if (found.state !== 'Enabled' || key.ciphertexts.length === 0) return;
  // The last one, and any other.
  for (const { blob, plaintext } of [key.ciphertexts.at(-1), key.ciphertexts[random(key.ciphertexts.length)]].flatMap(
    (one) => one ?? [],
  )) {
    const answer = await child.call('Decrypt', { CiphertextBlob: blob });
    if (answer?.body['Plaintext'] !== plaintext) throw new Error(`key ${key.id}: a ciphertext is not decrypted`);
    key.facts = { ...key.facts, use: answer.requestId };
    result.decrypted += 1;
  }
}

/** `*` and `?` stand for what is not known. */
function isSame(wanted: string | number, found: string | number): boolean {
  return wanted === found || wanted === '*' || wanted === '?';
}

async function factsOf(child: Child, { id: KeyId, external }: KnownKey): Promise<KeyFacts> {
  const ask = async (operation: string, body: object = {}) => {
    const answer = await child.call(operation, { KeyId, ...body });
    if (answer?.status !== 200) throw new Error(`key ${KeyId}: ${operation} gives ${JSON.stringify(answer?.body)}`);
    return answer.body;
  };
  const list = (value: unknown, write: (one: Readonly<Record<string, unknown>>) => unknown) =>
    (value as Readonly<Record<string, unknown>>[]).map(write).sort().join(',');
  const { Description, KeyState } = (await ask('DescribeKey'))['KeyMetadata'] as Record<string, string>;
  const usage = (await ask('GetKeyLastUsage'))['KeyLastUsage'] as Record<string, string> | undefined;
  const rotation = external ? {} : await ask('GetKeyRotationStatus');
  const rotations = (await ask('ListKeyRotations'))['Rotations'] as unknown[];
  return {
    state: KeyState ?? '',
    description: Description ?? '',
    tags: list((await ask('ListResourceTags'))['Tags'], ({ TagKey, TagValue }) => `${TagKey}=${TagValue}`),
    policy: String((await ask('GetKeyPolicy'))['Policy']),
    aliases: list((await ask('ListAliases'))['Aliases'], ({ AliasName }) => AliasName),
    grants: list((await ask('ListGrants', { Limit: 100 }))['Grants'], ({ Name }) => Name),
    period: Number(rotation['RotationPeriodInDays'] ?? 0),
    rotations: rotations.length,
    use: usage?.['KmsRequestId'] ?? '',
  };
}

/** Mulberry32: the same numbers for the same seed. */
function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
