import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { surveyAliases } from '../aliases/alias-survey';
import { aliasProblems, fullAliasName } from '../keys/alias-name';
import type { CustomerManagedKeyProps } from '../keys/customer-managed-key-props';
import { knownKey } from '../keys/declared-keys';
import type { ImportedKind } from '../keys/imported-key';
import { key as aKey, flag, list, maybe, object, requireShape, type Shape, struct, text } from '../private/shape';
import { type AnyGenerations, generationProblems } from './generation-problems';
import { type GenerationSet, rememberGenerations } from './generation-set';
import { keptAccess } from './kept-access';

/** What a class of generations knows about its keys. */
export interface GenerationClass<P extends CustomerManagedKeyProps, K extends kms.IKey> {
  readonly kind: ImportedKind;
  readonly make: (id: string, props: P) => K;
  /** The properties of a key that is not active, where the class has more of them than an access list. */
  readonly kept?: (props: P) => P;
}

type Some = AnyGenerations<CustomerManagedKeyProps, kms.IKey>;

/** Without what is in `keyProps`, which the keys look after. */
const GENERATIONS: Shape<Some> = {
  generations: list(
    struct<Some['generations'][number]>({
      id: text,
      retired: maybe(flag),
      key: maybe(aKey),
      keyProps: maybe(object('an object with properties of a key')),
    }),
  ),
  keyProps: maybe(object('an object with properties of a key')),
  alias: maybe(text),
  current: maybe(text),
  alsoActive: maybe(list(text)),
};

/**
 * Puts the keys of all generations and the alias of the current one into the template.
 *
 * @throws when there is no generation at all
 */
export function declareGenerations<P extends CustomerManagedKeyProps, K extends kms.IKey>(
  scope: Construct,
  props: AnyGenerations<P, K>,
  keys: GenerationClass<P, K>,
): GenerationSet<K> {
  requireShape<Some>(scope.node.path, props, GENERATIONS);
  const { generations, alias } = props;
  const last = generations.at(-1);
  if (last === undefined) {
    throw new Error(
      `${scope.node.path}: generations: there is none, so nothing could be current; declare at least one`,
    );
  }
  const currentId = props.current ?? last.id;
  const found = generationProblems(scope, props, currentId, keys.kind);
  scope.node.addValidation({ validate: () => found });

  const activeIds = [currentId, ...(props.alsoActive ?? [])];
  const byId = new Map<string, K>();
  for (const { id, key, keyProps, retired = false } of generations) {
    // One that is declared twice is reported; it must not hide the report.
    if (!byId.has(id)) {
      const own = { ...props.keyProps, ...keyProps, alias: undefined } as P;
      byId.set(id, key ?? keys.make(`Generation${id}`, stateOf(own, activeIds.includes(id), retired, keys)));
    }
  }
  const first = byId.get(currentId) ?? (byId.get(last.id) as K);
  const named = (ids: readonly string[]) => ids.flatMap((id) => byId.get(id) ?? []);
  const newestFirst = generations
    .filter(({ retired }) => !retired)
    .map(({ id }) => id)
    .reverse();
  const set: GenerationSet<K> = {
    currentId,
    current: first,
    active: [...new Set([first, ...named(activeIds)])],
    live: [...new Set([first, ...named(newestFirst)])],
    byId,
    aliasName: alias === undefined || aliasProblems(alias).length > 0 ? undefined : fullAliasName(alias),
  };
  if (set.aliasName !== undefined) {
    // Its id is the same whichever key it leads to, so that it moves and is not replaced.
    new kms.Alias(scope, 'Alias', {
      aliasName: set.aliasName,
      targetKey: first,
      removalPolicy: knownKey(first)?.removalPolicy,
    });
    surveyAliases(scope);
  }
  rememberGenerations(scope, set);
  return set;
}

/** The properties of a key in its state: what it may still do, and whether it can be used at all. */
function stateOf<P extends CustomerManagedKeyProps, K extends kms.IKey>(
  props: P,
  active: boolean,
  retired: boolean,
  { kept = (own) => own }: GenerationClass<P, K>,
): P {
  const own = active ? props : { ...kept(props), access: keptAccess(kept(props).access ?? []) };
  return retired && !active ? { ...own, enabled: false } : own;
}
