import type { CreateGrantCommandInput } from '@aws-sdk/client-kms';

/** Properties of the custom resource: those of CreateGrant, of which `Name` makes a request one that can be repeated. */
export interface GrantProperties extends Readonly<Omit<CreateGrantCommandInput, 'DryRun' | 'GrantTokens'>> {
  readonly KeyId: string;
  readonly Name: string;
  /** The function itself, which CloudFormation adds. */
  readonly ServiceToken?: string;
}

/**
 * What CloudFormation sends to a custom resource, as far as it is needed here.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html
 */
export interface GrantEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  /** Id of the grant, but for a resource that is about to be created. */
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: GrantProperties;
}

/** The answer. A grant token is never in it: answers are logged. */
export interface GrantResult {
  readonly PhysicalResourceId: string;
  readonly Data?: { readonly GrantId: string };
}
