import { type Decision, evaluate, type Grant, type Policy, type PolicyLayers } from '@cdk-keysmith/access';
import { callerOf, type Identity } from '../identity/principal.ts';
import type { Key } from '../state/key.ts';
import { contextKeys } from './context-keys.ts';
import type { Question } from './question.ts';

/** Asks the engine, with the policies of the caller and of the key and with every condition key of the request. */
export function decide(question: Question, resource: string, keyPolicy: Policy | undefined): Decision {
  const { action, identity, target, grantId } = question;
  return evaluate(
    {
      action,
      caller: callerOf(identity),
      resource,
      resourceAccount: target?.key.account ?? identity.principal.account,
      context: contextKeys(question),
      ...(grantId !== undefined && { grantId }),
    },
    { ...layersOf(identity, keyPolicy), grants: target === undefined ? [] : grantsOf(target.key) },
  );
}

function grantsOf({ grants }: Key): readonly Grant[] {
  return [...grants.values()].map(({ grant }) => grant);
}

function layersOf({ principal, session }: Identity, keyPolicy: Policy | undefined): PolicyLayers {
  return {
    keyPolicy,
    identityPolicies: [...principal.identityPolicies, ...unreadable(principal.unknownPolicies)],
    ...(principal.permissionsBoundary && { permissionsBoundary: principal.permissionsBoundary }),
    sessionPolicies: session?.policies ?? [],
  };
}

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
