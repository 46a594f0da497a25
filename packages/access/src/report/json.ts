import type { Decision, Reason, ResidualCondition, Verdict } from '../engine/decision.ts';
import type { ReasonCode } from '../engine/reasons.ts';
import type { SourcePosition } from '../model.ts';
import { inWords } from '../symbolic/text.ts';
import type { AccessRow } from './cell.ts';
import type { Section } from './grantees.ts';
import type { LeverKind } from './levers.ts';
import type { AccessMap, KeyAccess } from './map.ts';
import type { OperationGroup } from './map-actions.ts';

/**
 * The access map as JSON: texts, policies by name, statements by number. Its schema is `schema/access.schema.json` of this
 * package. Members may be added within one version; a change that breaks a reader is a new version.
 */
export interface AccessReport {
  readonly version: typeof REPORT_VERSION;
  readonly keys: readonly KeyReport[];
  readonly unknowns: readonly string[];
}

/** Version of {@link AccessReport}. */
export const REPORT_VERSION = 1;

export interface KeyReport {
  readonly constructPath: string;
  readonly logicalId: string;
  readonly stack: string;
  /** What is not known before deployment stands as `${…}` in every text. */
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly aliases: readonly string[];
  readonly source?: SourcePosition;
  /** ARN of the primary key, for a replica key. */
  readonly replicaOf?: string;
  readonly principals: readonly PrincipalReport[];
  readonly levers: readonly LeverReport[];
  readonly changers: readonly ChangerReport[];
  readonly endpoints: readonly EndpointReport[];
}

export interface PrincipalReport {
  readonly section: Section;
  readonly type: AccessRow['grantee']['type'];
  readonly name: string;
  readonly functions: readonly string[];
  readonly access: readonly ActionReport[];
}

export interface DecisionReport {
  readonly verdict: Verdict;
  readonly explicitDeny: boolean;
  /** For `allowed-if`: any one list suffices, all of a list must hold; otherwise empty. */
  readonly conditions: readonly (readonly ConditionReport[])[];
  readonly reasons: readonly ReasonReport[];
}

export interface ActionReport extends DecisionReport {
  readonly group: OperationGroup;
  readonly label: string;
  readonly action: string;
}

export interface ConditionReport extends Where {
  readonly text: string;
}

export interface ReasonReport extends Where {
  readonly code: ReasonCode;
  readonly text: string;
}

/** The statement or grant that a text is about. */
interface Where {
  readonly policy?: string;
  /** Counted from 1. */
  readonly statement?: number;
  readonly grant?: string;
}

export interface LeverReport extends Required<Omit<Where, 'grant'>> {
  readonly kind: LeverKind;
  readonly conditionKey: string;
  readonly text: string;
}

export interface ChangerReport {
  readonly function: string;
  readonly customResources: readonly string[];
  readonly actions: readonly (DecisionReport & { readonly action: string })[];
}

export interface EndpointReport {
  readonly constructPath: string;
  readonly limited: readonly (DecisionReport & { readonly principal: string; readonly action: string })[];
}

/** The map as plain data that can be written as JSON: the same map is the same text. */
export function accessReport({ keys, unknowns }: AccessMap): AccessReport {
  return { version: REPORT_VERSION, keys: keys.map(keyReport), unknowns };
}

function keyReport({ key, aliases, rows, levers, changers, endpoints }: KeyAccess): KeyReport {
  return {
    constructPath: key.constructPath,
    logicalId: key.logicalId,
    stack: key.stack,
    arn: inWords(key.arn),
    account: inWords(key.account),
    region: inWords(key.region),
    aliases: aliases.map(({ name }) => inWords(name)),
    ...(key.source !== undefined && { source: key.source }),
    ...(key.replicaOf !== undefined && { replicaOf: inWords(key.replicaOf.primaryKeyArn) }),
    principals: rows.map(({ grantee: { section, type, name, functions }, cells }) => ({
      section,
      type,
      name,
      functions,
      access: cells.map(({ group, label, action, decision }) => ({
        group,
        label,
        action,
        ...decisionReport(decision),
      })),
    })),
    levers: levers.map(({ kind, conditionKey, policy, statement, text }) => {
      return { kind, conditionKey, policy: policy.name, statement: statement.index, text };
    }),
    changers: changers.map(({ function: fn, customResources, actions }) => ({
      function: fn.constructPath,
      customResources: customResources.map(({ constructPath }) => constructPath),
      actions: actions.map(({ action, decision }) => ({ action, ...decisionReport(decision) })),
    })),
    endpoints: endpoints.map(({ endpoint, limited }) => ({
      constructPath: endpoint.constructPath,
      limited: limited.map(({ grantee, action, decision }) => {
        return { principal: grantee.name, action, ...decisionReport(decision) };
      }),
    })),
  };
}

/** One decision as {@link AccessReport} has it. */
export function decisionReport({
  verdict,
  explicitDeny,
  residual,
  alternatives = [],
  reasons,
}: Decision): DecisionReport {
  const ways = verdict === 'allowed-if' ? [residual, ...alternatives] : [];
  return {
    verdict,
    explicitDeny,
    conditions: ways.map((way) => way.map((one) => ({ text: one.text, ...whereOf(one) }))),
    reasons: reasons.map((reason) => ({ code: reason.code, text: reason.text, ...whereOf(reason) })),
  };
}

function whereOf({ policy, statement, grant }: Reason | ResidualCondition): Where {
  return {
    ...(policy !== undefined && { policy: policy.name }),
    ...(statement !== undefined && { statement: statement.index }),
    ...(grant !== undefined && { grant: grant.name }),
  };
}
