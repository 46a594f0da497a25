// What `npm start` shows: the bundled handlers of the example at work on a local KMS that enforces the template's
// policies. Every line says what really happened; when something else happens, the story fails.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, relative } from 'node:path';
import { DisableKeyCommand, EnableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { type LocalKmsServer, startLocalKms } from '@cdk-keysmith/local-kms';
import { type Answer, invoke } from './story/invoke';
import { Narrator } from './story/narrator';

const ROOT = join(__dirname, '..');
const APP = join(ROOT, 'cdk.out');
const ORDER = { orderId: '4711', item: 'two boxes of chalk' };

interface Sealed {
  readonly tenant: string;
  readonly sealed: string;
}

const say = new Narrator();

async function main(): Promise<void> {
  const kms = await startLocalKms({ app: APP });
  try {
    const key = declared(kms);
    const order = await sealAndOpen(kms);
    await withoutPermission(kms, order);
    await withoutCallingKms(kms, order);
    await keyState(kms, key, order);
    await whoCanDoWhat();
    whereToGoNext();
  } finally {
    await kms.close();
  }
}

function declared(kms: LocalKmsServer): string {
  const [key] = kms.keys();
  const [alias] = kms.aliases();
  if (key === undefined || alias === undefined) {
    throw new Error(`${APP} declares no key with an alias; synthesize again with "npx cdk synth"`);
  }
  say.chapter('Declared in bin/orders-stack.ts, synthesized to CloudFormation');
  say.fact('key', `${key.arn}`);
  say.fact('alias', `${alias.name}`);
  say.fact('local KMS', `${kms.url}, enforcing the key policy and the IAM policies of ${relative(ROOT, APP)}`);
  return key.arn;
}

async function sealAndOpen(kms: LocalKmsServer): Promise<Sealed> {
  say.chapter('The functions, bundled as they would be deployed, each with its own role');
  const sealed = result<Sealed>(await invoke(kms, 'Orders/Writer', { tenant: 'acme', order: ORDER }));
  const bytes = Buffer.from(sealed.sealed, 'base64').length;
  say.fact('Writer', `seals order ${ORDER.orderId} of tenant acme: ${bytes} bytes, ${sealed.sealed.slice(0, 24)}…`);
  const opened = result<typeof ORDER>(await invoke(kms, 'Orders/Reader', sealed));
  say.fact('Reader', `opens it: "${opened.item}"`);
  return sealed;
}

async function withoutPermission(kms: LocalKmsServer, order: Sealed): Promise<void> {
  say.chapter('What nobody allowed, KMS denies');
  const asWriter = await invoke(kms, 'Orders/Reader', order, 'Orders/Writer');
  say.refusal('Writer', `runs the Reader's code to open it: ${refused(asWriter, 'NOT_AUTHORIZED')}`);
  say.because(lastDenial(kms));
  const asReporter = await invoke(kms, 'Orders/Reporter', order);
  say.refusal('Reporter', `opens it, knowing the key's ARN: ${refused(asReporter, 'NOT_AUTHORIZED')}`);
  say.because(lastDenial(kms));
}

async function withoutCallingKms(kms: LocalKmsServer, order: Sealed): Promise<void> {
  say.chapter('What cannot be right never reaches the key');
  const calls = kms.events.length;
  const otherTenant = await invoke(kms, 'Orders/Reader', { ...order, tenant: 'globex' });
  say.refusal('Reader', `opens it as tenant globex: ${refused(otherTenant, 'CONTEXT_MISMATCH')}`);
  say.because(`${kms.events.length - calls} calls of KMS were made`);
  const altered = await invoke(kms, 'Orders/Reader', { ...order, sealed: withOneBitFlipped(order.sealed) });
  say.refusal('Reader', `opens it with one bit altered: ${refused(altered, 'NOT_AUTHENTIC')}`);
}

async function keyState(kms: LocalKmsServer, keyArn: string, order: Sealed): Promise<void> {
  say.chapter('The state of the key counts');
  const administrator = new KMSClient({
    endpoint: kms.url,
    region: keyArn.split(':')[3],
    credentials: kms.administratorCredentials(),
  });
  await administrator.send(new DisableKeyCommand({ KeyId: keyArn }));
  const disabled = await invoke(kms, 'Orders/Reader', order);
  say.refusal('Reader', `opens it while the key is disabled: ${refused(disabled, 'KEY_UNAVAILABLE')}`);
  await administrator.send(new EnableKeyCommand({ KeyId: keyArn }));
  const enabled = result<typeof ORDER>(await invoke(kms, 'Orders/Reader', order));
  say.fact('Reader', `opens it again after the key was enabled: "${enabled.item}"`);
  administrator.destroy();
}

async function whoCanDoWhat(): Promise<void> {
  say.chapter('Who can do what with this key, from the template alone (keysmith access cdk.out)');
  console.log();
  const keysmith = join(ROOT, 'packages', 'cli', 'bin', 'keysmith.js');
  const child = spawn(process.execPath, [keysmith, 'access', APP], { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = await once(child, 'close');
  if (code !== 0) {
    throw new Error(`keysmith access ended with exit code ${code}`);
  }
}

function whereToGoNext(): void {
  say.chapter('Where to go next');
  say.fact('read', 'bin/orders-stack.ts and bin/handlers: all that was needed for the above');
  say.fact('try', 'npx keysmith run --as Orders/Writer -- node -p process.env.KEYSMITH_ENVELOPE_Orders');
  say.fact('change', 'a grant in bin/orders-stack.ts, then npm start again');
}

function result<T>(answer: Answer): T {
  if (!('result' in answer)) {
    throw new Error(`expected a result, and the function failed with ${answer.errorCode}: ${answer.errorMessage}`);
  }
  return answer.result as T;
}

function refused(answer: Answer, code: string): string {
  if ('result' in answer || answer.errorCode !== code) {
    throw new Error(`expected ${code}, and the function answered ${JSON.stringify(answer)}`);
  }
  return code;
}

function lastDenial(kms: LocalKmsServer): string {
  const reasons = kms.events.at(-1)?.decision?.reasons ?? [];
  return reasons.join('; ');
}

/** One bit in the middle of the sealed content. */
function withOneBitFlipped(sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64');
  const place = bytes.length - 20;
  bytes.writeUInt8(bytes.readUInt8(place) ^ 1, place);
  return bytes.toString('base64');
}

main().catch((error: unknown) => {
  console.error(`keysmith: the story went wrong: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
