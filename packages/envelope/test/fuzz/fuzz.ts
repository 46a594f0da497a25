import {
  AlgorithmSuiteIdentifier,
  buildClient,
  CommitmentPolicy,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
} from '@aws-crypto/client-node';
import { openEnvelope } from '../../src/envelope.ts';
import { EnvelopeError } from '../../src/errors.ts';
import type { Envelope } from '../../src/index.ts';
import { rawAesWrapping } from '../../src/raw/aes.ts';
import { decryptStream } from '../../src/stream/decrypt.ts';
import { EVERYTHING, settingsFor } from '../settings.ts';
import { below, mutate, type Random, randomFrom } from './mutate.ts';

/** What a fuzz run did. */
export interface FuzzResult {
  readonly runs: number;
  /** Messages that were refused, by code. */
  readonly refused: ReadonlyMap<string, number>;
  /** Mutations that changed nothing that counts: the plaintext was that of a message as it was written. */
  readonly harmless: number;
  /** The longest single run. */
  readonly slowestMillis: number;
}

const CONTEXT = { tenant: 'acme' };
const KEY = { keyNamespace: 'fuzz', keyName: 'key' };
const LENGTHS = [0, 1, 63, 64, 65, 200];

/** Longer than any message of this size could take, a garbage collection of a busy machine included. */
const HANG_MILLIS = 5_000;

/**
 * Mutates messages of every suite and opens them, whole and as streams. Each must be refused with an `EnvelopeError` or
 * give the plaintext of a message that was really written.
 *
 * @param seed - the same seed gives the same mutations; messages differ, since their keys and ids are random
 * @throws the first time that something else happens, with seed and number of the run
 */
export async function fuzz(
  seed: number,
  runs: number,
  progress: (done: number) => void = () => {},
): Promise<FuzzResult> {
  const random = randomFrom(seed);
  const { box, messages, plaintexts } = await corpus(random);
  const refused = new Map<string, number>();
  let harmless = 0;
  let slowestMillis = 0;
  for (let run = 0; run < runs; run += 1) {
    const message = mutate(pick(messages, random), pick(messages, random), random);
    const streamed = random() < 0.2;
    const start = performance.now();
    const outcome = await (streamed ? throughStream(box, message, random) : whole(box, message));
    slowestMillis = Math.max(slowestMillis, performance.now() - start);
    const at = `seed ${seed}, run ${run}, ${streamed ? 'streamed' : 'whole'}`;
    if (outcome instanceof EnvelopeError) {
      refused.set(outcome.code, (refused.get(outcome.code) ?? 0) + 1);
    } else if (outcome instanceof Uint8Array) {
      if (!plaintexts.has(Buffer.from(outcome).toString('hex'))) throw new Error(`${at}: opened to what nobody sealed`);
      harmless += 1;
    } else {
      throw new Error(`${at}: failed with something other than an EnvelopeError`, { cause: outcome });
    }
    if (slowestMillis > HANG_MILLIS) throw new Error(`${at}: took ${Math.round(slowestMillis)} ms`);
    if (run % 10_000 === 9_999) progress(run + 1);
  }
  return { runs, refused, harmless, slowestMillis };
}

/** Messages of all eleven suites around the ends of frames, written by the official client. */
async function corpus(random: Random) {
  const key = Uint8Array.from({ length: 32 }, () => below(random, 256));
  const keyring = new RawAesKeyringNode({
    ...KEY,
    unencryptedMasterKey: new Uint8Array(key),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  });
  const messages: Buffer[] = [];
  const plaintexts = new Set<string>();
  for (const suiteId of Object.values(AlgorithmSuiteIdentifier).filter((id) => typeof id === 'number')) {
    const policy =
      suiteId >= 0x0400
        ? CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT
        : CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT;
    for (const length of LENGTHS) {
      const plaintext = Buffer.alloc(length, messages.length + 1);
      const options = { suiteId, frameLength: 64, encryptionContext: { ...CONTEXT, number: `${messages.length}` } };
      messages.push((await buildClient(policy).encrypt(keyring, plaintext, options)).result);
      plaintexts.add(plaintext.toString('hex'));
    }
  }
  const box = openEnvelope(settingsFor(rawAesWrapping({ ...KEY, key }), { formats: EVERYTHING }));
  return { box, messages, plaintexts };
}

async function whole(box: Envelope, message: Uint8Array): Promise<unknown> {
  return box.decrypt(message, CONTEXT).catch((error: unknown) => error);
}

/** In chunks of any size. Only what a stream that ended well released counts as opened. */
async function throughStream(box: Envelope, message: Uint8Array, random: Random): Promise<unknown> {
  const stream = decryptStream(box, CONTEXT, { signedMessages: 'release-unverified' });
  const writer = stream.writable.getWriter();
  const feed = async () => {
    for (let at = 0; at < message.length; ) {
      const end = at + 1 + below(random, 300);
      await writer.write(message.slice(at, end));
      at = end;
    }
    await writer.close();
  };
  const released: Uint8Array[] = [];
  const drain = async () => {
    for await (const chunk of stream.readable) released.push(chunk);
  };
  const [fed, drained] = await Promise.allSettled([feed(), drain()]);
  if (drained.status === 'rejected') return drained.reason;
  return fed.status === 'rejected' ? fed.reason : Buffer.concat(released);
}

function pick<T>(from: readonly T[], random: Random): T {
  return from[below(random, from.length)] as T;
}
