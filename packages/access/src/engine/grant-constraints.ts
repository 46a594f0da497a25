import type { Grant } from '../grant.ts';
import type { Condition } from '../policy.ts';
import type { Value } from '../value.ts';
import { type CompiledCondition, compileCondition } from './condition.ts';
import { canCarry } from './condition-keys.ts';
import { CONTEXT_PAIR } from './facts.ts';
import type { KmsRequest } from './request.ts';

/** Condition keys of the encryption context: of a pair, and of all names. */
const PAIR = 'kms:EncryptionContext:';
const NAMES = 'kms:EncryptionContextKeys';

/** Which constraints of a grant count for an action. */
type Use = 'context and source' | 'source' | 'child' | 'none';

const COMPILED = new WeakMap<Grant, Map<Use, readonly CompiledCondition[]>>();

/**
 * The constraints of a grant as the conditions that they are in effect. They have no variables and no wildcards.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html
 */
export function constraintsOf(grant: Grant, action: string): readonly CompiledCondition[] {
  const use = useFor(action);
  const known = COMPILED.get(grant) ?? new Map<Use, readonly CompiledCondition[]>();
  COMPILED.set(grant, known);
  const before = known.get(use);
  if (before !== undefined) return before;
  const compiled = CONDITIONS[use](grant).map((condition) => compileCondition(condition, false));
  known.set(use, compiled);
  return compiled;
}

/** Constraints on the encryption context count for operations that have one, the source for all but RetireGrant. */
function useFor(action: string): Use {
  if (action === 'kms:retiregrant') return 'none';
  if (action === 'kms:creategrant') return 'child';
  return canCarry(action, NAMES) ? 'context and source' : 'source';
}

const CONDITIONS: Readonly<Record<Use, (grant: Grant) => readonly Condition[]>> = {
  'context and source': ({ constraints = {} }) => [
    ...pairs(constraints.encryptionContextSubset),
    ...pairs(constraints.encryptionContextEquals),
    ...onlyNames(constraints.encryptionContextEquals),
    ...source('aws:SourceArn', constraints.sourceArn),
  ],
  source: ({ constraints = {} }) => source('aws:SourceArn', constraints.sourceArn),
  /** A grant made by a grantee may hold no more operations, and must be constrained at least as strictly. */
  child: ({ operations, constraints = {} }) => {
    const { encryptionContextEquals: equals, encryptionContextSubset: subset, sourceArn } = constraints;
    const type = equals === undefined ? ['EncryptionContextEquals', 'EncryptionContextSubset'] : [EQUALS];
    return [
      { operator: 'Null', key: 'kms:GrantOperations', values: ['false'] },
      { operator: 'ForAllValues:StringEquals', key: 'kms:GrantOperations', values: operations },
      ...((equals ?? subset) ? [{ operator: 'StringEquals', key: 'kms:GrantConstraintType', values: type }] : []),
      ...pairs(subset),
      ...pairs(equals),
      ...onlyNames(equals),
      ...source('kms:GrantConstraintSourceArn', sourceArn),
    ];
  },
  none: () => [],
};

const EQUALS = 'EncryptionContextEquals';

function pairs(context: Readonly<Record<string, Value>> | undefined): readonly Condition[] {
  return Object.entries(context ?? {}).map(([name, value]) => {
    return { operator: 'StringEquals', key: `${PAIR}${name}`, values: [value] };
  });
}

/** No names but these: `EncryptionContextEquals` takes no further pairs. */
function onlyNames(context: Readonly<Record<string, Value>> | undefined): readonly Condition[] {
  if (context === undefined) return [];
  return [{ operator: 'ForAllValues:StringEqualsIgnoreCase', key: NAMES, values: Object.keys(context) }];
}

function source(key: string, arn: Value | undefined): readonly Condition[] {
  return arn === undefined ? [] : [{ operator: 'StringEquals', key, values: [arn] }];
}

/**
 * Names of the constraint that the request has in other letters only. Condition keys are compared without regard to
 * case, and so does the API reference say of the names in a constraint; the Developer Guide says that they match
 * exactly.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/create-grant-overview.html
 */
export function namesInOtherCase({ constraints = {} }: Grant, { action, context }: KmsRequest): readonly string[] {
  if (!canCarry(action, NAMES)) return [];
  const asked = [constraints.encryptionContextEquals, constraints.encryptionContextSubset].flatMap((pairs) => {
    return Object.keys(pairs ?? {});
  });
  // Nearly always they are there as they are written.
  if (asked.every((name) => Object.hasOwn(context, `${PAIR}${name}`))) return [];
  const sent = Object.keys(context).filter((key) => key.toLowerCase().startsWith(CONTEXT_PAIR));
  const names = new Set(sent.map((key) => key.slice(CONTEXT_PAIR.length)));
  const lower = new Set([...names].map((name) => name.toLowerCase()));
  return asked.filter((name) => !names.has(name) && lower.has(name.toLowerCase()));
}
