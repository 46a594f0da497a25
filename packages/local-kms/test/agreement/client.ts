import { KMSClient } from '@aws-sdk/client-kms';
import { parsePolicy } from '@cdk-keysmith/access';
import type { ClaimedWay, LocalCaller } from '@cdk-keysmith/local-kms';
import type { Built } from '../../src/create.ts';
import { issueSession } from '../../src/identity/identities.ts';
import type { Json } from './cases.ts';

/** On which way a request is made, and what limits its session. */
export interface Way extends ClaimedWay {
  readonly session?: readonly Json[];
}

export function sessionPolicy(statements: readonly Json[]) {
  return parsePolicy({ Version: '2012-10-17', Statement: statements }, { name: 'session policy', kind: 'session' });
}

/** A client of a principal; of a role, where there is a session policy, in a session with it. */
export function clientFor({ kms, world }: Built, name: LocalCaller, { session, ...way }: Way): KMSClient {
  const config = { ...kms.clientConfig(name, way), maxAttempts: 1 };
  if (session === undefined) return new KMSClient(config);
  const { arn } = kms.principals().find((one) => one.name === name) ?? {};
  const role = world.identities.principals.find((one) => one.arn === arn);
  if (role === undefined) throw new Error(`there is no role ${name}`);
  const terms = { name: 'limited', policies: [sessionPolicy(session)] };
  const { credentials } = issueSession(world.identities, role, terms, world.now(), 3600);
  return new KMSClient({ ...config, credentials });
}
