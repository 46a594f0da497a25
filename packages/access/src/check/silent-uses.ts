/** A use of keys for which a service says neither in `aws:SourceArn` nor in `aws:SourceAccount` whom it acts for. */
export interface SilentUse {
  /** Service principal, without Region. */
  readonly service: string;
  /** As a phrase. */
  readonly use: string;
  /** The page of AWS that says that it does not support the condition keys. */
  readonly page: string;
}

/** Each service has other uses too, for which it does say so; a key policy does not tell which of them a key has. */
export const SILENT_USES: readonly SilentUse[] = [
  {
    service: 'events.amazonaws.com',
    use: 'an EventBridge rule that publishes to an encrypted SNS topic',
    page: 'https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html',
  },
  {
    service: 'cloudtrail.amazonaws.com',
    use: 'a CloudTrail event data store',
    page: 'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html',
  },
];

export function silentUseOf(service: unknown): SilentUse | undefined {
  return SILENT_USES.find((one) => one.service === service);
}
