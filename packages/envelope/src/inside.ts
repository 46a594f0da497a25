import type { DecryptSide } from './decryptor.ts';
import type { EncryptSide } from './encryptor.ts';
import { fail } from './errors.ts';
import { requireDirection, type Settings } from './options.ts';

interface Sides {
  readonly encryption: EncryptSide;
  readonly decryption: DecryptSide;
}

/** What is behind the public face of an envelope, with those of its directions that are certainly there. */
export type Inside<Has extends keyof Sides = never> = { readonly settings: Settings } & Partial<Sides> &
  Pick<Sides, Has>;

const insides = new WeakMap<object, Inside>();

/** Remembers what is behind an envelope, for functions that do more with it than its methods. */
export function withInside<E extends object>(envelope: E, inside: Inside): E {
  insides.set(envelope, inside);
  return envelope;
}

/** Which direction is behind which member. */
const DIRECTIONS = { encryption: 'encrypt', decryption: 'decrypt' } as const;

/**
 * The settings behind an envelope.
 * @throws EnvelopeError `INVALID_INPUT` for something else
 */
export function settingsBehind(envelope: object): Settings {
  return behind(envelope).settings;
}

/**
 * What is behind an envelope, for one direction.
 * @throws EnvelopeError `INVALID_INPUT` for something else; `DIRECTION` when the envelope has the other direction only
 */
export function insideOf<Has extends keyof Sides>(envelope: object, has: Has): Inside<Has> {
  const inside = behind(envelope);
  requireDirection(inside.settings, DIRECTIONS[has]);
  if (inside[has] !== undefined) return inside as Inside<Has>;
  return fail('DIRECTION', `${inside.settings.label} was not opened to ${DIRECTIONS[has]}`);
}

function behind(envelope: object): Inside {
  return (
    insides.get(envelope) ??
    fail('INVALID_INPUT', 'this is no envelope that this copy of @cdk-keysmith/envelope opened')
  );
}
