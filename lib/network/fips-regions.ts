/**
 * Regions whose KMS has a FIPS endpoint, as the endpoint data of AWS's SDKs names them (botocore 1.43.107). Regions that are
 * newer than it stand in neither table.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/kms.html
 */
export const FIPS_REGIONS: readonly string[] = [
  'af-south-1',
  'ap-east-1',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-south-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-7',
  'ca-central-1',
  'ca-west-1',
  'eu-central-1',
  'eu-central-2',
  'eu-isoe-west-1',
  'eu-north-1',
  'eu-south-1',
  'eu-south-2',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'il-central-1',
  'me-central-1',
  'me-south-1',
  'mx-central-1',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-gov-east-1',
  'us-gov-west-1',
  'us-iso-east-1',
  'us-iso-west-1',
  'us-isob-east-1',
  'us-isof-east-1',
  'us-isof-south-1',
  'us-west-1',
  'us-west-2',
];

/** Regions of which the same data has a KMS endpoint and no FIPS one: FIPS 140 is a standard of the United States. */
export const REGIONS_WITHOUT_FIPS: readonly string[] = ['cn-north-1', 'cn-northwest-1', 'eusc-de-east-1'];

/** Whether the KMS of a Region has a FIPS endpoint; undefined for a Region of which nothing is known. */
export function hasFipsEndpoint(region: string): boolean | undefined {
  if (FIPS_REGIONS.includes(region)) {
    return true;
  }
  return REGIONS_WITHOUT_FIPS.includes(region) ? false : undefined;
}
