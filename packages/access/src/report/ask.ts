import type { Decision } from '../engine/decision.ts';
import { evaluate } from '../engine/evaluate.ts';
import { KMS_ACTIONS, ruleOfAction } from '../engine/operations.ts';
import type { Caller, KmsRequest, PolicyLayers } from '../engine/request.ts';
import type { Assembly, KeyModel } from '../model.ts';
import type { Value } from '../value.ts';
import { type Candidate, candidatesFor, type Grantee } from './grantees.ts';

/** What is known of a request, beyond the app. */
export interface RequestDetails {
  /** Pairs of the encryption context. */
  readonly encryptionContext?: Readonly<Record<string, string>>;
  /** Other condition keys: `aws:SourceArn`. */
  readonly conditions?: Readonly<Record<string, string>>;
  /** The alias by which the request names the key: `alias/orders`. */
  readonly alias?: string;
  /** The service that calls for the caller: `s3.eu-west-1.amazonaws.com`. */
  readonly via?: string;
  /** Whether this is all that the request has, so that what is not given is absent. Default false: it is open. */
  readonly complete?: boolean;
}

/** What one principal may do, as an answer to one question. */
export interface Answer {
  readonly grantee: Grantee;
  readonly decision: Decision;
}

/** A question to the engine, ready to be asked. */
export interface Asked {
  readonly grantee: Grantee;
  readonly request: KmsRequest;
  readonly layers: PolicyLayers;
}

/**
 * The IAM action of KMS that somebody means: with or without prefix, in any case. Undefined: KMS has none of that name, or
 * it concerns no key, as `kms:CreateKey`.
 */
export function kmsActionNamed(name: string): string | undefined {
  const rule = ruleOfAction(/^kms:/i.test(name) ? name : `kms:${name}`);
  return rule === undefined || rule.resource === 'none' ? undefined : rule.action;
}

/** Every IAM action of KMS that concerns a key, in alphabetical order. */
export const KEY_ACTIONS: readonly string[] = KMS_ACTIONS.filter((action) => kmsActionNamed(action) !== undefined);

/** Who may do one thing with a key, in the order of the map; who may not is among them. */
export function whoCan(
  assembly: Assembly,
  key: KeyModel,
  action: string,
  details: RequestDetails = {},
): readonly Answer[] {
  return questionsAbout(assembly, key, action, details).map(({ grantee, request, layers }) => {
    return { grantee, decision: evaluate(request, layers) };
  });
}

/** The same question for everybody whom the policies and grants of a key speak about. */
export function questionsAbout(
  assembly: Assembly,
  key: KeyModel,
  action: string,
  details: RequestDetails,
): readonly Asked[] {
  return candidatesFor(key, assembly).candidates.map(({ grantee, caller, layers, context }): Asked => {
    const request: KmsRequest = {
      action,
      caller: callingThrough(caller, details.via),
      resource: key.arn,
      resourceAccount: key.account,
      context: { ...context, ...contextOf(details, key, assembly) },
      open: details.complete !== true,
    };
    return { grantee, request, layers };
  });
}

function callingThrough(caller: Candidate['caller'], via: string | undefined): Caller {
  return via === undefined || caller.type === 'service' ? caller : { ...caller, via };
}

function contextOf(details: RequestDetails, key: KeyModel, { aliases }: Assembly): KmsRequest['context'] {
  const { encryptionContext = {}, conditions = {}, alias, complete = false } = details;
  const pairs = Object.entries(encryptionContext).map(([name, value]) => [`kms:EncryptionContext:${name}`, value]);
  const names = aliases.filter((one) => one.key === key).map(({ name }): Value => name);
  return {
    ...(complete && names.length > 0 && { 'kms:ResourceAliases': names }),
    ...Object.fromEntries(pairs),
    ...conditions,
    ...(alias !== undefined && { 'kms:RequestAlias': alias }),
  };
}
