import { Annotations, CfnResource } from 'aws-cdk-lib';
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

/**
 * Has synthesis warn of IAM policies in the application that give what only the key policy can give, to somebody whom it
 * does not name: what `kms.KeyGrants.fromKey` of aws-cdk-lib writes, which takes every key policy for the default one, or
 * a statement by hand. `keysmith check` decides it exactly; here it is a warning, since an ARN can be one of the names.
 */
export function warnOfPoliciesWithoutEffect(scope: IConstruct, key: UndelegatedKey): void {
  // As a validation, since policies are written until the application is synthesized.
  scope.node.addValidation({
    validate: () => {
      const own = resolved(scope, key.policy.toJSON());
      const named = allowing(valuesAt(own.value, 'Statement.*'), own);
      if (named === undefined) {
        return [];
      }
      for (const { path, holders } of policiesFor(scope.node.root, key)) {
        const unnamed = holders.filter((holder) => !named.has(holder));
        if (unnamed.length > 0) {
          Annotations.of(scope).addWarningV2(
            `cdk-keysmith:iamPolicyWithoutEffect-${path}`,
            `${path} gives ${unnamed.map(({ node }) => node.path).join(', ')} the use of this key, whose key policy does not let IAM policies do so and does not name it: the permission does nothing; use the grants of the key, which write both, or AccountDelegation.FULL`,
          );
        }
      }
      return [];
    },
  });
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

function policiesFor(root: IConstruct, { resource, delegated }: UndelegatedKey) {
  return root.node.findAll().flatMap((element) => {
    const where = CfnResource.isCfnResource(element) ? IAM_POLICIES[element.cfnResourceType] : undefined;
    if (where === undefined) {
      return [];
    }
    const json = resourceJson(element as CfnResource);
    const gives = valuesAt(json.properties, where.statements).some((statement) => {
      const { Effect, Action, Resource } = statement as Readonly<Record<string, unknown>>;
      const beyond = [Action]
        .flat()
        .some((action) => /^kms:/i.test(String(action)) && !delegated.includes(String(action)));
      return Effect === 'Allow' && beyond && targetsIn(Resource, json).includes(resource);
    });
    const holders = where.holders.flatMap((path) => targetsIn(valuesAt(json.properties, path), json));
    const path = element.node.path.replace(/\/Resource$/, '');
    return gives ? [{ path, holders: where.holders.length === 0 ? [element] : holders }] : [];
  });
}
