/** How a Region is called, such as `us-east-1` or `us-gov-west-1`: one that AWS opens next year is none less. */
export const REGION_NAME = /^[a-z]{2,4}(?:-[a-z]+)+-\d$/;

/** The partition of a Region, the second part of every ARN there. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

export function keyArn(account: string, region: string, id: string): string {
  return `arn:${partitionOf(region)}:kms:${region}:${account}:key/${id}`;
}

/** `name` has its prefix `alias/`. */
export function aliasArn(account: string, region: string, name: string): string {
  return `arn:${partitionOf(region)}:kms:${region}:${account}:${name}`;
}

export function rootArn(account: string, region: string): string {
  return `arn:${partitionOf(region)}:iam::${account}:root`;
}
