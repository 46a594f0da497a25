import { createHash } from 'node:crypto';
import { type EncryptionContext, shown } from '../context.ts';
import { EnvelopeError } from '../errors.ts';
import { overlap, type Pattern, parsePattern, pathText } from './path.ts';

/** The name in the encryption context that says which fields a message seals. Its value is a hash of their paths. */
export const FIELDS_CONTEXT_NAME = 'keysmith-fields';

/** The name of the property that holds the message. */
export const SEALED = '$sealed';

/** A declaration of fields, read and checked. */
export interface Plan {
  readonly patterns: readonly Pattern[];
  readonly identity: readonly Pattern[];
  /** What the context says about the paths. */
  readonly digest: string;
}

/**
 * Reads the paths of a declaration.
 * @throws EnvelopeError `CONFIG`, with every problem at once
 */
export function planOf(paths: readonly string[], identityPaths: readonly string[]): Plan {
  const patterns = paths.map(parsePattern);
  const identity = identityPaths.map(parsePattern);
  const all = [...patterns, ...identity];
  const problems = all.flatMap((pattern, index) => [
    ...all
      .slice(index + 1)
      .filter((other) => overlap(pattern, other))
      .map((other) => `${shown(pattern.text)} and ${shown(other.text)} overlap`),
    ...(pattern.steps[0]?.kind === 'key' && pattern.steps[0].key === SEALED
      ? [`${SEALED} is where the message is`]
      : []),
  ]);
  for (const { text, steps, optional } of identity) {
    if (optional || steps.some(({ kind }) => kind === 'every')) {
      problems.push(`identity: ${shown(text)} has to be one field that is always there`);
    }
  }
  if (patterns.length === 0) problems.push('there is no path; name at least one field');
  if (problems.length > 0) throw new EnvelopeError('CONFIG', `sealed fields: ${problems.join('; ')}`);
  // Whether a field may be absent is not part of it: that may change while records exist.
  const spelt = [patterns, identity].map((list) => list.map(({ steps }) => pathText(steps)).sort());
  return { patterns, identity, digest: createHash('sha256').update(JSON.stringify(spelt)).digest('base64url') };
}

/** The caller's context, and the paths in it: KMS itself then tells apart what was sealed under other paths. */
export function boundContext<C extends EncryptionContext>(plan: Plan, context: C): C {
  // Anything else is the envelope's to refuse, as it always does.
  if (Object.prototype.toString.call(context) !== '[object Object]') return context;
  if (Object.hasOwn(context, FIELDS_CONTEXT_NAME)) {
    throw new EnvelopeError('CONTEXT_INVALID', `encryption context: "${FIELDS_CONTEXT_NAME}" is set by sealed fields`);
  }
  if (plan.identity.length === 0 && Object.keys(context).length === 0) {
    throw new EnvelopeError(
      'CONTEXT_REQUIRED',
      'nothing names the record that the sealed fields belong to: give its key in the encryption context, or declare identity',
    );
  }
  return { ...context, [FIELDS_CONTEXT_NAME]: plan.digest };
}
