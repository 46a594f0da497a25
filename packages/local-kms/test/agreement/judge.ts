import { join } from 'node:path';
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
import {
  type AccessMap,
  type Assembly,
  accessMap,
  type Decision,
  decisionInWords,
  readAssembly,
} from '@cdk-keysmith/access';
import type { LocalKms } from '@cdk-keysmith/local-kms';
import { type Built, build } from '../../src/create.ts';
import { settingsOf } from '../../src/options.ts';
import { KEY, ORGANIZATION_FILE, SEALER, withAssembly } from './assembly.ts';
import { ACCOUNT, actionsOf, type Case, GRANTED, ORGANIZATION, PRINCIPALS, type Request, SERVICE } from './cases.ts';
import { clientFor, type Way } from './client.ts';
import { isContested, wayHolds } from './conditions.ts';
import { staticDecision } from './static-decision.ts';

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
  /** Of the requests above: allowed by a grant; made in a session with a policy, through the endpoint, by a service. */
  byGrant: number;
  inSession: number;
  throughEndpoint: number;
  viaService: number;
  /** Of the requests above: an AWS service was let in that makes them for itself. */
  byService: number;
}

export function newTally(): Tally {
  return {
    never: 0,
    always: 0,
    met: 0,
    unmet: 0,
    unknown: 0,
    unsealed: 0,
    byGrant: 0,
    inSession: 0,
    throughEndpoint: 0,
    viaService: 0,
    byService: 0,
  };
}

/** Sends the requests of a case to the local KMS, with real encryption contexts. @throws Error where the map disagrees. */
export function judge(one: Case, tally: Tally): Promise<void> {
  return withAssembly(one, async (folder) => {
    const organization = join(folder, ORGANIZATION_FILE);
    const assembly = readAssembly(folder, { controlPolicies: [organization] });
    const map = accessMap(assembly);
    const built = build(settingsOf({ app: folder, organization: { id: ORGANIZATION, scp: [organization] } }));
    await using kms = built.kms;
    if (kms.problems.length > 0) throw new Error(kms.problems.join('; '));
    for (const request of one.requests) {
      const way = wayOf(request);
      const decisions = actionsOf(request.operation).map((action) => decisionOn(action, request, way, assembly, map));
      const kind = together(
        decisions.map((decision) => (decision === undefined ? 'never' : kindOf(decision, request))),
      );
      const allowed = kind === 'unknown' ? undefined : await ask(built, request, way);
      tally[kind !== 'unknown' && allowed === undefined ? 'unsealed' : kind] += 1;
      const reasons = kms.events.at(-1)?.decision?.reasons ?? [];
      if (allowed === true && reasons.some((text) => /^grant .* allows /.test(text))) tally.byGrant += 1;
      if (way.session !== undefined) tally.inSession += 1;
      if (way.vpcEndpoint !== undefined) tally.throughEndpoint += 1;
      if (way.via !== undefined) tally.viaService += 1;
      if (allowed === true && request.source !== undefined) tally.byService += 1;
      if (allowed === undefined || allowed === (kind === 'always' || kind === 'met')) continue;
      const who = nameOf(request);
      const what = `${who} ${request.operation} ${JSON.stringify({ context: request.context, ...request.source, ...way })}`;
      throw new Error(
        `${what}: the map says ${decisions.map((one) => (one === undefined ? 'nothing' : decisionInWords(one))).join(' and ')}; KMS says ${allowed}: ${reasons.join('; ')}`,
      );
    }
  });
}

/** A user has no session; what a service does comes through no endpoint of ours, and for itself, for nobody. */
function wayOf({ principal, source, session, via, throughEndpoint }: Request): Way {
  if (source !== undefined) return {};
  return {
    ...(session !== undefined && PRINCIPALS[principal] !== 'Third' && { session }),
    ...(via !== undefined && { via }),
    ...(via === undefined && throughEndpoint && { vpcEndpoint: 'App/Endpoint' }),
  };
}

/**
 * What the map says; it knows neither of sessions nor, in its cells, of endpoints: there the engine is asked as it asks. A
 * service that no key policy names is not in it.
 */
function decisionOn(
  action: string,
  request: Request,
  way: Way,
  assembly: Assembly,
  map: AccessMap,
): Decision | undefined {
  const name = nameOf(request);
  if (way.session !== undefined || way.vpcEndpoint !== undefined) {
    return staticDecision(action, name, way, assembly);
  }
  const [access] = map.keys;
  const rows = [...(access?.rows ?? []), ...(access?.others() ?? [])];
  const row = rows.find(({ grantee }) => grantee.name === name);
  if (row === undefined && request.source !== undefined) return undefined;
  const cell = row?.cells.find((one) => one.action === action);
  if (cell === undefined) throw new Error(`the map has no ${action} for ${name}`);
  return cell.decision;
}

function nameOf({ principal, source }: Request): string {
  return source === undefined ? `App/${PRINCIPALS[principal]}` : SERVICE;
}

type Kind = 'never' | 'always' | 'met' | 'unmet' | 'unknown';

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
async function ask(built: Built, request: Request, way: Way): Promise<boolean | undefined> {
  const { kms } = built;
  const { operation, context, source } = request;
  const KeyId = kms.keys().find(({ constructPath }) => constructPath === KEY)?.arn;
  const client = clientFor(built, source === undefined ? nameOf(request) : { service: SERVICE, ...source }, way);
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
    new KMSClient({ ...kms.clientConfig(SEALER), maxAttempts: 1 }).send(command).then(({ CiphertextBlob }) => {
      ciphertext = CiphertextBlob;
    }),
  );
  return ciphertext;
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
