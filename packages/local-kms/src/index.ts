export type { ClaimedWay } from './authorize/way.ts';
export type { ClientConfig, ClientOptions } from './client.ts';
export type { LocalClock } from './clock.ts';
export { createLocalKms } from './create.ts';
export { type CallOrFunction, type Denial, denialOf } from './denial/denial.ts';
export type { StateFound } from './durable/state.ts';
export { LocalKmsError, type LocalKmsErrorCode } from './errors.ts';
export type { DecisionRecord, EventResource, LocalKmsEvent, UserIdentity } from './events/event.ts';
export type { LocalCredentials } from './identity/identities.ts';
export type { LocalCaller, ServiceCaller } from './identity/service.ts';
export type {
  FaultInjection,
  FaultKind,
  InjectableException,
  InjectedFault,
  InjectedFaultRecord,
} from './injection/injection.ts';
export type { LocalAlias, LocalKey, LocalPrincipal } from './inventory.ts';
export type { LocalKms, LocalKmsServer } from './local-kms.ts';
export { openLocalKms } from './open.ts';
export { SUPPORTED_OPERATIONS } from './operations/table.ts';
export type { LocalKmsOptions, LocalKmsServerOptions, LocalKmsStateOptions } from './options.ts';
export type { OrganizationOptions } from './organization/organization.ts';
export type { AppChange, AppUpdate } from './seed/change.ts';
export type { LocalFunction } from './seed/functions.ts';
export type { HandlerRequest, HandlerResponse, InProcessHandler } from './server/in-process.ts';
export { startLocalKms } from './start.ts';
export type { KeyState } from './state/key.ts';
export type { PublicJwk, WebIdentityProvider } from './sts/web-identity-provider.ts';
export type { Mode } from './world.ts';
