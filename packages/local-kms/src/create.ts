import { claimsFrom } from './authorize/claims.ts';
import { clientOf } from './client.ts';
import { createClock } from './clock.ts';
import { usingRandom } from './crypto/random.ts';
import { lastDenialIn } from './denial/denial.ts';
import type { State } from './durable/state.ts';
import { LocalKmsError } from './errors.ts';
import type { LocalKmsEvent } from './events/event.ts';
import { rememberEvent } from './events/recent.ts';
import { callerNamed, credentialsOf } from './identity/caller-named.ts';
import { createIdentities, issueLongTerm, type LocalCredentials, rootOf } from './identity/identities.ts';
import { createFaultPlan } from './injection/create-plan.ts';
import type { LocalAlias, LocalKey, LocalPrincipal } from './inventory.ts';
import type { LocalKms } from './local-kms.ts';
import type { LocalKmsOptions, Settings } from './options.ts';
import { settingsOf } from './options.ts';
import { organizationOf } from './organization/organization.ts';
import { createRandom } from './random-streams.ts';
import type { App } from './seed/app.ts';
import { type Directory, type Who, whichFunction, whichVpcEndpoint } from './seed/directory.ts';
import { sessionPolicyNamed } from './seed/managed-policies.ts';
import { createSeededApp } from './seed/seeded-app.ts';
import { inProcessHandler } from './server/in-process.ts';
import { createLateAnswers } from './server/late-answers.ts';
import { clearStore, createStore, type Store } from './state/store.ts';
import type { World } from './world.ts';

const MAX_EVENTS = 1000;
/** Host of requests that never leave the process; the name is reserved and resolves nowhere. */
const IN_PROCESS_ENDPOINT = 'http://local-kms.invalid';

/**
 * A local KMS without a socket: clients are made with {@link LocalKms.clientConfig}. Its keys are in memory; with a folder
 * that keeps them it is {@link openLocalKms}.
 *
 * @throws {@link LocalKmsError} `INVALID_OPTION`, `INVALID_APP` or `INVALID_SEED`
 */
export function createLocalKms(options: LocalKmsOptions = {}): LocalKms {
  const settings = settingsOf(options);
  if (settings.state === undefined) return build(settings).kms;
  throw new LocalKmsError('INVALID_OPTION', 'state: a folder takes time to open; use await openLocalKms({ state, … })');
}

/** The local KMS, and what a listener needs of it. */
export interface Built {
  readonly kms: LocalKms;
  readonly world: World;
  /** Tells the KMS its address, and what to close with it. */
  readonly attach: (url: string, close: () => Promise<void>) => void;
}

/** @param state - what keeps the keys; left out: they are in memory */
export function build(settings: Settings, state?: State): Built {
  const { account, region, mode, onEvent } = settings;
  const clock = createClock(settings.clock);
  const random = createRandom(settings.deterministic);
  const store = state?.store ?? usingRandom(random.seeding(), () => createStore());
  const identities = createIdentities([]);
  const seeded = createSeededApp(
    {
      ...settings,
      clock: clock.now,
      onUpdate(update) {
        void state?.settle();
        settings.onUpdate(update);
      },
    },
    store,
    identities,
    random,
    state?.declared,
  );
  state?.attach({ declared: seeded.declared, apply: seeded.restore });
  const events: LocalKmsEvent[] = [];
  const deliver = (event: LocalKmsEvent): void => {
    events.push(event);
    rememberEvent(event);
    if (events.length > MAX_EVENTS) events.shift();
    onEvent(event);
  };
  const world: World = {
    mode,
    account,
    region,
    store,
    identities,
    organization: organizationOf(settings.organization),
    sessionPolicyNamed: (arn) => sessionPolicyNamed(arn, seeded.app().managedPolicies),
    vpcEndpointNamed: (name) => whichVpcEndpoint(seeded.app(), name),
    webIdentityProviders: settings.webIdentityProviders,
    now: clock.now,
    signingNow: () => new Date(settings.signingClock().getTime() + clock.movedBy),
    random,
    clock,
    reset: () => kms.reset(),
    overview: {
      app: () => ({ ...seeded.app(), principals: kms.principals() }),
      events: () => events,
    },
    faultPlan: createFaultPlan(store, seeded.directory),
    lateAnswers: createLateAnswers(),
    turns: state?.turns,
    closed: () => closed,
    emit(event) {
      if (state === undefined) deliver(event);
      else state.turns.hold(event, deliver);
    },
  };
  let closed = false;
  const requireOpen = (): void => {
    if (closed) throw new LocalKmsError('CLOSED', 'the local KMS was closed, and its keys are gone: make another one');
  };
  let url: string | undefined;
  let closeListener = async () => {};

  const kms: LocalKms = {
    get problems() {
      return seeded.app().problems;
    },
    events,
    keys: () => keysOf(store, seeded.app()),
    aliases: () => aliasesIn(store),
    principals: () => principalsOf(seeded.directory()),
    functionNamed: (name) => whichFunction(seeded.directory(), name).fn,
    credentialsFor(caller) {
      requireOpen();
      return credentialsOf(world, callerNamed(caller, seeded.directory(), world));
    },
    environmentFor(caller) {
      requireOpen();
      const who = callerNamed(caller, seeded.directory(), world);
      const { environment } = who.fn?.fn ?? who.container ?? {};
      return { ...environment, ...sdkVariables(credentialsOf(world, who), who.region, url) };
    },
    administratorCredentials(of = account) {
      requireOpen();
      if (!/^\d{12}$/.test(of)) throw new LocalKmsError('INVALID_OPTION', 'account must be twelve digits');
      const root = rootOf(of, region);
      return usingRandom(random.credentials(root.arn), () => issueLongTerm(identities, root));
    },
    clientConfig(caller, way = {}) {
      requireOpen();
      // An unknown name is told here and now, not in the middle of the first call.
      const who = caller === undefined ? undefined : callerNamed(caller, seeded.directory(), world);
      const { problems } = claimsFrom(way, world, who?.region ?? region, who?.principal.type === 'service');
      if (problems.length > 0) throw new LocalKmsError('INVALID_OPTION', problems.join('; '));
      const credentials = async () => (who === undefined ? kms.administratorCredentials() : credentialsOf(world, who));
      return {
        region: who?.region ?? region,
        endpoint: IN_PROCESS_ENDPOINT,
        credentials,
        requestHandler: inProcessHandler(world, way),
      };
    },
    client: async ({ as, ...options } = {}) => clientOf(kms.clientConfig(as), options),
    lastDenial: () => lastDenialIn(events),
    clock,
    update() {
      requireOpen();
      const changes = seeded.update();
      void state?.settle();
      return changes;
    },
    state: state?.found,
    reset() {
      requireOpen();
      world.lateAnswers.giveUpAll();
      world.faultPlan.removeAll();
      clock.reset();
      random.reset();
      seeded.reset();
      void state?.settle();
      events.length = 0;
    },
    inject: (injection) => world.faultPlan.inject(injection),
    faults: () => world.faultPlan.list(),
    async close() {
      closed = true;
      await seeded.close();
      await closeListener();
      world.lateAnswers.giveUpAll();
      world.faultPlan.removeAll();
      await state?.close();
      clearStore(store);
      identities.issued.clear();
    },
    [Symbol.asyncDispose]: () => kms.close(),
  };
  const attach = (address: string, close: () => Promise<void>) => {
    url = address;
    closeListener = close;
  };
  return { kms, world, attach };
}

/**
 * They hold an SDK to the address, whatever a configuration file of the user or the environment of a function says: the first
 * switches it off, and calls would go to AWS; the others contradict it.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
const HOLDING = {
  AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false',
  AWS_USE_FIPS_ENDPOINT: 'false',
  AWS_USE_DUALSTACK_ENDPOINT: 'false',
};

/** What leads an SDK to the local KMS. */
function addressVariables(url: string): Record<string, string> {
  return { AWS_ENDPOINT_URL_KMS: url, AWS_ENDPOINT_URL_STS: url, ...HOLDING };
}

function sdkVariables(credentials: LocalCredentials, region: string, url: string | undefined): Record<string, string> {
  return {
    ...(url !== undefined && addressVariables(url)),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...(credentials.sessionToken !== undefined && { AWS_SESSION_TOKEN: credentials.sessionToken }),
  };
}

function keysOf({ partitions }: Store, { keyPaths }: App): readonly LocalKey[] {
  return [...partitions.values()]
    .flatMap(({ keys }) => [...keys.values()])
    .map(
      ({ arn, id, account, region, spec, usage, state }): LocalKey => ({
        arn,
        keyId: id,
        account,
        region,
        keySpec: spec,
        keyUsage: usage,
        keyState: state,
        constructPath: keyPaths.get(arn),
      }),
    )
    .sort((a, b) => (a.arn < b.arn ? -1 : 1));
}

function aliasesIn({ partitions }: Store): readonly LocalAlias[] {
  return [...partitions.values()]
    .flatMap(({ keys, aliases }) =>
      [...aliases.values()].map(
        ({ name, arn, keyId }): LocalAlias => ({
          name,
          arn,
          keyArn: keys.get(keyId)?.arn ?? keyId,
        }),
      ),
    )
    .sort((a, b) => (a.arn < b.arn ? -1 : 1));
}

function principalsOf({ people }: Directory): readonly LocalPrincipal[] {
  return people.map(({ name, names, thing }) => ({
    name,
    names,
    type: typeOf(thing),
    arn: thing.principal?.arn ?? thing.fn?.fn.roleArn ?? thing.container?.roleArn,
  }));
}

function typeOf({ principal, fn, container }: Who): LocalPrincipal['type'] {
  if (fn !== undefined) return 'function';
  if (container !== undefined) return 'container';
  return principal?.type === 'user' ? 'user' : 'role';
}
