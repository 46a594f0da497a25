import { evaluate } from '../../engine/evaluate.ts';
import type { Caller } from '../../engine/request.ts';
import type { Assembly, KeyModel, PrincipalModel } from '../../model.ts';
import type { Policy } from '../../policy.ts';
import { contextOfKey } from '../../questions.ts';
import { type Candidate, candidatesFor } from '../../report/grantees.ts';
import { reachOf } from '../../report/reach.ts';
import { inWords, unknown } from '../../symbolic/text.ts';
import type { Value } from '../../value.ts';
import { allow, DELEGATION, key } from '../example.ts';
import type { Rule, Violation } from '../rule.ts';

const ACTION = 'kms:PutKeyPolicy';

export const keyPolicyLockout: Rule = {
  id: 'key-policy-lockout',
  severity: 'error',
  title: 'Key policy that nobody, or not the role that deploys, can change',
  why: 'KMS refuses to create a key whose policy its creator cannot change afterwards. With that check bypassed, the key can be managed by nobody, and only AWS Support can help.',
  trap: 'Delegation to the account is enough, since IAM policies can then allow it. The role that deploys is the execution role of CloudFormation that the assembly names; an assembly that names none is only asked whether anybody can. What the app cannot tell is not reported.',
  fix: 'Let the account of the key have kms:PutKeyPolicy, or the role that deploys and a role of administrators.',
  page: 'https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html',
  bad: { resources: { Key: key([allow({ Service: 'cloudfront.amazonaws.com' }, 'kms:Decrypt')]) } },
  good: { resources: { Key: key([DELEGATION]) } },
  check: (assembly) => {
    const reach = reachOf(assembly);
    return assembly.keys.flatMap((one) => violationsOf(one, assembly, reach(one)));
  },
};

function violationsOf(one: KeyModel, assembly: Assembly, principals: readonly PrincipalModel[]): readonly Violation[] {
  const { candidates, problems } = candidatesFor(one, assembly, principals);
  const place = { at: one, policy: one.keyPolicy };
  const isDenied = ({ caller, layers }: Candidate) => decide(one, caller, layers.identityPolicies) === 'denied';
  if (problems.length === 0 && candidates.every(isDenied)) {
    return [{ ...place, message: 'nobody can change the key policy: no principal is allowed kms:PutKeyPolicy' }];
  }
  const deployer = assembly.stacks.find(({ name }) => name === one.stack)?.executionRoleArn;
  if (deployer === undefined || one.bypassPolicyLockoutSafetyCheck !== false) return [];
  if (decide(one, sessionOf(deployer, one.account), [UNREAD]) !== 'denied') return [];
  const message = `KMS refuses the key policy: the role that deploys, ${inWords(deployer)}, could not change it afterwards`;
  return [{ ...place, message }];
}

function decide(one: KeyModel, caller: Caller, identityPolicies: readonly Policy[]): string {
  const asked = { action: ACTION, caller, resource: one.arn, resourceAccount: one.account, open: true };
  return evaluate({ ...asked, context: contextOfKey(one) }, { keyPolicy: one.keyPolicy, identityPolicies }).verdict;
}

function sessionOf(roleArn: Value, account: Value): Caller {
  const arn = unknown('the session name is chosen by CloudFormation');
  return { type: 'role-session', arn, roleArn, account, name: inWords(roleArn) };
}

const UNREAD: Policy = {
  name: 'policies of the role that deploys',
  kind: 'identity',
  version: undefined,
  statements: [],
  unreadable: ['they are not in the app'],
};
