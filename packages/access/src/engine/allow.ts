import { equalValues } from '../symbolic/match.ts';
import { endpointTruth, serviceControlTruth } from './control-policies.ts';
import type { Reason } from './decision.ts';
import { grantsTruth } from './grants.ts';
import { keyPolicySilence, keyPolicyTruths } from './key-policy.ts';
import { layerTruth, limitTruth, UNLIMITED, unreadableTruth } from './layer.ts';
import { LIMITS_ACROSS_ACCOUNTS, LIMITS_IN_ACCOUNT } from './limits.ts';
import type { PolicyLayers } from './request.ts';
import { retireTruth } from './retire.ts';
import type { Question } from './statement.ts';
import { allOf, anyOf, type Truth } from './truth.ts';
import { callerInWords } from './words.ts';

/** The layers besides the key policy, each asked once and only when it matters. A class: one is made for each question. */
class Others {
  private readonly question: Question;
  private readonly layers: PolicyLayers;
  private readonly made: { [layer in LayerName]?: Truth } = {};

  constructor(question: Question, layers: PolicyLayers) {
    this.question = question;
    this.layers = layers;
  }

  /** Whether a layer allows. */
  get(layer: LayerName): Truth {
    this.made[layer] ??= LAYERS[layer](this.question, this.layers);
    return this.made[layer];
  }
}

type LayerName = 'identity' | 'boundary' | 'session' | 'serviceControl' | 'endpoint';

const LAYERS: Readonly<Record<LayerName, (question: Question, layers: PolicyLayers) => Truth>> = {
  identity: (question, { identityPolicies }) => {
    const { action, caller } = question.request;
    return layerTruth(identityPolicies, question, {
      allows: 'identity-policy-allows',
      silent: 'no-identity-policy-allow',
      silentText: () => `no identity policy of ${callerInWords(caller)} allows ${action}${onInWords(question)}`,
    });
  },
  boundary: (question, { permissionsBoundary }) => {
    const { action, caller } = question.request;
    return limitTruth(permissionsBoundary && [permissionsBoundary], question, {
      silent: 'boundary-silent',
      silentText: () => `the permissions boundary of ${callerInWords(caller)} does not allow ${action}`,
    });
  },
  session: (question, { sessionPolicies }) => {
    const { action, caller } = question.request;
    return limitTruth(sessionPolicies, question, {
      silent: 'session-policy-silent',
      silentText: () => `no session policy of ${callerInWords(caller)} allows ${action}`,
    });
  },
  serviceControl: serviceControlTruth,
  endpoint: endpointTruth,
};

function onInWords({ resource, arn }: Question): string {
  if (resource === '*') return '';
  if (arn?.parts?.[2] === 'iam') return ' on this role';
  return arn?.parts?.[5]?.startsWith('alias/') ? ' on this alias' : ' on this key';
}

/** A permission without a key: IAM alone decides, and within the account only. */
export function iamTruth(question: Question, layers: PolicyLayers): Truth {
  const { caller, action, resource, resourceAccount } = question.request;
  if (caller.type === 'service') {
    return no('no-identity-policy-allow', `only IAM policies can allow ${action}, and a service has none`);
  }
  if (resource !== '*' && question.rule.resource === 'alias') {
    const same = equalValues(caller.account, resourceAccount);
    if (same === 'no')
      return no('operation-not-cross-account', `${action} cannot be used on an alias of another account`);
    if (same === 'unknown') return accountsUnknown(question);
  }
  const others = new Others(question, layers);
  const limits = [others.get('serviceControl'), others.get('endpoint')];
  if (caller.type !== 'root')
    return allOf([others.get('identity'), others.get('boundary'), others.get('session'), ...limits]);
  const text = `the root user of the account may use ${action}, which concerns no key`;
  return allOf([{ is: 'yes', because: [{ code: 'identity-policy-allows', text }] }, ...limits]);
}

/** A permission on a key: the key policy and the grants on it decide together with the layers of the caller. */
export function keyTruth(question: Question, layers: PolicyLayers): Truth {
  const { caller, resourceAccount } = question.request;
  const same = caller.type === 'service' ? 'yes' : equalValues(caller.account, resourceAccount);
  if (same !== 'unknown') return keyTruthIn(same === 'yes', question, layers);
  const [inside, outside] = [keyTruthIn(true, question, layers), keyTruthIn(false, question, layers)];
  return inside.is === outside.is && inside.is !== 'if' ? inside : accountsUnknown(question);
}

function accountsUnknown({ request }: Question): Truth {
  const text = `whether ${callerInWords(request.caller)} and the key are in one account is known after deployment only`;
  return { is: 'unknown', because: [{ code: 'unknown-value', text }] };
}

function keyTruthIn(sameAccount: boolean, question: Question, layers: PolicyLayers): Truth {
  if (!sameAccount && !question.rule.crossAccount) {
    const { action } = question.request;
    return no(
      'operation-not-cross-account',
      `${action} cannot be used on a key of another account, whatever policies allow`,
    );
  }
  if (layers.keyPolicy === undefined) {
    return { is: 'unknown', because: [{ code: 'unknown-value', text: 'the policy of the key is not known' }] };
  }
  const others = new Others(question, layers);
  const limits = sameAccount ? LIMITS_IN_ACCOUNT : LIMITS_ACROSS_ACCOUNTS;
  const paths = keyPolicyTruths(layers.keyPolicy, question).map(({ grade, truth }) => {
    const { identity, boundary, session } = limits[grade];
    const asked = [truth];
    if (identity) asked.push(others.get('identity'));
    if (boundary) asked.push(others.get('boundary'));
    if (session) asked.push(others.get('session'));
    return allOf([...asked, others.get('serviceControl')]);
  });
  const unreadable = unreadableTruth(layers.keyPolicy);
  const silent = paths.length === 0 && unreadable.length === 0 ? [keyPolicySilence(layers.keyPolicy, question)] : [];
  const granted = grantPath(sameAccount, question, layers, others);
  return allOf([anyOf([...paths, ...unreadable, ...silent, ...granted]), others.get('endpoint')]);
}

/** What a grant allows, with what may or may not limit it. */
function grantPath(
  sameAccount: boolean,
  question: Question,
  { grants }: PolicyLayers,
  others: Others,
): readonly Truth[] {
  if (grants === undefined || grants.length === 0 || !question.rule.grantable) return [];
  const truth = grantsTruth(grants, question);
  if (truth.is === 'no' || question.request.caller.type === 'service') return [truth];
  const limits = [others.get('boundary'), others.get('session'), others.get('serviceControl')];
  if (!sameAccount && question.request.caller.type !== 'root') limits.push(others.get('identity'));
  return [allOf([truth, ...limits.map(contested)])];
}

/** No document says whether what limits policies, or the missing policy of another account, limits a grant. */
function contested(limit: Truth): Truth {
  if (limit.is === 'yes') return UNLIMITED;
  const because = limit.is === 'if' ? limit.ways.flatMap((way) => way.because) : limit.because;
  const what = because.map(({ text }) => text).join('; ');
  const text = `a grant allows it, and AWS's documents do not say whether a grant suffices where ${what}`;
  return { is: 'unknown', because: [{ code: limit.is === 'unknown' ? 'unknown-value' : 'documents-disagree', text }] };
}

/** Retiring a grant. */
export function retiringTruth(question: Question, layers: PolicyLayers): Truth {
  const others = new Others(question, layers);
  const { byGrant, byAccount } = retireTruth(question, layers, () => others.get('identity'));
  const limits = [others.get('boundary'), others.get('session'), others.get('serviceControl')];
  const paths = [allOf([byGrant, ...limits.map(contested)]), allOf([byAccount, ...limits])];
  return allOf([anyOf(paths), others.get('endpoint')]);
}

function no(code: Reason['code'], text: string): Truth {
  return { is: 'no', because: [{ code, text }] };
}
