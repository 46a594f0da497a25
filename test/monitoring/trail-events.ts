/* Events in the form of the examples of AWS: https://docs.aws.amazon.com/kms/latest/developerguide/understanding-kms-entries.html */

export const KEY_ID = '1234abcd-12ab-34cd-56ef-1234567890ab';
export const KEY_ARN = `arn:aws:kms:us-west-2:111122223333:key/${KEY_ID}`;
export const OTHER_ARN = 'arn:aws:kms:us-west-2:111122223333:key/0987dcba-09fe-87dc-65ba-ab0987654321';

type Fields = Record<string, unknown>;

/** An entry of a trail. */
export function trailEntry(eventName: string, more: Fields = {}): Fields {
  return {
    eventVersion: '1.08',
    userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/Alice', accountId: '111122223333' },
    eventTime: '2021-03-23T18:58:30Z',
    eventSource: 'kms.amazonaws.com',
    eventName,
    awsRegion: 'us-west-2',
    sourceIPAddress: '192.0.2.0',
    userAgent: 'AWS Internal',
    requestParameters: { keyId: KEY_ID },
    responseElements: { keyId: KEY_ARN },
    requestID: 'ee408f36-ea01-422b-ac14-b0f147c68334',
    eventID: '3c4226b0-1e81-48a8-a333-7fa5f3cbd118',
    readOnly: false,
    resources: [{ accountId: '111122223333', type: 'AWS::KMS::Key', ARN: KEY_ARN }],
    eventType: 'AwsApiCall',
    recipientAccountId: '111122223333',
    ...more,
  };
}

/** The entry as EventBridge passes it on. */
export function passedOn(detail: Fields): Fields {
  return {
    version: '0',
    id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.kms',
    account: '111122223333',
    time: '2021-03-23T18:58:30Z',
    region: 'us-west-2',
    resources: [],
    detail,
  };
}

/** An event of KMS's own: https://docs.aws.amazon.com/kms/latest/developerguide/kms-events.html */
export function ownEvent(detailType: string, arn = KEY_ARN): Fields {
  return { ...passedOn({ 'key-id': KEY_ID }), 'detail-type': detailType, resources: [arn] };
}
