import { bindPolicy, type Policy, type PrincipalModel } from '@cdk-keysmith/access';
import { principalId } from '../identity/identities.ts';
import type { Principal } from '../identity/principal.ts';
import { bound, placeOf, type Seeding } from './context.ts';

/** The roles and users of the app. One without an ARN cannot be told from others, so it is a problem. */
export function seedPrincipals(seeding: Seeding): ReadonlyMap<PrincipalModel, Principal> {
  const made = new Map<PrincipalModel, Principal>();
  for (const model of seeding.assembly.principals) {
    const arn = bound(seeding, model.arn);
    const name = bound(seeding, model.name);
    if (arn === undefined || name === undefined) {
      seeding.problems.push(
        `${model.type} ${model.constructPath} was not made: its name is not known before deployment`,
      );
      continue;
    }
    made.set(model, principalOf(seeding, model, arn, name));
  }
  return made;
}

function principalOf(seeding: Seeding, model: PrincipalModel, arn: string, name: string): Principal {
  const bind = (policy: Policy) => bindPolicy(policy, seeding.binding);
  return {
    type: model.type,
    arn,
    account: placeOf(seeding, model).account,
    name,
    label: model.constructPath,
    id: principalId(model.type, arn),
    identityPolicies: model.identityPolicies.map(bind),
    permissionsBoundary: model.permissionsBoundary && bind(model.permissionsBoundary),
    unknownPolicies: model.unknownPolicies,
    trustPolicy: model.trustPolicy && bind(model.trustPolicy),
    maxSessionSeconds: secondsOf(model.maxSessionDuration && bound(seeding, model.maxSessionDuration)),
    tags: tagsOf(seeding, model),
  };
}

function secondsOf(text: string | undefined): number | undefined {
  const seconds = Number(text);
  return Number.isInteger(seconds) ? seconds : undefined;
}

function tagsOf(seeding: Seeding, { tags, type, constructPath }: PrincipalModel): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  for (const tag of tags) {
    const [key, value] = [bound(seeding, tag.key), bound(seeding, tag.value)];
    if (key !== undefined && value !== undefined) known.set(key, value);
    else seeding.problems.push(`${type} ${constructPath}: a tag is left out, since it is known after deployment only`);
  }
  return known;
}
