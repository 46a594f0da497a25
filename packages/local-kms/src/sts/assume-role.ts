import type { Session } from '../identity/principal.ts';
import { managedPolicies, type StsAnswer, sessionMembers } from './answer.ts';
import type { StsCall } from './call.ts';
import { invalidParameter } from './query.ts';
import { sessionParameters } from './session-parameters.ts';
import { questionOfCaller, requireTrust } from './trust.ts';

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export function assumeRole({ form, world, circumstances }: StsCall): StsAnswer {
  const { identity, now } = circumstances;
  const parameters = sessionParameters(form, identity);
  const passed = passedOn(identity.session);
  const { tags, transitiveTagKeys, sourceIdentity, name, policies, policyArns, seconds } = parameters;
  if ([...tags.keys()].some((key) => passed.has(key.toLowerCase()))) {
    throw invalidParameter('a tag of the calling session is transitive: its value stays as it is');
  }
  if (sourceIdentity !== undefined && (identity.session?.sourceIdentity ?? sourceIdentity) !== sourceIdentity) {
    throw invalidParameter('the calling session has a source identity, which stays as it is');
  }
  const question = questionOfCaller(form.get('RoleArn') ?? '', parameters, circumstances);
  const { role, decision } = requireTrust(question, world);
  const terms = {
    name,
    policies,
    managedPolicies: managedPolicies(policyArns, world),
    tags: new Map([...passed.values(), ...tags]),
    transitiveTagKeys: [...[...passed.values()].map(([key]) => key), ...transitiveTagKeys],
    sourceIdentity: sourceIdentity ?? identity.session?.sourceIdentity,
  };
  return { result: sessionMembers(world, role, terms, now, seconds), ...(decision && { decision }) };
}

/**
 * The transitive tags of a session, by their keys in lower case: a role that it assumes has them too.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_role-chaining
 */
function passedOn(session: Session | undefined): ReadonlyMap<string, readonly [string, string]> {
  const { tags = new Map<string, string>(), transitiveTagKeys = [] } = session ?? {};
  return new Map(
    [...tags].filter(([key]) => transitiveTagKeys.includes(key)).map((pair) => [pair[0].toLowerCase(), pair]),
  );
}
