import { usingRandom } from '../crypto/random.ts';
import { LocalKmsError } from '../errors.ts';
import { type Directory, type Who, whoIs } from '../seed/directory.ts';
import type { World } from '../world.ts';
import {
  issueLongTerm,
  issueSession,
  issueToService,
  type LocalCredentials,
  MAX_SESSION_SECONDS,
} from './identities.ts';
import { type Principal, WITHOUT_POLICIES } from './principal.ts';
import {
  accountIn,
  checkedService,
  type LocalCaller,
  regionOfService,
  SERVICE_PRINCIPAL,
  type ServiceCaller,
} from './service.ts';

/** Somebody whose credentials can be handed out. */
export type KnownCaller = Who & { readonly principal: Principal };

/** @throws {@link LocalKmsError} `UNKNOWN_PRINCIPAL`, `AMBIGUOUS_PRINCIPAL`, or `INVALID_OPTION` for a service */
export function callerNamed(
  caller: LocalCaller,
  directory: Directory,
  { account, region }: Pick<World, 'account' | 'region'>,
): KnownCaller {
  if (typeof caller === 'string') return somebodyNamed(caller, directory);
  const principal = principalOfService(caller, account);
  return { principal, fn: undefined, container: undefined, region: regionOfService(caller) ?? region };
}

function somebodyNamed(name: string, directory: Directory): KnownCaller {
  try {
    return whoIs(directory, name);
  } catch (error) {
    if (!(error instanceof LocalKmsError) || !SERVICE_PRINCIPAL.test(name)) throw error;
    const text = `${error.message}; it is the name of an AWS service: say { service: "${name}" }, and what it acts for`;
    throw new LocalKmsError(error.code, text);
  }
}

/**
 * The principal that a service is, for the time of its credentials.
 *
 * @param account - where names of keys are looked up that a service uses for no resource of a known account
 * @throws {@link LocalKmsError} `INVALID_OPTION`, naming every member that is wrong
 */
function principalOfService(given: ServiceCaller, account: string): Principal {
  const caller = checkedService(given);
  const { service, sourceArn, sourceAccount } = caller;
  return {
    type: 'service',
    service: caller,
    arn: service,
    account: sourceAccount ?? accountIn(sourceArn) ?? account,
    name: service,
    label: service,
    id: service,
    ...WITHOUT_POLICIES,
  };
}

/** New credentials of a caller. */
export function credentialsOf(world: World, who: KnownCaller): LocalCredentials {
  const { arn, service } = who.principal;
  const name = service === undefined ? arn : JSON.stringify(Object.entries(service).sort());
  return usingRandom(world.random.credentials(name), () => issued(world, who));
}

function issued({ identities, signingNow }: World, { principal, fn }: KnownCaller): LocalCredentials {
  if (principal.type === 'user') return issueLongTerm(identities, principal);
  if (principal.type === 'service') return issueToService(identities, principal, signingNow(), MAX_SESSION_SECONDS);
  // Lambda names the session of a function after the function.
  const session = { name: fn?.fn.name ?? 'local-kms' };
  return issueSession(identities, principal, session, signingNow(), MAX_SESSION_SECONDS).credentials;
}
