import {
  type Caller,
  type Decision,
  evaluate,
  type Grant,
  type KmsRequest,
  type Policy,
  type PolicyKind,
  type PolicyLayers,
  parsePolicy,
} from '@cdk-keysmith/access';

export const ACCOUNT = '111122223333';
export const OTHER = '444455556666';
export const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
export const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/service/Writer`;
export const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/Writer/run-1`;
export const USER = `arn:aws:iam::${ACCOUNT}:user/Alice`;

export const role: Caller = { type: 'role-session', arn: SESSION, roleArn: ROLE, account: ACCOUNT, name: 'Writer' };
export const user: Caller = { type: 'user', arn: USER, account: ACCOUNT, name: 'Alice' };
export const rootUser: Caller = { type: 'root', arn: ROOT, account: ACCOUNT, name: 'the root user' };

export type Json = Record<string, unknown>;

/** Statements become a policy; a single statement need not be a list. */
export function policy(kind: PolicyKind, statements: Json | readonly Json[], version = '2012-10-17'): Policy {
  const names = { key: 'the key policy', identity: 'the identity policy', boundary: 'the boundary' };
  const name = kind in names ? names[kind as keyof typeof names] : `the ${kind} policy`;
  return parsePolicy({ Version: version, Statement: statements }, { name, kind });
}

export function allowKey(principal: unknown, more: Json = {}): Json {
  return { Effect: 'Allow', Principal: principal, Action: 'kms:*', Resource: '*', ...more };
}

export const allowIam: Json = { Effect: 'Allow', Action: 'kms:*', Resource: '*' };

export interface Given {
  readonly caller?: Caller;
  readonly action?: string;
  readonly context?: KmsRequest['context'];
  readonly open?: boolean;
  readonly resource?: KmsRequest['resource'];
  readonly resourceAccount?: KmsRequest['resourceAccount'];
  readonly key?: Json | readonly Json[];
  readonly identity?: Json | readonly Json[];
  readonly boundary?: Json | readonly Json[];
  readonly session?: Json | readonly Json[];
  readonly grants?: readonly Grant[];
  readonly grantTokens?: readonly string[];
  readonly grantId?: string;
  /** One level. */
  readonly serviceControl?: Json | readonly Json[];
  readonly resourceControl?: Json | readonly Json[];
  readonly endpoint?: Json | readonly Json[];
}

/** One question with policies as people write them; what is left out is the plainest there is. */
export function ask(given: Given): Decision {
  const request: KmsRequest = {
    action: given.action ?? 'kms:Decrypt',
    caller: given.caller ?? role,
    resource: given.resource ?? KEY,
    resourceAccount: given.resourceAccount ?? ACCOUNT,
    context: given.context ?? {},
    ...(given.open !== undefined && { open: given.open }),
    ...(given.grantTokens && { grantTokens: given.grantTokens }),
    ...(given.grantId !== undefined && { grantId: given.grantId }),
  };
  const layers: PolicyLayers = {
    keyPolicy: given.key && policy('key', given.key),
    identityPolicies: given.identity ? [policy('identity', given.identity)] : [],
    ...(given.boundary && { permissionsBoundary: policy('boundary', given.boundary) }),
    ...(given.session && { sessionPolicies: [policy('session', given.session)] }),
    ...(given.grants && { grants: given.grants }),
    ...(given.serviceControl && { serviceControlPolicies: [[policy('service-control', given.serviceControl)]] }),
    ...(given.resourceControl && { resourceControlPolicies: [policy('resource-control', given.resourceControl)] }),
    ...(given.endpoint && { endpointPolicy: policy('endpoint', given.endpoint) }),
  };
  return evaluate(request, layers);
}

/** Whether a condition block lets the request through, asked through a key policy that allows under it. */
export function holds(condition: Json, context: KmsRequest['context'], more: Given = {}): string {
  return ask({ ...more, context, key: allowKey({ AWS: ROLE }, { Condition: condition }) }).verdict;
}
