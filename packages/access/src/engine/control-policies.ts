import { arnText, compileArnPattern } from '../symbolic/arn-pattern.ts';
import { matchesPattern } from '../symbolic/match.ts';
import { partsOf } from '../symbolic/text.ts';
import { notTri, type Tri } from '../symbolic/tri.ts';
import type { Value } from '../value.ts';
import { limitTruth, UNLIMITED } from './layer.ts';
import type { Caller, PolicyLayers } from './request.ts';
import type { Question } from './statement.ts';
import { allOf, type Truth } from './truth.ts';
import { callerInWords } from './words.ts';

const SERVICE_LINKED = 'arn:*:iam::*:role/aws-service-role/*';
const isServiceLinkedArn = compileArnPattern(SERVICE_LINKED);

/**
 * Whether service control policies limit the caller: every principal of a member account, its root user included, but
 * neither AWS services nor service-linked roles.
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
 */
export function controlledByOrganization(caller: Caller): Tri {
  if (caller.type === 'service') return 'no';
  return caller.type === 'role-session' ? notTri(isServiceLinked(caller.roleArn)) : 'yes';
}

/**
 * Whether resource control policies limit the caller: they do AWS services, and everybody else whatever the organization,
 * but not service-linked roles.
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
 */
export function controlledByResource(caller: Caller): Tri {
  return caller.type === 'role-session' ? notTri(isServiceLinked(caller.roleArn)) : 'yes';
}

function isServiceLinked(roleArn: Value): Tri {
  if (typeof roleArn === 'string') return isServiceLinkedArn(arnText(roleArn)) ? 'yes' : 'no';
  // AWS::IAM::Role cannot make a role in the path that is AWS's own.
  const isOfApp = partsOf(roleArn).some((part) => {
    return typeof part !== 'string' && part.kind === 'attribute' && part.resourceType === 'AWS::IAM::Role';
  });
  return isOfApp ? 'no' : matchesPattern(SERVICE_LINKED, roleArn);
}

/** Whether every level of the organization allows. */
export function serviceControlTruth(question: Question, { serviceControlPolicies: levels }: PolicyLayers): Truth {
  if (levels === undefined || levels.length === 0) return UNLIMITED;
  const { caller, action } = question.request;
  const controlled = controlledByOrganization(caller);
  if (controlled === 'no') return UNLIMITED;
  const truth = allOf(
    levels.map((policies, index) => {
      const silentText = () =>
        `the service control policies of level ${index + 1} of ${levels.length} do not allow ${action}`;
      const words = { silent: 'service-control-policy-silent', silentText } as const;
      // A level without policies allows nothing.
      if (policies.length === 0) return { is: 'no', because: [{ code: words.silent, text: silentText() }] };
      return limitTruth(policies, question, words);
    }),
  );
  if (controlled === 'yes' || truth.is === 'yes') return truth;
  const text = `whether service control policies limit ${callerInWords(caller)} is known after deployment only`;
  return { is: 'unknown', because: [{ code: 'unknown-value', text }] };
}

/** Whether the policy of the VPC endpoint allows, where the request goes through one. */
export function endpointTruth(question: Question, { endpointPolicy }: PolicyLayers): Truth {
  if (endpointPolicy === undefined) return UNLIMITED;
  const { caller, action } = question.request;
  const silentText = () => `${endpointPolicy.name} does not allow ${action} to ${callerInWords(caller)}`;
  return limitTruth([endpointPolicy], question, { silent: 'endpoint-policy-silent', silentText });
}
