import { Stack, Token } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { IConstruct } from 'constructs';
import { aliasProblems } from '../keys/alias-name';
import type { CustomerManagedKeyProps } from '../keys/customer-managed-key-props';
import { problems } from '../private/rules';

/** The Regions of the replicas that are asked for, each once. */
export function regionsOf({ replicaRegions = [], replicas = [] }: CustomerManagedKeyProps): string[] {
  return [...new Set([...replicaRegions, ...replicas.map(({ region }) => region)])];
}

/** What is wrong with the Regions of a key. A replica is made only when nothing is. */
export function regionProblems(scope: IConstruct, props: CustomerManagedKeyProps): string[] {
  const regions = regionsOf(props);
  if (regions.length === 0) {
    return [];
  }
  const { region: primary } = Stack.of(scope);
  return [
    ...problems([
      {
        when: props.multiRegion === false,
        message: 'multiRegion false with replica Regions: only a multi-Region key has replicas; leave multiRegion out',
      },
      {
        when: Token.isUnresolved(primary),
        message: `replicas in ${regions.join(', ')}: the stack of the primary key needs a known Region, since no replica may be there; give it env: { region }`,
      },
    ]),
    ...repeated(props.replicaRegions ?? [], 'replicaRegions'),
    ...repeated(
      (props.replicas ?? []).map(({ region }) => region),
      'replicas',
    ),
    ...regions.flatMap((region) => oneRegionProblems(region, primary)),
    ...(props.replicas ?? []).flatMap(({ alias }) => (alias === undefined ? [] : aliasProblems(alias))),
  ];
}

function repeated(regions: readonly string[], prop: string): string[] {
  const twice = [...new Set(regions.filter((region, index) => regions.indexOf(region) !== index))];
  return problems([
    {
      when: twice.length > 0,
      message: `${prop} names ${twice.join(', ')} twice: a Region has one key of a multi-Region key; name it once`,
    },
  ]);
}

function oneRegionProblems(region: string, primary: string): string[] {
  if (Token.isUnresolved(region)) {
    return ['a replica Region is a token; the stack of a replica needs a Region that is known at synthesis'];
  }
  const [here, there] = [partitionOf(primary), partitionOf(region)];
  return problems([
    {
      when: !/^[a-z]{2,4}(-[a-z]+)+-\d+$/.test(region),
      message: `replica Region ${JSON.stringify(region)}: it is no name of a Region; write for instance "us-east-1"`,
    },
    {
      when: region === primary,
      message: `replica Region ${region} is the Region of the primary key, which is there already; leave it out`,
    },
    {
      when: here !== undefined && there !== undefined && here !== there,
      message: `replica Region ${region} is in the partition ${there}, the primary key (${primary}) in ${here}: all keys of a multi-Region key are in one partition; use a Region of ${here}`,
    },
  ]);
}

/** The partition of a Region, as far as aws-cdk-lib knows it. */
function partitionOf(region: string): string | undefined {
  return Token.isUnresolved(region) ? undefined : RegionInfo.get(region).partition;
}
