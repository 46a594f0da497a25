import { AccessError, type ControlLayers, controlLayersFor, readControlPolicies } from '@cdk-keysmith/access';
import { LocalKmsError } from '../errors.ts';

/** What is known of the organization that the accounts of the local KMS are in. */
export interface OrganizationOptions {
  /** Its id, for `aws:PrincipalOrgID` and `aws:ResourceOrgID`: `o-` and 10 to 32 characters. Default: those keys are absent. */
  readonly id?: string;
  /**
   * Files with service control policies, as `keysmith access --scp` takes them: a policy document, or a list of them with
   * their levels. Default: none, and none limits.
   */
  readonly scp?: readonly string[];
  /** Files with resource control policies. Default: none. */
  readonly rcp?: readonly string[];
}

/** The organization: every account is in it. */
export interface Organization {
  readonly id: string | undefined;
  /** The policies that count for a caller of one account and a resource of another. */
  readonly controls: (callerAccount: string, resourceAccount: string) => ControlLayers;
}

const NO_CONTROLS: ControlLayers = { serviceControlPolicies: [], resourceControlPolicies: [] };
export const NO_ORGANIZATION: Organization = { id: undefined, controls: () => NO_CONTROLS };

/** @throws {@link LocalKmsError} `INVALID_OPTION` where a file cannot be read or holds no policies */
export function organizationOf({ id, scp = [], rcp = [] }: OrganizationOptions): Organization {
  const files = [...scp, ...rcp];
  if (files.length === 0) return { ...NO_ORGANIZATION, id };
  const policies = read(files);
  const made = new Map<string, ControlLayers>();
  return {
    id,
    controls(callerAccount, keyAccount) {
      const pair = `${callerAccount} ${keyAccount}`;
      const known = made.get(pair) ?? controlLayersFor(policies, { callerAccount, keyAccount });
      made.set(pair, known);
      return known;
    },
  };
}

function read(files: readonly string[]): ReturnType<typeof readControlPolicies> {
  try {
    return readControlPolicies(files);
  } catch (error) {
    if (!(error instanceof AccessError)) throw error;
    throw new LocalKmsError('INVALID_OPTION', `organization: ${error.message}`, { cause: error });
  }
}
