import { awsManagedPolicy, bindPolicy, type Policy } from '@cdk-keysmith/access';
import { bound, type Seeding } from './context.ts';

/** The managed policies of the app by their ARNs, each as the policy of a session that is begun with it. */
export function seedManagedPolicies(seeding: Seeding): ReadonlyMap<string, Policy> {
  const made = new Map<string, Policy>();
  for (const { arn, policy, constructPath } of seeding.assembly.managedPolicies) {
    const known = bound(seeding, arn);
    if (known !== undefined) made.set(known, { ...bindPolicy(policy, seeding.binding), kind: 'session' });
    else
      seeding.problems.push(
        `managed policy ${constructPath} is for no session: its name is not known before deployment`,
      );
  }
  return made;
}

/**
 * A managed policy as that of a session: one of the app, or one of AWS. One whose text nobody here knows may allow or deny
 * anything, and the engine then says so.
 */
export function sessionPolicyNamed(arn: string, ofApp: ReadonlyMap<string, Policy>): Policy {
  const own = ofApp.get(arn);
  if (own !== undefined) return own;
  const known = awsManagedPolicy(arn);
  if (known.is === 'known') return { ...known.policy, kind: 'session' };
  const policy: Policy = { name: `managed policy ${arn}`, kind: 'session', version: '2012-10-17', statements: [] };
  return known.is === 'silent' ? policy : { ...policy, unreadable: [known.why] };
}
