import {
  CreateGrantCommand,
  DecryptCommand,
  EnableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  KMSClient,
  ReEncryptCommand,
} from '@aws-sdk/client-kms';
import { type AccessMap, accessMap, type Decision, decisionInWords, readAssembly } from '@cdk-keysmith/access';
import { createLocalKms, type LocalKms } from '@cdk-keysmith/local-kms';
import { KEY, SEALER, withAssembly } from './assembly.ts';
import { ACCOUNT, actionsOf, type Case, GRANTED, PRINCIPALS, type Request } from './cases.ts';
import { isContested, wayHolds } from './conditions.ts';

/** How many requests of each kind were compared, so that a run that compared nothing is not taken for agreement. */
export interface Tally {
  /** The map says that nothing hinges on the request. */
  never: number;
  always: number;
  /** The map names conditions, and they hold. */
  met: number;
  /** The map names conditions, and they do not hold. */
  unmet: number;
  /** The map says that it does not know. */
  unknown: number;
  /** Nothing to decrypt: the key policy denies encryption under this context to everybody. */
  unsealed: number;
  /** Of the requests above: allowed by a grant. */
  byGrant: number;
}

export function newTally(): Tally {
  return { never: 0, always: 0, met: 0, unmet: 0, unknown: 0, unsealed: 0, byGrant: 0 };
}

/** Sends the requests of a case to the local KMS, with real encryption contexts. @throws Error where the map disagrees. */
export function judge(one: Case, tally: Tally): Promise<void> {
  return withAssembly(one, async (folder) => {
    const map = accessMap(readAssembly(folder));
    await using kms = createLocalKms({ app: folder });
    if (kms.problems.length > 0) throw new Error(kms.problems.join('; '));
    for (const request of one.requests) {
      const decisions = decisionsFor(request, map);
      const kind = together(decisions.map((decision) => kindOf(decision, request)));
      const allowed = kind === 'unknown' ? undefined : await ask(kms, request);
      tally[kind !== 'unknown' && allowed === undefined ? 'unsealed' : kind] += 1;
      const reasons = kms.events.at(-1)?.decision?.reasons ?? [];
      if (allowed === true && reasons.some((text) => /^grant .* allows /.test(text))) tally.byGrant += 1;
      if (allowed === undefined || allowed === (kind === 'always' || kind === 'met')) continue;
      const who = PRINCIPALS[request.principal];
      const what = `${who} ${request.operation} ${JSON.stringify(request.context)}`;
      throw new Error(
        `${what}: the map says ${decisions.map(decisionInWords).join(' and ')}; KMS says ${allowed}: ${reasons.join('; ')}`,
      );
    }
  });
}

function decisionsFor({ principal, operation }: Request, map: AccessMap): readonly Decision[] {
  const [access] = map.keys;
  const rows = [...(access?.rows ?? []), ...(access?.others() ?? [])];
  const row = rows.find(({ grantee }) => grantee.name === pathOf(principal));
  return actionsOf(operation).map((action) => {
    const cell = row?.cells.find((one) => one.action === action);
    if (cell === undefined) throw new Error(`the map has no ${action} for ${PRINCIPALS[principal]}`);
    return cell.decision;
  });
}

function pathOf(principal: number): string {
  return `App/${PRINCIPALS[principal]}`;
}

type Kind = Exclude<keyof Tally, 'unsealed' | 'byGrant'>;

/** Of all that an operation needs, what decides. */
function together(kinds: readonly Kind[]): Kind {
  return (['never', 'unmet', 'unknown', 'met'] as const).find((kind) => kinds.includes(kind)) ?? 'always';
}

function kindOf({ verdict, residual, alternatives = [] }: Decision, request: Request): Kind {
  if (verdict === 'unknown') return 'unknown';
  if (verdict !== 'allowed-if') return verdict === 'allowed' ? 'always' : 'never';
  const open = [residual, ...alternatives].filter((way) => wayHolds(way, request));
  if (open.length === 0) return 'unmet';
  return open.every((way) => isContested(way, request)) ? 'unknown' : 'met';
}

/** Whether KMS lets a principal; undefined where there is nothing to ask about. */
async function ask(kms: LocalKms, { principal, operation, context }: Request): Promise<boolean | undefined> {
  const KeyId = kms.keys().find(({ constructPath }) => constructPath === KEY)?.arn;
  const client = clientAs(kms, pathOf(principal));
  const EncryptionContext = { ...context };
  switch (operation) {
    case 'Encrypt':
      return isAllowed(client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x'), EncryptionContext })));
    case 'Decrypt': {
      const CiphertextBlob = await sealed(kms, KeyId, EncryptionContext);
      return CiphertextBlob && isAllowed(client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext })));
    }
    case 'GenerateDataKey':
      return isAllowed(client.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', EncryptionContext })));
    case 'GenerateDataKeyWithoutPlaintext':
      return isAllowed(
        client.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId, KeySpec: 'AES_256', EncryptionContext })),
      );
    case 'CreateGrant': {
      const Constraints = Object.keys(context).length > 0 ? { EncryptionContextSubset: EncryptionContext } : undefined;
      const GranteePrincipal = `arn:aws:iam::${ACCOUNT}:role/somebody`;
      const terms = { KeyId, GranteePrincipal, Operations: [...GRANTED], Constraints, DryRun: true };
      return isAllowed(client.send(new CreateGrantCommand(terms)));
    }
    case 'EnableKey':
      return isAllowed(client.send(new EnableKeyCommand({ KeyId })));
    case 'ReEncrypt': {
      const CiphertextBlob = await sealed(kms, KeyId, EncryptionContext);
      if (CiphertextBlob === undefined) return undefined;
      const [SourceEncryptionContext, DestinationEncryptionContext] = [EncryptionContext, EncryptionContext];
      const contexts = { SourceEncryptionContext, DestinationEncryptionContext };
      return isAllowed(client.send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: KeyId, ...contexts })));
    }
  }
}

async function sealed(
  kms: LocalKms,
  KeyId: string | undefined,
  EncryptionContext: Record<string, string>,
): Promise<Uint8Array | undefined> {
  let ciphertext: Uint8Array | undefined;
  const command = new EncryptCommand({ KeyId, Plaintext: Buffer.from('x'), EncryptionContext });
  await isAllowed(
    clientAs(kms, SEALER)
      .send(command)
      .then(({ CiphertextBlob }) => {
        ciphertext = CiphertextBlob;
      }),
  );
  return ciphertext;
}

function clientAs(kms: LocalKms, name: string): KMSClient {
  return new KMSClient({ ...kms.clientConfig(name), maxAttempts: 1 });
}

function isAllowed(call: Promise<unknown>): Promise<boolean> {
  return call.then(
    () => true,
    (error: Error) => {
      if (error.name !== 'AccessDeniedException' && error.name !== 'DryRunOperationException') throw error;
      return error.name === 'DryRunOperationException';
    },
  );
}
