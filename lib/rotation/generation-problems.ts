import { Stack } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { aliasProblems } from '../keys/alias-name';
import type { CustomerManagedKeyProps } from '../keys/customer-managed-key-props';
import { knownKey } from '../keys/declared-keys';
import type { ImportedKind } from '../keys/imported-key';
import { differ } from '../private/environment';
import { problems } from '../private/rules';
import type { KeyGeneration, KeyGenerationsProps } from './key-generation';

/** A generation, whatever its keys are for. */
export interface AnyGeneration<P extends CustomerManagedKeyProps, K extends kms.IKey> extends KeyGeneration {
  readonly key?: K;
  readonly keyProps?: P;
}

/** All generations, whatever their keys are for. */
export interface AnyGenerations<P extends CustomerManagedKeyProps, K extends kms.IKey> extends KeyGenerationsProps {
  readonly generations: readonly AnyGeneration<P, K>[];
  readonly keyProps?: P;
}

type Some = AnyGenerations<CustomerManagedKeyProps, kms.IKey>;

/** Everything that is wrong with generations; the keys themselves report what is wrong with theirs. */
export function generationProblems(scope: Construct, props: Some, currentId: string, kind: ImportedKind): string[] {
  const { generations, alsoActive = [], keyProps = {} } = props;
  const ids = generations.map(({ id }) => id);
  const active = [currentId, ...alsoActive];
  return [
    ...(props.alias === undefined ? [] : aliasProblems(props.alias)),
    ...ids.flatMap((id, index) => idProblems(id, ids.indexOf(id) < index)),
    ...[...new Set(active)].filter((id) => !ids.includes(id)).map((id) => unknownId(id, id === currentId, ids)),
    ...problems([
      {
        when: keyProps.alias !== undefined || generations.some((one) => one.keyProps?.alias !== undefined),
        message: 'alias in keyProps: the alias belongs to the current generation and moves with it; give it as alias',
      },
      {
        when: alsoActive.includes(currentId),
        message: `alsoActive has ${JSON.stringify(currentId)}, which is the current generation; leave it out`,
      },
    ]),
    ...generations.flatMap((one, index) => [
      ...stateProblems(one, active.includes(one.id), keyProps, generations.slice(0, index)),
      ...existingProblems(scope, one, kind),
    ]),
  ];
}

function idProblems(id: string, repeated: boolean): string[] {
  return problems([
    {
      when: !/^[A-Za-z0-9_-]{1,64}$/.test(id),
      message: `generation ${JSON.stringify(id)}: an id has 1 to 64 letters, digits, "_" or "-"; use for instance "2027"`,
    },
    { when: repeated, message: `generation ${JSON.stringify(id)} is declared twice; give each an id of its own` },
  ]);
}

function unknownId(id: string, current: boolean, ids: readonly string[]): string {
  return `${current ? 'current' : 'alsoActive'} ${JSON.stringify(id)}: there is no such generation; there are ${ids.join(', ')}`;
}

function stateProblems(
  { id, retired = false, keyProps }: Some['generations'][number],
  active: boolean,
  common: CustomerManagedKeyProps,
  older: Some['generations'],
): string[] {
  const name = JSON.stringify(id);
  const before = older.find((one) => !one.retired);
  return problems([
    {
      when: retired && active,
      message: `generation ${name} is retired and still active: a key that signs or encrypts is never retired; make another one current, and deploy that first`,
    },
    {
      when: active && (keyProps?.enabled ?? common.enabled) === false,
      message: `generation ${name} is active and disabled, so every request would fail; enable it, or make another one current`,
    },
    {
      when: retired && !active && before !== undefined,
      message: `generation ${name} is retired and the older ${JSON.stringify(before?.id)} is not: generations retire in their order; retire that one too, or put ${name} before it in the list`,
    },
  ]);
}

function existingProblems(
  scope: Construct,
  { id, key, keyProps }: Some['generations'][number],
  kind: ImportedKind,
): string[] {
  if (key === undefined) {
    return [];
  }
  const known = knownKey(key);
  const { account, region } = Stack.of(scope);
  const where = `generation ${JSON.stringify(id)}, key ${key.node.path}`;
  return problems([
    {
      when: known === undefined,
      message: `${where}: it is no key of cdk-keysmith, so nothing is known about it; import it with fromKeyArn`,
    },
    {
      when: known !== undefined && (known.kind.usage !== kind.usage || known.kind.symmetric !== kind.symmetric),
      message: `${where}: it is ${known?.kind.symmetric ? 'a symmetric' : 'an asymmetric'} key with usage ${known?.kind.usage}, and an alias moves between keys of the same type and usage only; these are ${kind.symmetric ? 'symmetric' : 'asymmetric'} with usage ${kind.usage}`,
    },
    {
      when: known?.aliasName !== undefined,
      message: `${where}: it is imported by its alias, which may lead to another key tomorrow; import it by ARN or fromLookup`,
    },
    {
      when: differ(account, key.env.account) || differ(region, key.env.region),
      message: `${where}: it is in account ${key.env.account} and Region ${key.env.region}, and an alias leads to keys of its own only, ${account} and ${region}`,
    },
    {
      when: keyProps !== undefined,
      message: `${where}: it exists already, so its keyProps would do nothing; leave one of them out`,
    },
  ]);
}
