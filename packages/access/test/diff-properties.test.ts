import {
  type AccessDiff,
  type Assembly,
  accessDiff,
  type ChangeKind,
  callerFor,
  evaluate,
  layersFor,
  readTemplates,
} from '@cdk-keysmith/access';
import * as fc from 'fast-check';
import type { Json } from './support/ask.ts';
import { arnOf, keyResource, policyResource, roleResource } from './support/assembly.ts';
import { runs } from './support/runs.ts';

const ALIASES = 'kms:ResourceAliases';
const action = fc.constantFrom<unknown>('kms:*', 'kms:Decrypt', ['kms:Decrypt', 'kms:Encrypt'], 'kms:GenerateDataKey*');
const line = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('StringEquals', 'StringNotEquals', 'StringLike', 'StringEqualsIfExists'),
      fc.constantFrom<unknown>('a', 'b', ['a', 'b'], 'a*'),
    )
    .map(([operator, value]) => ({ [operator]: { 'kms:EncryptionContext:tenant': value } })),
  fc.constantFrom('true', 'false').map((value) => ({ Null: { 'kms:ViaService': value } })),
  fc
    .tuple(fc.constantFrom('ForAllValues', 'ForAnyValue'), fc.constantFrom('alias/x', 'alias/*'))
    .map(([set, value]) => ({ [`${set}:StringLike`]: { [ALIASES]: value } })),
);
const condition = fc.oneof(fc.constant<Json>({}), line);
const effect = fc.constantFrom('Allow', 'Allow', 'Deny');
const own = fc.record({
  Effect: effect,
  Action: action,
  Resource: fc.constantFrom<unknown>('*', arnOf('Key')),
  Condition: condition,
});
const keyStatement = fc.record({
  Effect: effect,
  Principal: fc.constantFrom<unknown>('*', { AWS: arnOf('Writer') }, { Service: 'sns.amazonaws.com' }),
  Action: action,
  Resource: fc.constant('*'),
  Condition: condition,
});

interface Statements {
  readonly own: readonly Json[];
  readonly key: readonly Json[];
  /** Whether the role has a policy that is not in the app, too. */
  readonly foreign: boolean;
}

const statements: fc.Arbitrary<Statements> = fc.record({
  own: fc.array(own, { maxLength: 3 }),
  key: fc.array(keyStatement, { maxLength: 2 }),
  foreign: fc.integer({ min: 0, max: 4 }).map((chance) => chance === 0),
});

function appOf({ own, key, foreign }: Statements): Assembly {
  const unread = { ManagedPolicyArns: ['arn:aws:iam::111122223333:policy/Shared'] };
  const Resources = {
    Key: keyResource(key),
    Writer: roleResource(foreign ? unread : {}),
    Policy: policyResource(own, [{ Ref: 'Writer' }]),
  };
  return readTemplates([{ name: 'App.json', text: JSON.stringify({ Resources }) }]);
}

/** `gained role App/Writer/ServiceRole kms:Decrypt` */
function facts(diff: AccessDiff, renamed: Partial<Record<ChangeKind, string>> = {}): readonly string[] {
  return diff.changes
    .flatMap(({ change, grantee, actions }) =>
      actions.map((one) => `${renamed[change] ?? change} ${grantee.type} ${grantee.name} ${one}`),
    )
    .sort();
}

/** What a request may carry, as far as the statements above ask. */
const contexts = ['', 'a', 'b', 'ab'].flatMap((tenant) =>
  ['', 's3.eu-west-1.amazonaws.com'].flatMap((via) =>
    [[], ['alias/x'], ['alias/y', 'z']].map((aliases) => ({
      ...(tenant !== '' && { 'kms:EncryptionContext:tenant': tenant }),
      ...(via !== '' && { 'kms:ViaService': via }),
      ...(aliases.length > 0 && { [ALIASES]: aliases }),
    })),
  ),
);

function verdictsOf({ keys: [key], principals: [writer] }: Assembly, asked: string): readonly string[] {
  if (key === undefined || writer === undefined) throw new Error('the app has a key and a role');
  const layers = layersFor(key, writer);
  return contexts.map((context) => {
    const request = {
      action: asked,
      caller: callerFor(writer),
      resource: key.arn,
      resourceAccount: key.account,
      context,
    };
    return evaluate(request, layers).verdict;
  });
}

describe('the difference of two apps, whatever their policies', () => {
  it('is empty for an app and itself', () => {
    fc.assert(
      fc.property(statements, (one) => {
        const { version: _version, ...lists } = accessDiff(appOf(one), appOf(one));
        expect(Object.values(lists).flat()).toEqual([]);
      }),
      runs(28),
    );
  });

  it('turned around, has lost where it had gained, and widened where it had narrowed', () => {
    const turned = { gained: 'lost', lost: 'gained', widened: 'narrowed', narrowed: 'widened' } as const;
    fc.assert(
      fc.property(statements, statements, (a, b) => {
        const [forth, back] = [accessDiff(appOf(a), appOf(b)), accessDiff(appOf(b), appOf(a))];
        expect(facts(back)).toEqual(facts(forth, turned));
        expect(back.undecided.length).toBe(forth.undecided.length);
      }),
      runs(28),
    );
  });

  it('has nothing gained by a further Deny', () => {
    fc.assert(
      fc.property(statements, own, keyStatement, (one, more, moreOfKey) => {
        const denied = {
          ...one,
          own: [...one.own, { ...more, Effect: 'Deny' }],
          key: [...one.key, { ...moreOfKey, Effect: 'Deny' }],
        };
        const { changes } = accessDiff(appOf(one), appOf(denied));
        expect(changes.filter(({ change }) => change === 'gained' || change === 'widened')).toEqual([]);
      }),
      runs(28),
    );
  });

  it('tells of every request that is newly allowed, and calls nothing narrower that is not', () => {
    const seen = { told: 0, narrower: 0 };
    fc.assert(
      fc.property(statements, statements, fc.constantFrom('kms:Decrypt', 'kms:Encrypt'), (a, b, asked) => {
        const [before, after] = [appOf(a), appOf(b)];
        const [was, is] = [verdictsOf(before, asked), verdictsOf(after, asked)];
        const isNew = is.some((verdict, index) => verdict === 'allowed' && was[index] === 'denied');
        const diff = accessDiff(before, after);
        const about = (one: { grantee: { type: string }; actions: readonly string[] }) =>
          one.grantee.type === 'role' && one.actions.includes(asked);
        const kinds = diff.changes.filter(about).map(({ change }) => change);
        if (diff.undecided.some(about)) return;
        if (isNew) expect(['gained', 'widened', 'changed']).toContain(kinds[0]);
        const isLess = kinds[0] === 'narrowed' || kinds[0] === 'lost';
        if (isLess || kinds.length === 0) expect(isNew).toBe(false);
        seen.told += isNew ? 1 : 0;
        seen.narrower += kinds[0] === 'narrowed' ? 1 : 0;
      }),
      runs(120),
    );
    expect(seen.told).toBeGreaterThan(5);
    expect(seen.narrower).toBeGreaterThan(0);
  });
});
