import { type KMSClient, ListGrantsCommand, RevokeGrantCommand } from '@aws-sdk/client-kms';
import type { GrantEvent, GrantProperties, GrantResult } from './event';
import { exactly } from './exact';
import { CLOCK, type Clock, patiently } from './patience';

/** CloudFormation waits for a custom resource for one hour: what is older is no attempt of the same operation. */
const LONGEST_OPERATION_MS = 3_600_000;

/** RevokeGrant of a grant that is not there any more: somebody has retired or revoked it, or the key is gone. */
const GONE = new Set(['NotFoundException', 'InvalidGrantIdException']);

/**
 * Makes, replaces and revokes a grant. A grant cannot be changed: an update makes a new one under a new id, and
 * CloudFormation has the old one deleted when everything else has succeeded.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
 */
export function grantHandler(kms: Pick<KMSClient, 'send'>, clock: Clock = CLOCK) {
  return async (event: GrantEvent): Promise<GrantResult> => {
    if (event.RequestType === 'Delete') {
      await revoke(kms, event.ResourceProperties.KeyId, event.PhysicalResourceId ?? '');
      return { PhysicalResourceId: event.PhysicalResourceId ?? '' };
    }
    const { ServiceToken: _, ...request } = event.ResourceProperties;
    // The answer has a grant token as well, which is left here.
    const { GrantId = '' } = await patiently(() => kms.send(exactly(request)), clock);
    if (event.RequestType === 'Create') {
      await refuseOfOthers(kms, request, GrantId, clock);
    }
    return { PhysicalResourceId: GrantId, Data: { GrantId } };
  };
}

/**
 * KMS answers a request for a grant that is there already, name and all, with that grant. When another resource has made
 * it, both would stand for one grant, and the deletion of either would silently take it from the other.
 */
async function refuseOfOthers(
  kms: Pick<KMSClient, 'send'>,
  { KeyId, Name }: GrantProperties,
  GrantId: string,
  clock: Clock,
): Promise<void> {
  let since: Date | undefined;
  try {
    const { Grants = [] } = await patiently(() => kms.send(new ListGrantsCommand({ KeyId, GrantId })), clock);
    since = Grants[0]?.CreationDate;
  } catch (error) {
    await revoke(kms, KeyId, GrantId);
    throw error;
  }
  // A new grant may not be listed yet.
  if (since !== undefined && clock.now() - since.getTime() > LONGEST_OPERATION_MS) {
    throw new Error(
      `the key has an equal grant of the name ${JSON.stringify(Name)} since ${since.toISOString()}, which something else has made; give this one another name, or revoke that one first`,
    );
  }
}

async function revoke(kms: Pick<KMSClient, 'send'>, KeyId: string, GrantId: string): Promise<void> {
  try {
    await kms.send(new RevokeGrantCommand({ KeyId, GrantId }));
  } catch (error) {
    if (!(error instanceof Error && GONE.has(error.name))) {
      throw error;
    }
  }
}
