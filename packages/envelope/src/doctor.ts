import { types } from 'node:util';
import type { EncryptionContext } from './context.ts';
import { EnvelopeError, type EnvelopeErrorCode } from './errors.ts';
import type { KmsAccess } from './kms/calls.ts';
import { clientSupplier, type KmsCommand, loadSdk } from './kms/client.ts';
import { kmsError } from './kms/errors.ts';
import { type EnvelopeOptions, type Settings, settingsOf } from './options.ts';
import { completeContext } from './rules.ts';

/** One thing that the doctor looked at. */
export interface Finding {
  /** `ok`: it works; `problem`: it does not; `unknown`: it cannot be told, because of what `text` says. */
  readonly verdict: 'ok' | 'problem' | 'unknown';
  /** What was found, and for a problem what to do about it. */
  readonly text: string;
  /** What a call of the envelope would fail with; absent where it would succeed, or where that is unknown. */
  readonly code?: EnvelopeErrorCode;
  /** The key that was asked about; absent for findings about declaration and context. */
  readonly keyArn?: string;
  /** The IAM action that was tried. */
  readonly action?: string;
  /** The principal that KMS says it was; only in denials, which name it. */
  readonly principal?: string;
}

/** What the doctor found. */
export interface Diagnosis {
  /** Whether every finding is `ok`. */
  readonly healthy: boolean;
  readonly findings: readonly Finding[];
}

/**
 * Says whether this function, with the role it runs under, may do what the declaration allows it, for one encryption
 * context: every key is asked with `DryRun`, with which KMS checks everything and does nothing. It costs one request a
 * key and action. For deployment checks and the command line rather than for handlers.
 *
 * It does not throw for what it finds. Where declaration or context is refused, KMS is not asked.
 * @param name - the name under which the construct declared the envelope. Default: the only one in the environment
 * @param options - as for `envelope`
 * @param context - an encryption context as calls will give it, with every required name
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/testing-permissions.html
 */
export async function doctor(
  name: string | undefined,
  options: EnvelopeOptions,
  context: EncryptionContext,
): Promise<Diagnosis> {
  const findings: Finding[] = [];
  try {
    const settings = settingsOf(name, options);
    findings.push({ verdict: 'ok', text: `${settings.label} is complete and allows "${settings.contract.direction}"` });
    const complete = completeContext(settings.contract, context);
    findings.push({
      verdict: 'ok',
      text: `the encryption context has what the declaration requires: ${listed(complete)}`,
    });
    const access = { client: settings.kms, grantTokens: settings.grantTokens };
    if (options.wrapping !== undefined) findings.push(NOT_ASKED);
    findings.push(...(await Promise.all(trials(settings).map((trial) => tried(trial, access, complete)))));
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error;
    findings.push({ verdict: 'problem', code: error.code, text: error.message });
  }
  return { healthy: findings.every(({ verdict }) => verdict === 'ok'), findings };
}

/** Keys that the options do not name are known to nobody but what wraps. */
const NOT_ASKED: Finding = {
  verdict: 'unknown',
  text: 'whether data keys can be wrapped and unwrapped: the options give a wrapping of their own, which is not asked',
};

/** Names only: values do not belong into a report that somebody pastes somewhere. */
function listed(context: EncryptionContext): string {
  return Object.keys(context).join(', ') || 'nothing';
}

/** What all of them send. */
interface TrialRequest {
  readonly KeyId: string;
  readonly EncryptionContext: Record<string, string>;
  readonly DryRun: true;
  readonly GrantTokens?: string[];
}

interface Trial {
  readonly action: string;
  readonly keyArn: string;
  readonly command: (request: TrialRequest) => Promise<KmsCommand>;
}

/** One trial for each action that an envelope's calls can need of each key. */
function trials({ contract }: Settings): Trial[] {
  const [generator, ...others] = contract.wrapKeys;
  return [
    ...(generator === undefined ? [] : [generator]).map(
      (keyArn): Trial => ({
        action: 'kms:GenerateDataKey',
        keyArn,
        command: async (request) => new (await loadSdk()).GenerateDataKeyCommand({ ...request, NumberOfBytes: 32 }),
      }),
    ),
    ...others.map(
      (keyArn): Trial => ({
        action: 'kms:Encrypt',
        keyArn,
        command: async (request) => new (await loadSdk()).EncryptCommand({ ...request, Plaintext: new Uint8Array(32) }),
      }),
    ),
    ...contract.unwrapKeys.map(
      (keyArn): Trial => ({
        action: 'kms:Decrypt',
        keyArn,
        command: async (request) =>
          new (await loadSdk()).DecryptCommand({ ...request, DryRunModifiers: ['IGNORE_CIPHERTEXT'] }),
      }),
    ),
  ];
}

async function tried(trial: Trial, access: KmsAccess, context: EncryptionContext): Promise<Finding> {
  const { action, keyArn } = trial;
  const tokens = access.grantTokens ?? [];
  const about = { keyArn, action };
  try {
    const command = await trial.command({
      KeyId: keyArn,
      EncryptionContext: { ...context },
      DryRun: true,
      ...(tokens.length === 0 ? {} : { GrantTokens: [...tokens] }),
    });
    const client = await clientSupplier(access.client)(keyArn);
    const { Plaintext } = (await client.send(command)) as { Plaintext?: unknown };
    if (types.isUint8Array(Plaintext)) Plaintext.fill(0);
  } catch (cause) {
    return { ...about, ...judged(cause, action, keyArn) };
  }
  return {
    ...about,
    verdict: 'unknown',
    text: `${action}: whatever answers for KMS did it instead of only checking it; it does not know DryRun`,
  };
}

/** What the outcome of a trial says. KMS answers every one with an error, of which one name means success. */
function judged(cause: unknown, action: string, keyArn: string): Omit<Finding, 'keyArn' | 'action'> {
  if (cause instanceof EnvelopeError) return { verdict: 'problem', code: cause.code, text: cause.message };
  const { name, message } = (cause ?? {}) as { name?: unknown; message?: unknown };
  if (name === 'DryRunOperationException') return { verdict: 'ok', text: `${action} is allowed with this context` };
  const { code } = kmsError(cause, action, keyArn);
  const said = typeof message === 'string' ? message : '';
  if (code === 'NOT_AUTHORIZED') {
    const principal = /^User: (\S+) /.exec(said)?.[1];
    const text = `${action} is denied: ${missingIn(said)}`;
    return { verdict: 'problem', code, text, ...(principal === undefined ? {} : { principal }) };
  }
  const verdict = UNDECIDED.includes(code) ? 'unknown' : 'problem';
  const told = verdict === 'unknown' ? {} : { code };
  return {
    verdict,
    ...told,
    text: `${action}: ${REMEDIES[code] ?? 'KMS answered with another error'} (${String(name)})`,
  };
}

/** Failures that say nothing about whether a call would be allowed. */
const UNDECIDED: readonly EnvelopeErrorCode[] = ['THROTTLED', 'KMS_UNAVAILABLE', 'KMS_FAILED', 'NOT_AUTHENTIC'];

const REMEDIES: Readonly<Partial<Record<EnvelopeErrorCode, string>>> = {
  CREDENTIALS: 'there are no credentials that AWS accepts; run with those of the role in question',
  KEY_UNAVAILABLE: 'the key does not exist, is disabled, or is pending deletion or import',
  THROTTLED: 'KMS refused the check because of a request quota; repeat it later',
  KMS_UNAVAILABLE: 'KMS could not be reached, so that nothing is known; look at network path and VPC endpoint',
  NOT_AUTHENTIC: 'this KMS does not know how to check without a ciphertext (DryRunModifiers)',
};

/** What KMS says about why a call is denied, and what is missing then. The first row that matches counts. */
const DENIALS: readonly (readonly [said: RegExp, missing: string])[] = [
  [
    /explicit deny in a(n)? (\S+ ?\S+) policy/,
    'a statement with Effect Deny covers it; find it in the policy that the answer of KMS names',
  ],
  [
    /no VPC endpoint policy allows/,
    'the policy of the VPC endpoint does not allow it; extend that policy or leave the endpoint',
  ],
  [/no service control policy allows/, 'no service control policy of the organization allows it'],
  [/no resource control policy allows/, 'no resource control policy of the organization allows it'],
  [/no permissions boundary allows/, 'the permissions boundary of the role does not allow it'],
  [/no session policy allows/, 'the session policy with which the role was assumed does not allow it'],
  [
    /no identity-based policy allows/,
    'no policy of the role allows it; grant it on the construct, and compare the conditions on the encryption context',
  ],
  [
    /no resource-based policy allows/,
    'neither key policy nor a grant allows it; grant it on the construct, and compare the conditions on the encryption context',
  ],
];

function missingIn(said: string): string {
  const row = DENIALS.find(([pattern]) => pattern.test(said));
  return (
    row?.[1] ??
    'KMS does not say why; compare key policy, role policy and their conditions on the encryption context with this call'
  );
}
