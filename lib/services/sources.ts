import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { PolicyPlace, SourceArn } from './facts';
import { literalIn, resolved, resourceJson, valuesAt } from './references';
import type { SourceShape } from './service-use';
import { standsWithoutKey } from './without-key';

/** A resource for which a service is to use a key: its ARN, or the name or id with which its ARN is made. */
export interface Source {
  /** ARN, name or id: a literal or a token. */
  readonly value: string;
  /** Whether `value` is the name or id. */
  readonly named: boolean;
  /** The construct in whose stack the value means something. */
  readonly scope: IConstruct;
}

/** A source by its ARN. */
export const byArn = (scope: IConstruct, value: string): Source => ({ value, named: false, scope });

/** A source by the name or id that its ARN ends with. */
export const byName = (scope: IConstruct, value: string): Source => ({ value, named: true, scope });

/** Resources whose `Ref` is their ARN; that of others is a name or id. */
const REF_IS_ARN = new Set(['AWS::SNS::Topic', 'AWS::S3Tables::TableBucket', 'AWS::S3Vectors::VectorBucket']);

/** A resource of the app as a source. */
export function sourceFrom(resource: CfnResource): Source {
  return { value: resource.ref, named: !REF_IS_ARN.has(resource.cfnResourceType), scope: resource };
}

/** Where a resource type has its name, and how the name stands in its ARN when not as it is. */
const NAMES: Readonly<Record<string, { readonly path: string; readonly within?: string }>> = {
  'AWS::Athena::WorkGroup': { path: 'Name' },
  'AWS::CloudTrail::Trail': { path: 'TrailName' },
  'AWS::CloudWatch::Alarm': { path: 'AlarmName' },
  'AWS::CloudWatch::CompositeAlarm': { path: 'AlarmName' },
  'AWS::DynamoDB::GlobalTable': { path: 'TableName' },
  'AWS::DynamoDB::Table': { path: 'TableName' },
  'AWS::Events::EventBus': { path: 'Name' },
  // A rule of a custom bus is `rule/<bus>/<name>`.
  'AWS::Events::Rule': { path: 'Name', within: 'EventBusName' },
  'AWS::Logs::LogGroup': { path: 'LogGroupName' },
  'AWS::Logs::DeliverySource': { path: 'Name' },
  'AWS::S3::Bucket': { path: 'BucketName' },
  'AWS::S3::StorageLens': { path: 'StorageLensConfiguration.Id' },
  'AWS::S3Tables::TableBucket': { path: 'TableBucketName' },
  'AWS::S3Vectors::VectorBucket': { path: 'VectorBucketName' },
  'AWS::SNS::Topic': { path: 'TopicName' },
};

/**
 * The ARN of a source, as precise as the key policy may say it: its static ARN when its name is known, a reference to it
 * when it stands without any key, and else all resources of its kind in the account and Region.
 */
export function arnOf(source: Source, shape: SourceShape, place: PolicyPlace, key: IConstruct): SourceArn {
  const { value } = resolved(source.scope, source.value);
  const target = targetOf(source);
  if (target === undefined) {
    const text = typeof value === 'string' ? value : source.value;
    return exactly(source.named ? shape.arn(placeOf(source.scope, place), text) : text);
  }
  const there = placeOf(target, place);
  const name = nameOf(target);
  if (name !== undefined) {
    return exactly(shape.arn(there, name));
  }
  if (Stack.of(target) === Stack.of(key) && standsWithoutKey(target)) {
    return { arn: source.named ? shape.arn(there, source.value) : source.value, exact: true };
  }
  return { arn: shape.arn(there, '*'), exact: false };
}

/** The resource of the app that a source is; undefined for one that is imported by its name or ARN. */
export function targetOf(source: Source): CfnResource | undefined {
  const { references } = resolved(source.scope, source.value);
  return references.map((reference) => reference.target).find(CfnResource.isCfnResource);
}

/** A name that has wildcards in it is a pattern already. */
const exactly = (arn: string): SourceArn => ({ arn, exact: Token.isUnresolved(arn) || !/[*?]/.test(arn) });

function nameOf(resource: CfnResource): string | undefined {
  const known = NAMES[resource.cfnResourceType];
  if (known === undefined) {
    return undefined;
  }
  const { properties } = resourceJson(resource);
  const name = literalIn(valuesAt(properties, known.path)[0]);
  if (name === undefined || known.within === undefined) {
    return name;
  }
  const [outer = 'default'] = valuesAt(properties, known.within);
  if (outer === 'default') {
    return name;
  }
  return `${literalIn(outer) ?? '*'}/${name}`;
}

/** The place of a resource. A stack without a place of its own is deployed where the key is. */
function placeOf(scope: IConstruct, place: PolicyPlace): PolicyPlace {
  const { region, account } = Stack.of(scope);
  return {
    ...place,
    region: Token.isUnresolved(region) ? place.region : region,
    account: Token.isUnresolved(account) ? place.account : account,
  };
}
