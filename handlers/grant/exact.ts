import { isDeepStrictEqual } from 'node:util';
import { CreateGrantCommand, type CreateGrantCommandInput } from '@aws-sdk/client-kms';

/**
 * A request that goes out with everything that it was given, or not at all.
 *
 * The SDK is that of the Lambda runtime. One that is older than a member of the request leaves it out, and a grant without
 * its constraint would allow more than was declared.
 */
export function exactly(input: CreateGrantCommandInput): CreateGrantCommand {
  const command = new CreateGrantCommand(input);
  command.middlewareStack.add(
    (next) => (args) => {
      const { body } = args.request as { readonly body: string | Uint8Array };
      const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
      const sent = JSON.parse(text) as Readonly<Record<string, unknown>>;
      const lost = Object.entries(input).filter(([name, value]) => !isDeepStrictEqual(sent[name], value));
      if (lost.length > 0) {
        const names = lost.map(([name]) => name).join(', ');
        throw new Error(
          `the AWS SDK of this Lambda runtime is too old for ${names} of CreateGrant; nothing was granted`,
        );
      }
      return next(args);
    },
    { step: 'build', name: 'exactly' },
  );
  return command;
}
