export { type ControlPolicies, readControlPolicies } from './assembly/input/control-policies.ts';
export type { TemplateSource } from './assembly/input/plain-templates.ts';
export { type ReadOptions, readAssembly, readTemplates } from './assembly/read.ts';
export { awsManagedPolicy, type KnownPolicy } from './assembly/resources/managed-policies.ts';
export { type AccessChanger, accessChangers } from './changers.ts';
export { type CheckOptions, checkAssembly } from './check/check-assembly.ts';
export { type Finding, SEVERITIES, type Severity, type SuppressedBy } from './check/finding.ts';
export { renderFindingsMarkdown } from './check/markdown.ts';
export { type FindingsReport, findingsReport } from './check/report.ts';
export type { Example, FoundAt, Rule, Violation } from './check/rule.ts';
export { RULES } from './check/rules.ts';
export { findingsAsSarif, type SarifOptions } from './check/sarif.ts';
export type { Suppression } from './check/suppressions.ts';
export { parseSuppressions } from './check/suppressions-file.ts';
export { findingsInWords, policyInWords, rulePage } from './check/words.ts';
export {
  type Compared,
  type GainedAccess,
  givesNewAccess,
  type NewAccess,
  type PolicyText,
} from './compare/new-access.ts';
export { accessDiff } from './diff/access-diff.ts';
export { renderDiffMarkdown } from './diff/markdown.ts';
export type {
  AccessChange,
  AccessDiff,
  AlertKind,
  ChangeKind,
  DiffAlert,
  DiffReason,
  KeyReference,
  StateOfAccess,
  ThingChange,
  UndecidedChange,
} from './diff/model.ts';
export {
  causeInWords,
  changesToShow,
  diffInWords,
  doubtInWords,
  granteeInWords,
  reasonInWords,
  stateInWords,
} from './diff/words.ts';
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
export { decisionInWords, verdictInWords } from './engine/in-words.ts';
export { OPERATIONS, type Operation, type Permission, type ResourceRole } from './engine/operations.ts';
export { REASON_CODES, type ReasonCode } from './engine/reasons.ts';
export type { Caller, KmsRequest, PolicyLayers } from './engine/request.ts';
export {
  evaluateTrust,
  type TrustAction,
  type TrustLayers,
  type TrustRequest,
  type WebIdentity,
} from './engine/trust.ts';
export { AccessError, type AccessErrorCode } from './errors.ts';
export type { Grant, GrantConstraints } from './grant.ts';
export { LIMITS, type Limit } from './limits.ts';
export {
  type AliasModel,
  type Assembly,
  type ContainerModel,
  type ControlPolicyModel,
  type CustomResourceModel,
  type DeclaredSuppression,
  type FunctionModel,
  GRANT_RESOURCE_TYPE,
  type GrantModel,
  type GroupModel,
  type InstanceProfileModel,
  type KeyModel,
  type KeyRotation,
  type KeyTag,
  type Located,
  type ManagedPolicyModel,
  type ParameterModel,
  type PrincipalModel,
  type ReplicaOf,
  type ServiceModel,
  type SourcePosition,
  type StackModel,
  type Tag,
  type VpcEndpointModel,
} from './model.ts';
export { accessPage } from './page/page.ts';
export { type PolicySource, parsePolicy } from './parsing/policy.ts';
export type { Condition, Policy, PolicyKind, Principals, PrincipalType, Statement } from './policy.ts';
export {
  type ControlLayers,
  callerFor,
  contextOfKey,
  contextOfPrincipal,
  controlLayersFor,
  everyLayerFor,
  grantsOn,
  layersFor,
} from './questions.ts';
export { type Answer, KEY_ACTIONS, kmsActionNamed, type RequestDetails, whoCan } from './report/ask.ts';
export type { AccessCell, AccessRow } from './report/cell.ts';
export { changerInWords } from './report/changer-words.ts';
export { endpointInWords } from './report/endpoint-words.ts';
export type { EndpointLimit } from './report/endpoints.ts';
export type { Grantee, Section } from './report/grantees.ts';
export {
  type AccessReport,
  type ActionReport,
  accessReport,
  type ChangerReport,
  type ConditionReport,
  type DecisionReport,
  decisionReport,
  type EndpointReport,
  type KeyReport,
  type LeverReport,
  type PrincipalReport,
  REPORT_VERSION,
  type ReasonReport,
} from './report/json.ts';
export type { Lever, LeverKind } from './report/levers.ts';
export { type AccessMap, accessMap, type KeyAccess } from './report/map.ts';
export type { MapAction, OperationGroup } from './report/map-actions.ts';
export { renderAccessMarkdown } from './report/markdown.ts';
export { LINK_SIGNS, nameOfGrantee, SECTIONS, shortPath } from './report/names.ts';
export {
  type AnswersReport,
  answersReport,
  type ExplanationReport,
  explanationReport,
  type WhoReport,
} from './report/question-json.ts';
export { renderAnswersMarkdown, renderExplanationMarkdown } from './report/question-markdown.ts';
export { type Explanation, explainAccess, type Link, type LinkLayer } from './report/why.ts';
export { bindPolicy, bindValue } from './symbolic/bind.ts';
export { inWords as valueInWords } from './symbolic/text.ts';
export type { Binding, SymbolicValue, TemplateCondition, Unresolved, Value } from './value.ts';
