import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { LocalKms } from '@cdk-keysmith/local-kms';

// On Node.js 20 the SDK advises to upgrade; that is about this machine and not about the story.
const QUIET = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

/** What a function answered: a result, or an error in the words that Lambda reports it with. */
export type Answer =
  | { readonly result: unknown }
  | { readonly errorType: string; readonly errorCode?: string; readonly errorMessage: string };

/**
 * Runs the bundled handler of a function out of cdk.out, in a process of its own, with exactly the environment that the
 * template gives it.
 *
 * @param as whose permissions the process has; the function's own role when left out
 */
export async function invoke(kms: LocalKms, name: string, event: unknown, as = name): Promise<Answer> {
  const { codeAssetPath, handler } = kms.functionNamed(name);
  if (codeAssetPath === undefined || handler === undefined) {
    throw new Error(`${name} has no code in the assembly; synthesize again with "npx cdk synth"`);
  }
  const child = spawn(process.execPath, [join(__dirname, 'lambda.mjs'), codeAssetPath, handler], {
    // Nothing of our own environment: a function sees what the template and its role give it.
    env: { ...kms.environmentFor(name), ...credentials(kms, as), ...QUIET },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(event));
  const answer = await text(child.stdout);
  return JSON.parse(answer) as Answer;
}

function credentials(kms: LocalKms, as: string): Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken } = kms.credentialsFor(as);
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken && { AWS_SESSION_TOKEN: sessionToken }),
  };
}
