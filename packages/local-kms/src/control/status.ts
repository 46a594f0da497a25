import { outcomeOfEvent, reasonsOfEvent } from '../denial/outcome.ts';
import { callerOfEvent, type LocalKmsEvent } from '../events/event.ts';
import type { Key } from '../state/key.ts';
import { regionTypeOf } from '../state/metadata.ts';
import { aliasesOf } from '../state/store.ts';
import type { WireResponse } from '../wire/message.ts';
import type { World } from '../world.ts';
import { shownFault } from './faults.ts';
import { json } from './json.ts';

/** More than anybody reads on one page. */
const MAX_KEYS = 200;
const MAX_PRINCIPALS = 500;
const MAX_CALLS = 100;

/** That it is there, and what it is: for scripts that wait for it. */
export function health(world: World): WireResponse {
  const { mode, account, region, store, random } = world;
  const keys = [...store.partitions.values()].reduce((sum, { keys }) => sum + keys.size, 0);
  return json(200, {
    status: 'ok',
    mode,
    account,
    region,
    keys,
    deterministic: random.calls().seeded,
    now: world.now().toISOString(),
  });
}

/** What the status page shows. Nothing of it is key material, plaintext or a credential. */
export function status(world: World): WireResponse {
  const { mode, account, region, clock, overview, faultPlan, store } = world;
  const { principals, problems, keyPaths } = overview.app();
  const keys = [...store.partitions.values()].flatMap((partition) => [...partition.keys.values()]);
  const events = overview.events();
  return json(200, {
    mode,
    account,
    region,
    now: clock.now().toISOString(),
    clockMovedByMillis: clock.movedBy,
    deterministic: world.random.calls().seeded,
    problems,
    keyCount: keys.length,
    keys: keys
      .sort((a, b) => (a.arn < b.arn ? -1 : 1))
      .slice(0, MAX_KEYS)
      .map((key) => shownKey(world, key, keyPaths.get(key.arn))),
    principalCount: principals.length,
    principals: principals.slice(0, MAX_PRINCIPALS),
    faults: faultPlan.list().map(shownFault),
    calls: events.slice(-MAX_CALLS).reverse().map(shownCall),
  });
}

function shownKey({ store }: World, key: Key, constructPath: string | undefined): Record<string, unknown> {
  const { rotation, deletion } = key;
  return {
    arn: key.arn,
    constructPath,
    aliases: aliasesOf(store, key).map(({ name }) => name),
    state: key.state,
    spec: key.spec,
    usage: key.usage,
    origin: key.origin,
    multiRegion: regionTypeOf(key),
    description: key.description,
    createdAt: key.createdAt.toISOString(),
    deletionAt: deletion?.at?.toISOString(),
    rotation: rotation.automatic && {
      periodInDays: rotation.automatic.periodInDays,
      nextAt: rotation.automatic.nextAt.toISOString(),
    },
    rotations: rotation.past.length,
    tags: Object.fromEntries(key.tags),
    grants: [...key.grants.values()].slice(0, MAX_GRANTS).map(({ id, name, terms }) => ({
      id,
      name,
      grantee: terms.granteePrincipal ?? terms.granteeServicePrincipal,
      operations: terms.operations,
    })),
    grantCount: key.grants.size,
    lastUse: key.lastUse && { operation: key.lastUse.operation, at: key.lastUse.at.toISOString() },
    policy: key.policy.text,
  };
}

const MAX_GRANTS = 20;

function shownCall(event: LocalKmsEvent): Record<string, unknown> {
  const { eventTime, eventName, resources, errorCode, requestID, decision, injectedFaults } = event;
  const outcome = outcomeOfEvent(event);
  return {
    requestId: requestID,
    at: eventTime,
    operation: eventName,
    caller: callerOfEvent(event),
    resources: resources.map(({ ARN }) => ARN),
    outcome,
    passed: decision?.wouldHaveBeenDenied,
    error: errorCode,
    reasons: outcome === 'allowed' ? (decision?.reasons ?? []) : reasonsOfEvent(event),
    encryptionContext: event.requestParameters?.['encryptionContext'],
    faults: injectedFaults?.map(({ id, kind }) => `${kind} (${id})`),
  };
}
