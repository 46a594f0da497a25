import { Annotations, CfnResource, Stage } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { type Resolved, resolved, resourceJson, targetsIn, valuesAt } from '../services/references';

/** Where resources have IAM policies, and whom those are for. */
const IAM_POLICIES: Readonly<Record<string, { readonly statements: string; readonly holders: readonly string[] }>> = {
  'AWS::IAM::Policy': { statements: 'PolicyDocument.Statement.*', holders: ['Roles.*', 'Users.*', 'Groups.*'] },
  'AWS::IAM::ManagedPolicy': { statements: 'PolicyDocument.Statement.*', holders: ['Roles.*', 'Users.*', 'Groups.*'] },
  'AWS::IAM::Role': { statements: 'Policies.*.PolicyDocument.Statement.*', holders: [] },
  'AWS::IAM::User': { statements: 'Policies.*.PolicyDocument.Statement.*', holders: [] },
  'AWS::IAM::Group': { statements: 'Policies.*.PolicyDocument.Statement.*', holders: [] },
};

/** A key whose key policy does not let IAM policies give everything. */
export interface UndelegatedKey {
  readonly resource: CfnResource;
  readonly policy: iam.PolicyDocument;
  /** The actions that IAM policies can give, `kms:PutKeyPolicy`. */
  readonly delegated: readonly string[];
}

/** Keys of each stage, which are looked at together: what takes long is to read the policies of the stage. */
const KEYS = new WeakMap<IConstruct, { readonly scope: IConstruct; readonly key: UndelegatedKey }[]>();

/**
 * Has synthesis warn of IAM policies in the application that give what only the key policy can give, to somebody whom it
 * does not name: what `kms.KeyGrants.fromKey` of aws-cdk-lib writes, which takes every key policy for the default one, or
 * a statement by hand. `keysmith check` decides it exactly; here it is a warning, since an ARN can be one of the names.
 */
export function warnOfPoliciesWithoutEffect(scope: IConstruct, key: UndelegatedKey): void {
  // No reference leads from one stage into another.
  const stage = Stage.of(scope) ?? scope.node.root;
  const known = KEYS.get(stage);
  if (known !== undefined) {
    known.push({ scope, key });
    return;
  }
  const keys = [{ scope, key }];
  KEYS.set(stage, keys);
  // As a validation, since policies are written until the application is synthesized.
  scope.node.addValidation({
    validate: () => {
      const policies = policiesIn(stage);
      for (const one of keys) {
        warnOf(policies, one.scope, one.key);
      }
      return [];
    },
  });
}

function warnOf(policies: readonly IamPolicy[], scope: IConstruct, key: UndelegatedKey): void {
  const own = resolved(scope, key.policy.toJSON());
  const named = allowing(valuesAt(own.value, 'Statement.*'), own);
  if (named === undefined) {
    return;
  }
  for (const { path, holders, gifts } of policies) {
    const unnamed = holders.filter((holder) => !named.has(holder));
    if (unnamed.length > 0 && gifts.some((gift) => isBeyond(gift, key))) {
      Annotations.of(scope).addWarningV2(
        `cdk-keysmith:iamPolicyWithoutEffect-${path}`,
        `${path} gives ${unnamed.map(({ node }) => node.path).join(', ')} the use of this key, whose key policy does not let IAM policies do so and does not name it: the permission does nothing; use the grants of the key, which write both, or AccountDelegation.FULL`,
      );
    }
  }
}

/** Whom the key policy names in what it allows; undefined when it allows accounts or everybody more than is delegated. */
function allowing(statements: readonly unknown[], own: Resolved): ReadonlySet<IConstruct> | undefined {
  const allowed = statements.filter((one) => (one as { Effect?: unknown }).Effect === 'Allow');
  const principals = allowed
    .filter((one) => (one as { Sid?: unknown }).Sid !== 'DelegateToIamPoliciesOfAccount')
    .map((one) => (one as { Principal?: unknown }).Principal);
  const text = JSON.stringify(principals);
  return /:root"|"\*"/.test(text) ? undefined : new Set(targetsIn(principals, own));
}

/** What an IAM policy of the application gives to whom. */
interface IamPolicy {
  readonly path: string;
  readonly holders: readonly IConstruct[];
  readonly gifts: readonly Gift[];
}

/** Actions of KMS that a statement allows on resources of the application. */
interface Gift {
  readonly actions: readonly string[];
  readonly on: readonly IConstruct[];
}

function isBeyond({ actions, on }: Gift, { resource, delegated }: UndelegatedKey): boolean {
  return on.includes(resource) && actions.some((action) => !delegated.includes(action));
}

function policiesIn(stage: IConstruct): IamPolicy[] {
  return stage.node.findAll().flatMap((element) => {
    const where = CfnResource.isCfnResource(element) ? IAM_POLICIES[element.cfnResourceType] : undefined;
    if (where === undefined) {
      return [];
    }
    const json = resourceJson(element as CfnResource);
    const gifts = valuesAt(json.properties, where.statements).flatMap((statement): Gift[] => {
      const { Effect, Action, Resource } = statement as Readonly<Record<string, unknown>>;
      const actions = [Action].flat().map(String);
      const ofKms = actions.filter((action) => /^kms:/i.test(action));
      return Effect === 'Allow' && ofKms.length > 0 ? [{ actions: ofKms, on: targetsIn(Resource, json) }] : [];
    });
    const holders =
      where.holders.length === 0
        ? [element]
        : where.holders.flatMap((path) => targetsIn(valuesAt(json.properties, path), json));
    return gifts.length === 0 ? [] : [{ path: element.node.path.replace(/\/Resource$/, ''), holders, gifts }];
  });
}
