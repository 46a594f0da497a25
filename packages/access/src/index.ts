export { readAssembly } from './assembly/read.ts';
export {
  type Compared,
  type GainedAccess,
  givesNewAccess,
  type NewAccess,
  type PolicyText,
} from './compare/new-access.ts';
export type { Decision, Reason, ResidualCondition, Verdict } from './engine/decision.ts';
export { evaluate } from './engine/evaluate.ts';
export {
  type CallerLayers,
  evaluateOperation,
  type OperationDecision,
  type OperationPart,
  type OperationRequest,
  type OperationResource,
} from './engine/evaluate-operation.ts';
export { decisionInWords } from './engine/in-words.ts';
export { OPERATIONS, type Operation, type Permission, type ResourceRole } from './engine/operations.ts';
export { REASON_CODES, type ReasonCode } from './engine/reasons.ts';
export type { Caller, KmsRequest, PolicyLayers } from './engine/request.ts';
export { AccessError, type AccessErrorCode } from './errors.ts';
export type { Grant, GrantConstraints } from './grant.ts';
export type {
  AliasModel,
  Assembly,
  FunctionModel,
  KeyModel,
  KeyRotation,
  KeyTag,
  Located,
  PrincipalModel,
  StackModel,
} from './model.ts';
export { type PolicySource, parsePolicy } from './parsing/policy.ts';
export type { Condition, Policy, PolicyKind, Principals, PrincipalType, Statement } from './policy.ts';
export { callerFor, contextOfKey, layersFor } from './questions.ts';
export type { Grantee } from './report/grantees.ts';
export { type AccessCell, type AccessMap, type AccessRow, accessMap, type KeyAccess } from './report/map.ts';
export type { MapAction, OperationGroup } from './report/map-actions.ts';
export { bindPolicy, bindValue } from './symbolic/bind.ts';
export { inWords as valueInWords } from './symbolic/text.ts';
export type { Binding, Resolved, SymbolicValue, Unresolved, Value } from './value.ts';
