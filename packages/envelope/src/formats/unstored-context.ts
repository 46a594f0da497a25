import { contextOf, isContextName, serializeContext } from '../context.ts';
import { EnvelopeError } from '../errors.ts';
import type { MessageFormat } from '../formats.ts';

/**
 * Messages that are bound to names of the context without storing them, as the required encryption context CMM of other
 * AWS Encryption SDKs writes them. What the call gives for these names is then proved by the wrapping key and by the tag
 * of the header. Such messages are read only.
 *
 * Give it among `reads`, once: of several of them, the last one counts.
 * @param names - those that a message may be bound to without storing them
 * @throws EnvelopeError `CONFIG` for a name that no context can have
 * @see AWS Encryption SDK specification, framework/required-encryption-context-cmm.md
 */
export function unstoredContext(...names: string[]): MessageFormat {
  if (!names.every(isContextName)) throw new EnvelopeError('CONFIG', 'unstoredContext: a name is empty or reserved');
  return {
    name: 'unstoredContext',
    bind(header, asked, differing) {
      if (!differing.every((name) => names.includes(name) && !(name in header.context))) return undefined;
      const unstored = contextOf(differing.map((name) => [name, asked[name] ?? '']));
      const bytes = serializeContext(unstored);
      return {
        ...header,
        context: contextOf([...Object.entries(header.context), ...Object.entries(unstored)]),
        sharedSection: Buffer.concat([header.sharedSection, bytes]),
        authenticated: Buffer.concat([header.authenticated, bytes]),
      };
    },
  };
}
