import { Annotations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { kindOf } from '../keys/kind-of';
import { actionsOf } from '../policy/key-uses';
import type { Heard } from './injectors';
import type { KeyDefaultsProps } from './key-defaults-props';

const ROLES = [
  { use: 'administer', sid: 'OrganizationKeyAdministrators', of: 'administrators' },
  { use: 'audit', sid: 'OrganizationKeyAuditors', of: 'auditors' },
] as const;

/** Adds the statements for the organization's own roles to the key policy, beside what is there. */
export function addRoles(key: kms.Key, defaults: KeyDefaultsProps, heard: Heard): void {
  const wanted = ROLES.map((role) => ({ ...role, principals: defaults[role.of] ?? [] })).filter(
    ({ principals }) => principals.length > 0,
  );
  if (wanted.length === 0) {
    return;
  }
  const kind = kindOf(key);
  if (kind === undefined) {
    Annotations.of(key).addWarningV2(
      'cdk-keysmith:keyDefaultsUnknownKind',
      'its key spec or usage is known at deployment only, so no statement for the administrators and auditors of the organization was added; add them to its policy',
    );
    return;
  }
  for (const { use, sid, principals } of wanted) {
    key.addToResourcePolicy(
      new iam.PolicyStatement({ sid, principals: [...principals], actions: actionsOf(use, kind), resources: ['*'] }),
    );
    heard(key.node.path, 'policy', `statement ${sid} added`);
  }
}
