import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct, type IConstruct } from 'constructs';
import { shown } from '../private/shape';

/** A function whose environment is in the template: `lambda.Function` with its kinds, `lambda.SingletonFunction`. */
export type OwnFunction = IConstruct & iam.IGrantable & Pick<lambda.Function, 'addEnvironment'>;

/** Who has an envelope. */
export interface Holder {
  /** What it is known by: the function, or the principal of everything else. */
  readonly identity: object;
  /** What says in which Region it runs; undefined for a principal by its ARN. */
  readonly place?: IConstruct;
  /** Where the value of the contract is written by the envelope; undefined where the author has to do it. */
  readonly function?: OwnFunction;
}

/**
 * Who a grant is for.
 *
 * @throws for a function whose environment cannot be written here: a permission without the value would do nothing
 */
export function holderOf(envelope: IConstruct, grantee: iam.IGrantable): Holder {
  // JavaScript can give anything.
  const principal = (grantee as iam.IGrantable | null | undefined)?.grantPrincipal;
  if (principal === undefined) {
    throw new Error(
      `${envelope.node.path}: cannot grant to ${shown(grantee)}, which is no principal and has none: grant to a function or a role, for a container to the taskRole of its task definition`,
    );
  }
  if (isOwnFunction(grantee)) {
    return { identity: grantee, place: grantee, function: grantee };
  }
  if ('functionArn' in grantee) {
    throw new Error(`${envelope.node.path}: cannot grant to ${shown(grantee)}: ${whyNoEnvironment(grantee)}`);
  }
  const place = [grantee, principal].find((one): one is iam.IGrantable & IConstruct => Construct.isConstruct(one));
  return { identity: principal, ...(place !== undefined && { place }) };
}

function isOwnFunction(grantee: object): grantee is OwnFunction {
  return Construct.isConstruct(grantee) && typeof (grantee as Partial<OwnFunction>).addEnvironment === 'function';
}

function whyNoEnvironment(grantee: object): string {
  const { lambda: of } = grantee as Partial<lambda.Version>;
  return of === undefined
    ? 'the environment of an imported function, or of one at the edge, cannot be written here; grant to its role, and put environmentValue of that role where the function is declared'
    : `the environment of a version, and of the alias of one, is that of its function when the version was published; grant to ${shown(of)} itself, of which currentVersion then makes a new version`;
}
