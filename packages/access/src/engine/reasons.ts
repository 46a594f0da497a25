/**
 * What kind of reason it is, for programs. Codes are stable across releases; texts are for people and may change.
 *
 * Those that allow say what did; those that deny say what decided or what was missing; the last ones say why nothing can
 * be said.
 */
export const REASON_CODES = {
  'key-policy-allows-principal': 'A statement of the key policy allows the caller itself, or everyone.',
  'key-policy-delegates-to-account':
    'A statement of the key policy names the account of the caller: IAM policies there may allow.',
  'identity-policy-allows': 'A statement of an identity policy allows, or the root user needs none.',
  'grant-allows': 'A grant lets the caller use the key.',
  'grant-lets-retire': 'The grant itself, or the account that owns its key, lets the caller retire it.',
  'explicit-deny': 'A Deny statement applies. No Allow can overrule it.',
  'no-key-policy-allow': 'No statement of the key policy allows the caller or delegates to its account.',
  'no-identity-policy-allow': 'No statement of an identity policy of the caller allows.',
  'boundary-silent': 'The permissions boundary of the caller does not allow.',
  'session-policy-silent': 'No session policy of the caller allows.',
  'service-control-policy-silent':
    'A level of the service control policies of the account of the caller does not allow.',
  'endpoint-policy-silent': 'The policy of the VPC endpoint does not allow.',
  'operation-not-cross-account': 'The operation works within the account of the key or alias only.',
  'condition-not-met': 'A statement would allow, but one of its conditions does not hold.',
  'no-grant-allows': 'None of the grants of the caller covers the action, or the caller has none.',
  'grant-constraint-not-met': 'A grant would allow, but the request is not as its constraints ask.',
  'grant-needs-token': 'A grant is so new that it counts only with its grant token, which the request does not carry.',
  'grant-not-valid': 'KMS does not make such a grant: a service as grantee needs a SourceArn and a retiring principal.',
  'decided-by-grant': 'The grant decides, and it is not known.',
  'documents-disagree': "AWS's documents do not say, or contradict each other.",
  'unknown-value': 'Something that decides is not known: a string of a template, a policy of elsewhere.',
} as const satisfies Readonly<Record<string, string>>;

export type ReasonCode = keyof typeof REASON_CODES;
