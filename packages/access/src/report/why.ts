import { compile } from '../engine/compile.ts';
import type { Decision } from '../engine/decision.ts';
import { evaluate, questionOf } from '../engine/evaluate.ts';
import { grantsTruth, isGrantee, isOnKey } from '../engine/grants.ts';
import { matchNamed } from '../engine/layer.ts';
import { matchPrincipals } from '../engine/principals.ts';
import type { PolicyLayers } from '../engine/request.ts';
import type { Question, StatementMatch } from '../engine/statement.ts';
import { reasonsOf } from '../engine/truth.ts';
import { conditionsInWords, statementInWords } from '../engine/words.ts';
import type { Assembly, KeyModel, SourcePosition } from '../model.ts';
import type { Policy } from '../policy.ts';
import { type Asked, questionsAbout, type RequestDetails } from './ask.ts';
import type { Grantee } from './grantees.ts';

/** A decision with everything that was looked at on the way to it. */
export interface Explanation {
  readonly key: KeyModel;
  readonly grantee: Grantee;
  readonly action: string;
  readonly decision: Decision;
  /** Denials first, then key policy, grants, and what the caller brings, in the order in which KMS asks. */
  readonly links: readonly Link[];
}

/** The layers of policies, as people call them. */
export type LinkLayer =
  | 'key policy'
  | 'grant'
  | 'identity policy'
  | 'permissions boundary'
  | 'service control policy'
  | 'resource control policy';

/** One statement or grant that speaks about the request; or, with `effect` undefined, that a whole layer is silent. */
export interface Link {
  readonly layer: LinkLayer;
  readonly effect: 'Allow' | 'Deny' | undefined;
  /** `perhaps`: it hinges on open conditions; `unknown`: it cannot be told. */
  readonly applies: 'yes' | 'perhaps' | 'no' | 'unknown';
  /** One sentence in words, conditions included. */
  readonly text: string;
  readonly constructPath?: string;
  readonly source?: SourcePosition;
}

/** Explains the decision about each grantee of a key that `wanted` picks. */
export function explainAccess(
  assembly: Assembly,
  key: KeyModel,
  action: string,
  wanted: (grantee: Grantee) => boolean,
  details: RequestDetails = {},
): readonly Explanation[] {
  return questionsAbout(assembly, key, action, details)
    .filter(({ grantee }) => wanted(grantee))
    .map((asked) => explanationOf(asked, key, action, assembly));
}

function explanationOf({ grantee, request, layers }: Asked, key: KeyModel, action: string, assembly: Assembly) {
  const question = questionOf(request);
  const policies = policiesOf(layers);
  const links = [
    ...policies.flatMap((one) => linksOf(one, 'Deny', question)),
    ...policies.filter(({ layer }) => layer === 'key policy').flatMap((one) => allowsOf(one, question)),
    ...grantLinks(layers, question),
    ...policies
      .filter(({ layer }) => layer !== 'key policy' && layer !== 'resource control policy')
      .flatMap((one) => allowsOf(one, question)),
  ];
  const sources = sourcesOf(assembly);
  return {
    key,
    grantee,
    action,
    decision: evaluate(request, layers),
    links: links.map((link): Link => {
      const source = sources.get(link.constructPath ?? '');
      return source === undefined ? link : { ...link, source };
    }),
  };
}

interface LayerOfPolicies {
  readonly layer: Exclude<LinkLayer, 'grant'>;
  readonly policies: readonly Policy[];
}

function policiesOf(layers: PolicyLayers): readonly LayerOfPolicies[] {
  const { keyPolicy, identityPolicies, permissionsBoundary } = layers;
  const { serviceControlPolicies = [], resourceControlPolicies = [] } = layers;
  const all: readonly LayerOfPolicies[] = [
    { layer: 'key policy', policies: keyPolicy === undefined ? [] : [keyPolicy] },
    { layer: 'identity policy', policies: identityPolicies },
    { layer: 'permissions boundary', policies: permissionsBoundary === undefined ? [] : [permissionsBoundary] },
    ...serviceControlPolicies.map((policies) => ({ layer: 'service control policy' as const, policies })),
    { layer: 'resource control policy', policies: resourceControlPolicies },
  ];
  return all.filter(({ layer, policies }) => layer === 'identity policy' || policies.length > 0);
}

/** What allows in a layer; that nothing does is told as well, since it is what is missing. */
function allowsOf(one: LayerOfPolicies, question: Question): readonly Link[] {
  const links = linksOf(one, 'Allow', question);
  const { type } = question.request.caller;
  // Neither has policies of its own.
  const hasNone = one.layer === 'identity policy' && (type === 'service' || type === 'root');
  if (links.length > 0 || hasNone) return links;
  const what = one.policies.length === 1 ? (one.policies[0]?.name ?? '') : `no ${one.layer}`;
  const says = one.policies.length === 1 ? 'has no statement for' : 'has a statement for';
  return [
    { layer: one.layer, effect: undefined, applies: 'no', text: `${what} ${says} ${question.request.action} here` },
  ];
}

function linksOf({ layer, policies }: LayerOfPolicies, effect: 'Allow' | 'Deny', question: Question): readonly Link[] {
  return policies.flatMap((policy): readonly Link[] => {
    const where = policy.constructPath === undefined ? {} : { constructPath: policy.constructPath };
    const statements = compile(policy)
      .covering(effect, question.action)
      .map((compiled) => matchNamed(compiled, question))
      .filter(({ named, resource }) => named !== 'no' && resource !== 'no')
      .map((match): Link => ({ layer, effect, ...linkOf(match, question), ...where }));
    const unread = policy.unreadable ?? [];
    if (unread.length === 0 || effect === 'Deny') return statements;
    const text = `${policy.name} cannot be read in full: ${unread.join('; ')}`;
    return [...statements, { layer, effect: undefined, applies: 'unknown', text, ...where }];
  });
}

function linkOf(match: StatementMatch, question: Question): Pick<Link, 'applies' | 'text'> {
  const { policy, statement, failed, open, doubts, named, action, resource } = match;
  const said = `${statementInWords(policy, statement)} ${sayingOf(match, question)}`;
  if (failed.length > 0) {
    return { applies: 'no', text: `${said}, but not here: it requires that ${conditionsInWords(failed)}` };
  }
  if (doubts.length > 0 || [named, action, resource].includes('unknown')) {
    const why = doubts.length > 0 ? doubts.join('; ') : 'whether it names the caller cannot be told';
    return { applies: 'unknown', text: `${said}; ${why}` };
  }
  if (open.length > 0) return { applies: 'perhaps', text: `${said} if ${conditionsInWords(open)}` };
  return { applies: 'yes', text: said };
}

function sayingOf({ statement, policy }: StatementMatch, { request: { caller, action } }: Question): string {
  if (statement.effect === 'Deny') return `denies ${action}`;
  if (policy.kind !== 'key') return `allows ${action}`;
  const { account = 'no', ...others } = matchPrincipals(statement, caller);
  const itself = Object.values(others).some((hit) => hit !== 'no');
  return account === 'no' || itself ? `allows ${action}` : `delegates ${action} to IAM in the account of the caller`;
}

/** The grants on the key that are, or may be, the caller's. */
function grantLinks({ grants = [] }: PolicyLayers, question: Question): readonly Link[] {
  const { caller } = question.request;
  return grants
    .filter((grant) => isGrantee(grant, caller) !== 'no' && isOnKey(grant, question.resource) !== 'no')
    .map((grant): Link => {
      const truth = grantsTruth([grant], question);
      const conditions = truth.is === 'if' ? truth.ways.flatMap(({ residual }) => residual.map((one) => one.text)) : [];
      const reasons = reasonsOf(truth)
        .map(({ text }) => text)
        .join('; ');
      return {
        layer: 'grant',
        effect: 'Allow',
        applies: APPLIES[truth.is],
        text: conditions.length === 0 ? reasons : `${reasons} if ${conditions.join(' and ')}`,
        ...(grant.constructPath !== undefined && { constructPath: grant.constructPath }),
      };
    });
}

const APPLIES = { yes: 'yes', if: 'perhaps', no: 'no', unknown: 'unknown' } as const;

function sourcesOf({ keys, principals, groups, grants }: Assembly): ReadonlyMap<string, SourcePosition> {
  return new Map(
    [...keys, ...principals, ...groups, ...grants].flatMap(({ constructPath, source }) =>
      source === undefined ? [] : [[constructPath, source] as const],
    ),
  );
}
