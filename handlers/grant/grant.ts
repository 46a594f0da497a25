import { type KMSClient, ListGrantsCommand, RevokeGrantCommand } from '@aws-sdk/client-kms';
import type { GrantEvent, GrantProperties, GrantResult } from './event';
import { exactly } from './exact';
import { CLOCK, type Clock, patiently } from './patience';

/** CloudFormation waits for a custom resource for one hour: what is older is no attempt of the same operation. */
const LONGEST_OPERATION_MS = 3_600_000;

/** Grants on a page of ListGrants: as many as it takes. */
const PAGE = 100;

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
    // Looked up before anything is made: when that fails there is nothing to take back, and nobody's grant to take.
    const before = event.RequestType === 'Create' ? await namesakes(kms, request, clock) : new Map<string, Date>();
    // The answer has a grant token as well, which is left here.
    const { GrantId = '' } = await patiently(() => kms.send(exactly(request)), clock);
    refuseOfOthers(request, before.get(GrantId), clock);
    return { PhysicalResourceId: GrantId, Data: { GrantId } };
  };
}

/** Since when the key has each grant of this name. One that was made a moment ago may be missing. */
async function namesakes(
  kms: Pick<KMSClient, 'send'>,
  { KeyId, Name }: GrantProperties,
  clock: Clock,
): Promise<ReadonlyMap<string, Date>> {
  const found = new Map<string, Date>();
  let Marker: string | undefined;
  do {
    const request = new ListGrantsCommand({ KeyId, Limit: PAGE, Marker });
    const page = await patiently(() => kms.send(request), clock);
    for (const { GrantId, CreationDate, Name: name } of page.Grants ?? []) {
      if (name === Name && GrantId !== undefined && CreationDate !== undefined) {
        found.set(GrantId, CreationDate);
      }
    }
    Marker = page.Truncated ? page.NextMarker : undefined;
  } while (Marker !== undefined);
  return found;
}

/**
 * KMS answers a request for a grant that is there already, name and all, with that grant, and does not say which it was.
 * When another resource has made it, both would stand for one grant, and the deletion of either would silently take it
 * from the other. One of the last hour can only be taken for an earlier attempt of the same operation.
 */
function refuseOfOthers({ Name }: GrantProperties, since: Date | undefined, clock: Clock): void {
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
