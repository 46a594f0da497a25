import { type Duration, Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { accessProblems } from '../policy/access-problems';
import { ACCOUNT_DELEGATIONS } from '../policy/account-delegation';
import type { KeyAccess } from '../policy/key-access';
import type { KeyKind } from '../policy/key-uses';
import { problems } from '../private/rules';
import { aliasProblems, fullAliasName } from './alias-name';
import type { CustomerManagedKeyProps } from './customer-managed-key-props';
import type { KeyShape } from './key-shape';
import { KEY_SPECS, type KeySpecFacts, type KeySpecName } from './key-specs';
import { KEY_LIMITS } from './limits';
import { KeyOrigin } from './specs';

/** Everything that is wrong with what all keys have in common; tokens are passed over, not guessed. */
export function keyProblems(
  scope: IConstruct,
  shape: KeyShape,
  kind: KeyKind,
  props: CustomerManagedKeyProps,
  access: readonly KeyAccess[],
): string[] {
  const descriptionLength = Token.isUnresolved(props.description) ? 0 : (props.description ?? '').length;
  return [
    ...specProblems(scope, shape, props.origin),
    ...namesProblems(props),
    ...choiceProblems('accountDelegation', props.accountDelegation, ACCOUNT_DELEGATIONS),
    ...choiceProblems('origin', props.origin, Object.values(KeyOrigin)),
    ...problems([
      {
        when: descriptionLength > KEY_LIMITS.description,
        message: `description of ${descriptionLength} characters: at most ${KEY_LIMITS.description} are allowed; shorten it`,
      },
    ]),
    ...rangeProblems('pendingWindow', props.pendingWindow, KEY_LIMITS.pendingWindow),
    ...tagProblems(props.tags ?? {}),
    ...access.flatMap((one) => accessProblems(scope, one, kind)),
  ];
}

/** What is wrong with a choice that JavaScript can get wrong: other languages have the names alone. */
function choiceProblems(prop: string, chosen: string | undefined, all: readonly string[]): string[] {
  return problems([
    {
      when: (chosen ?? undefined) !== undefined && !all.includes(String(chosen)),
      message: `${prop} ${JSON.stringify(chosen)}: it is one of ${all.join(', ')}; use one of them, or leave it out`,
    },
  ]);
}

function specProblems(scope: IConstruct, shape: KeyShape, origin: KeyOrigin | undefined): string[] {
  const { spec, specs } = shape;
  if (!specs.includes(spec)) {
    return [`keySpec ${JSON.stringify(spec)}: this construct makes keys of ${specs.join(', ')}; use one of them`];
  }
  const facts: KeySpecFacts = KEY_SPECS[spec];
  const { region } = Stack.of(scope);
  const others = specs.filter((name) => !KEY_SPECS[name as KeySpecName].chinaOnly);
  return problems([
    {
      when: facts.chinaOnly && !Token.isUnresolved(region) && !region.startsWith('cn-'),
      message: `keySpec ${spec}: it exists in the China Regions only, and this stack is for ${region}; use one of ${others.join(', ')}`,
    },
    {
      when: !facts.importable && origin === KeyOrigin.EXTERNAL,
      message: `origin EXTERNAL with keySpec ${spec}: material of this spec cannot be imported; leave origin out or use another spec`,
    },
  ]);
}

function namesProblems({ alias, aliases = [] }: CustomerManagedKeyProps): string[] {
  const names = [...(alias === undefined ? [] : [alias]), ...aliases];
  const repeated = new Set(
    names.filter((name, index) => names.map(fullAliasName).indexOf(fullAliasName(name)) < index),
  );
  return [
    ...names.flatMap(aliasProblems),
    ...aliases.filter(Token.isUnresolved).map((name) => `aliases: ${name} is known at deployment only; use a KeyAlias`),
    ...[...repeated].map(
      (name) => `alias ${JSON.stringify(name)} is named twice, in alias and aliases together; name it once`,
    ),
  ];
}

/** What is wrong with a number of days. */
export function rangeProblems(
  prop: string,
  duration: Duration | undefined,
  range: { min: number; max: number },
): string[] {
  if (duration === undefined || duration.isUnresolved()) {
    return [];
  }
  const days = duration.toDays({ integral: false });
  return problems([
    {
      when: !Number.isInteger(days) || days < range.min || days > range.max,
      message: `${prop} of ${days} days: KMS takes whole days from ${range.min} to ${range.max}; use for instance Duration.days(${range.min})`,
    },
  ]);
}

function tagProblems(tags: Readonly<Record<string, string>>): string[] {
  const names = Object.keys(tags);
  return [
    ...problems([
      {
        when: names.length > KEY_LIMITS.tags,
        message: `tags: ${names.length} of them; a key has at most ${KEY_LIMITS.tags}; leave some out`,
      },
    ]),
    ...Object.entries(tags).flatMap(([name, value]) =>
      problems([
        {
          when: !Token.isUnresolved(name) && (name.length < 1 || name.length > KEY_LIMITS.tagName),
          message: `tag ${JSON.stringify(name.slice(0, 40))}: a name has 1 to ${KEY_LIMITS.tagName} characters, this one ${name.length}`,
        },
        {
          when: name.toLowerCase().startsWith('aws:'),
          message: `tag ${JSON.stringify(name)}: names beginning with "aws:" are kept for AWS; choose another name`,
        },
        {
          when: !Token.isUnresolved(value) && value.length > KEY_LIMITS.tagValue,
          message: `tag ${JSON.stringify(name)}: a value has at most ${KEY_LIMITS.tagValue} characters, this one ${value.length}`,
        },
      ]),
    ),
  ];
}
