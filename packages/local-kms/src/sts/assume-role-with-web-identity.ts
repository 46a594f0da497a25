import { addTo, emptyContext } from '../authorize/global-keys.ts';
import type { WireRequest } from '../wire/message.ts';
import type { World } from '../world.ts';
import { managedPolicies, type StsAnswer, sessionMembers } from './answer.ts';
import { checkedTags, type SessionParameters, sessionParameters } from './session-parameters.ts';
import { requireTrust } from './trust.ts';
import { nameOfProvider } from './web-identity-provider.ts';
import type { WebIdentityClaims } from './web-identity-token.ts';

/** The claim in which a provider gives tags for the session. */
const TAGS_CLAIM = 'https://aws.amazon.com/tags';

/**
 * A role for whom a provider vouches. The request is not signed: the token says who it is.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export function assumeRoleWithWebIdentity(
  form: ReadonlyMap<string, string>,
  claims: WebIdentityClaims,
  request: WireRequest,
  world: World,
  now: Date,
): StsAnswer {
  const sent = sessionParameters(form, undefined);
  const parameters: SessionParameters = { ...sent, ...tagsOf(claims), sourceIdentity: undefined };
  const roleArn = form.get('RoleArn') ?? '';
  const account = /^arn:[^:]*:iam::(\d{12}):role\//.exec(roleArn)?.[1] ?? world.account;
  const provider = `arn:aws:iam::${account}:oidc-provider/${nameOfProvider(claims.provider)}`;
  const { role, decision } = requireTrust(
    {
      action: 'sts:AssumeRoleWithWebIdentity',
      roleArn,
      parameters,
      who: provider,
      caller: { type: 'web-identity', provider },
      context: contextOf(claims, provider, request, now),
      identity: undefined,
    },
    world,
  );
  const { name, policies, policyArns, tags, transitiveTagKeys, seconds } = parameters;
  const managed = managedPolicies(policyArns, world);
  const terms = { name, policies, managedPolicies: managed, tags, transitiveTagKeys, provider };
  return {
    result: [
      ...sessionMembers(world, role, terms, now, seconds),
      ['SubjectFromWebIdentityToken', claims.subject],
      ['Provider', provider],
      ['Audience', claims.audience],
    ],
    ...(decision && { decision }),
  };
}

function contextOf(
  { provider, subject, audience, payload }: WebIdentityClaims,
  providerArn: string,
  { sourceAddress, headers }: WireRequest,
  now: Date,
) {
  const name = nameOfProvider(provider);
  const context = emptyContext();
  addTo(context, `${name}:sub`, subject);
  addTo(context, `${name}:aud`, audience);
  const methods = payload['amr'];
  if (Array.isArray(methods)) addTo(context, `${name}:amr`, methods.map(String));
  addTo(context, 'aws:FederatedProvider', providerArn);
  addTo(context, 'aws:SourceIp', sourceAddress);
  addTo(context, 'aws:SecureTransport', 'true');
  addTo(context, 'aws:UserAgent', headers.get('user-agent'));
  addTo(context, 'aws:CurrentTime', now.toISOString());
  addTo(context, 'aws:EpochTime', String(Math.floor(now.getTime() / 1000)));
  return context;
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_adding-assume-role-idp */
function tagsOf({ payload }: WebIdentityClaims): Pick<SessionParameters, 'tags' | 'transitiveTagKeys'> {
  const { principal_tags: tags, transitive_tag_keys: transitive } = objectOf(payload[TAGS_CLAIM]);
  const pairs = Object.entries(objectOf(tags)).map(([key, values]) => [key, String([values].flat()[0])] as const);
  const checked = checkedTags(pairs);
  const keys = Array.isArray(transitive) ? transitive.map(String).filter((key) => checked.has(key)) : [];
  return { tags: checked, transitiveTagKeys: keys };
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
