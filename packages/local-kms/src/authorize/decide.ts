import { type Decision, evaluate, type Grant, type Policy, type PolicyLayers } from '@cdk-keysmith/access';
import { callerOf, type Identity, type Principal, type Session } from '../identity/principal.ts';
import { madeOnce } from '../made-once.ts';
import type { Organization } from '../organization/organization.ts';
import type { Key } from '../state/key.ts';
import { contextKeys, encryptionContextOf } from './context-keys.ts';
import { findKey } from './find-key.ts';
import type { Question } from './question.ts';
import { type Basis, remember, remembered } from './remembered.ts';

/** Asks the engine, with every policy that speaks about the call and with every condition key of the request. */
export function decide(
  question: Question,
  resource: string,
  keyPolicy: Policy | undefined,
  organization: Organization,
): Decision {
  const { action, identity, target, grantId, claims } = question;
  const { account } = identity.principal;
  const resourceAccount = target?.key.account ?? account;
  const caller = callerOf(identity);
  const basis: LayeredBasis = {
    besideKey: layersBesideKey(identity, resourceAccount, organization),
    keyPolicy,
    grants: target === undefined ? NONE : grantsOf(target.key, question),
    endpointPolicy: claims.endpoint?.policy,
    resourceAccount,
    grantId,
  };
  const known = remembered(caller, action, resource, basis, (name) => findKey(question, name));
  if (known !== undefined) return known;
  const asked = new Map<string, readonly string[] | undefined>();
  let wholly = false;
  const decision = evaluate(
    {
      action,
      caller,
      resource,
      resourceAccount,
      get context() {
        wholly = true;
        return contextKeys(question);
      },
      find(name) {
        const values = findKey(question, name);
        asked.set(name, values);
        return values;
      },
      ...(grantId !== undefined && { grantId }),
    },
    layersOf(basis),
  );
  // Whoever reads all condition keys may have looked at any of them.
  if (!wholly) remember(caller, action, resource, { basis, asked, decision });
  return decision;
}

const NONE: readonly never[] = [];

type LayersBesideKey = CallerLayers & ReturnType<Organization['controls']>;

interface LayeredBasis extends Basis {
  readonly besideKey: LayersBesideKey;
}

function layersOf({ besideKey, keyPolicy, grants, endpointPolicy }: LayeredBasis): PolicyLayers {
  return { ...besideKey, keyPolicy, grants, ...(endpointPolicy !== undefined && { endpointPolicy }) };
}

interface MadeLayers {
  readonly organization: Organization;
  readonly layers: LayersBesideKey;
}

/** By the account whose keys the caller uses. */
const MADE = new WeakMap<Identity, Map<string, MadeLayers>>();

/** The policies that come neither with the key nor with the way: none of them changes while the caller is the same object. */
function layersBesideKey(identity: Identity, resourceAccount: string, organization: Organization): LayersBesideKey {
  const ofIdentity = MADE.get(identity) ?? new Map<string, MadeLayers>();
  MADE.set(identity, ofIdentity);
  const before = ofIdentity.get(resourceAccount);
  if (before?.organization === organization) return before.layers;
  const controls = organization.controls(identity.principal.account, resourceAccount);
  const layers = { ...callerLayers(identity), ...controls };
  ofIdentity.set(resourceAccount, { organization, layers });
  return layers;
}

/** The grants that can matter: for RetireGrant the one that is asked about, else those that may be for the caller. */
function grantsOf({ grants }: Key, question: Question): readonly Grant[] {
  const { identity, grantId } = question;
  if (grantId !== undefined) {
    const asked = grants.get(grantId);
    return asked === undefined ? NONE : [asked.grant];
  }
  const { principal, session } = identity;
  if (principal.type === 'service') return grants.forService(principal.arn, encryptionContextOf(question));
  const arns = session === undefined ? [principal.arn] : [session.arn, principal.arn];
  return grants.for(arns, principal.account, encryptionContextOf(question));
}

type CallerLayers = Pick<PolicyLayers, 'identityPolicies' | 'permissionsBoundary' | 'sessionPolicies'>;

/** The policies of a caller itself. */
export function callerLayers({ principal, session }: Identity): CallerLayers {
  return {
    identityPolicies: identityPoliciesOf(principal),
    ...(principal.permissionsBoundary && { permissionsBoundary: principal.permissionsBoundary }),
    sessionPolicies: session === undefined ? NONE : sessionPoliciesOf(session),
  };
}

/** The inline one and the managed ones together: what none of them allows is not allowed, what one denies is denied. */
function sessionPoliciesOf({ policies, managedPolicies }: Session): readonly Policy[] {
  return managedPolicies.length === 0 ? policies : [...policies, ...managedPolicies.map(({ policy }) => policy)];
}

const identityPoliciesOf = madeOnce(({ identityPolicies, unknownPolicies }: Principal): readonly Policy[] => [
  ...identityPolicies,
  ...unreadable(unknownPolicies),
]);

/** An attached policy without its text may allow or deny anything: the engine then says that it does not know. */
function unreadable(names: readonly string[]): readonly Policy[] {
  return names.map((name) => ({
    name: `policy ${name}`,
    kind: 'identity',
    version: undefined,
    statements: [],
    unreadable: [`the text of policy ${name} is not in the app`],
  }));
}
