import type { KeyMetadata, KMSClient } from '@aws-sdk/client-kms';
import type { Answer } from './answer.ts';

/** Where a key is: each Region of a multi-Region key has its own record of use. */
export interface Place {
  readonly region: string;
  readonly keyArn: string;
}

/** The Regions of a key; of a multi-Region key those of the primary and of all replicas. */
export function placesOf(keyArn: string, metadata: KeyMetadata | undefined): readonly Place[] {
  const { PrimaryKey, ReplicaKeys = [] } = metadata?.MultiRegionConfiguration ?? {};
  const all = [PrimaryKey, ...ReplicaKeys].flatMap((key) =>
    key?.Arn === undefined || key.Region === undefined ? [] : [{ region: key.Region, keyArn: key.Arn }],
  );
  return all.length > 0 ? all : [{ region: regionOf(keyArn), keyArn }];
}

/** Asks KMS about the last use of a key, in every Region that it is in. */
export async function askLastUse(keyArn: string): Promise<readonly Answer[]> {
  const { DescribeKeyCommand } = await import('@aws-sdk/client-kms');
  const here = await clientFor(regionOf(keyArn));
  try {
    const { KeyMetadata } = await here.send(new DescribeKeyCommand({ KeyId: keyArn }));
    const answers: Answer[] = [];
    for (const place of placesOf(keyArn, KeyMetadata)) {
      answers.push(await askIn(place));
    }
    return answers;
  } catch (error) {
    // Without its description nobody knows the other Regions of the key.
    const because = keyArn.includes(':key/mrk-') ? 'DescribeKey, which tells its Regions' : 'DescribeKey';
    return [{ keyArn, region: regionOf(keyArn), problem: `${because}: ${nameOf(error)}` }];
  } finally {
    here.destroy();
  }
}

async function askIn({ region, keyArn }: Place): Promise<Answer> {
  const { DescribeKeyCommand, GetKeyLastUsageCommand } = await import('@aws-sdk/client-kms');
  const client = await clientFor(region);
  let operation = 'DescribeKey';
  try {
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: keyArn }));
    operation = 'GetKeyLastUsage';
    const { KeyLastUsage, TrackingStartDate } = await client.send(new GetKeyLastUsageCommand({ KeyId: keyArn }));
    const { Operation, Timestamp, CloudTrailEventId } = KeyLastUsage ?? {};
    return {
      keyArn,
      region,
      ...(KeyMetadata?.KeyState !== undefined && { state: KeyMetadata.KeyState }),
      ...(TrackingStartDate !== undefined && { trackedSince: TrackingStartDate }),
      ...(Timestamp !== undefined && {
        lastUse: {
          operation: Operation ?? 'unknown operation',
          at: Timestamp,
          ...(CloudTrailEventId !== undefined && { cloudTrailEventId: CloudTrailEventId }),
        },
      }),
    };
  } catch (error) {
    return { keyArn, region, problem: `${operation}: ${nameOf(error)}` };
  } finally {
    client.destroy();
  }
}

async function clientFor(region: string): Promise<KMSClient> {
  const { KMSClient } = await import('@aws-sdk/client-kms');
  return new KMSClient({ region });
}

/** `arn:<partition>:kms:<region>:…` */
function regionOf(keyArn: string): string {
  return keyArn.split(':')[3] ?? '';
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
