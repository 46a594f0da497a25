import { DELEGATION, document, KEY_ARN, key } from '../example.ts';
import type { Rule } from '../rule.ts';

const primary = key([DELEGATION], { MultiRegion: true });

export const loneMultiRegionKey: Rule = {
  id: 'lone-multi-region-key',
  severity: 'note',
  title: 'Multi-Region key without a replica in the app',
  why: 'The key material of a multi-Region key can be replicated to other Regions by whoever may call ReplicateKey, and a key cannot be made a single-Region key afterwards.',
  trap: 'A key that has a replica in the app is meant to be one. Replicas of other apps cannot be seen: this is a note.',
  fix: 'Leave MultiRegion out unless the key is used in several Regions.',
  page: 'https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html',
  bad: { resources: { Key: primary } },
  good: {
    resources: {
      Key: primary,
      Replica: {
        Type: 'AWS::KMS::ReplicaKey',
        Properties: { PrimaryKeyArn: KEY_ARN, KeyPolicy: document([DELEGATION]) },
      },
    },
  },
  check: ({ keys }) =>
    keys
      .filter((at) => at.multiRegion === true && at.replicaOf === undefined)
      .filter((at) => !keys.some(({ replicaOf }) => replicaOf?.primary?.constructPath === at.constructPath))
      .map((at) => ({ at, message: 'the key is a multi-Region key, and the app has no replica of it' })),
};
