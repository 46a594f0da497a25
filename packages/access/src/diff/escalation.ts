import { listInWords, statementInWords } from '../engine/words.ts';
import type { Assembly, KeyModel } from '../model.ts';
import type { Policy, Statement } from '../policy.ts';
import { inWords } from '../symbolic/text.ts';
import type { AccessChange, DiffAlert } from './model.ts';
import type { Pair } from './pairs.ts';
import type { References } from './references.ts';

/** Actions that hand access on by themselves, and what they give. */
const HANDS_ON: Readonly<Record<string, string>> = {
  'kms:PutKeyPolicy': 'everything on the key',
  'kms:CreateGrant': 'what grants can give, to anybody',
};

/** Actions that change how statements are decided which test some condition keys. */
const TURNS: readonly { readonly actions: ReadonlySet<string>; readonly tests: RegExp }[] = [
  {
    actions: new Set(['kms:CreateAlias', 'kms:UpdateAlias', 'kms:DeleteAlias']),
    tests: /^kms:(ResourceAliases|RequestAlias)$/i,
  },
  { actions: new Set(['kms:TagResource', 'kms:UntagResource']), tests: /^aws:ResourceTag\//i },
];

/** Changes after which somebody may have more access, or give it, than the policies say today. */
export function escalationsOf(changes: readonly AccessChange[], after: Assembly): readonly DiffAlert[] {
  return changes
    .filter(({ change }) => change === 'gained' || change === 'widened' || change === 'changed')
    .flatMap(({ change, actions, key, grantee, because }): readonly DiffAlert[] => {
      const alert = (text: string): DiffAlert => ({ kind: 'escalation', key, grantee, text, because });
      const may = change === 'gained' ? 'can now' : change === 'widened' ? 'can now under fewer conditions' : 'may now';
      const handing = actions.filter((action) => Object.hasOwn(HANDS_ON, action));
      const direct = handing.map((action) => {
        return alert(`${may} use ${action}, and so take ${HANDS_ON[action]}`);
      });
      const turning = TURNS.flatMap((turn) => {
        const concerned = actions.filter((action) => turn.actions.has(action));
        const [tested] = concerned.length === 0 ? [] : testing(turn.tests, after);
        if (tested === undefined) return [];
        return [alert(`${may} use ${listInWords(concerned, 'and')}, and with it turn ${tested}`)];
      });
      return [...direct, ...turning];
    });
}

/** Aliases that came to a key or left it, where a statement is decided by them. */
export function aliasChangesOf(
  key: Pair<KeyModel>,
  apps: { readonly before: Assembly; readonly after: Assembly },
  references: References,
): readonly DiffAlert[] {
  if (key.before === undefined || key.after === undefined) return [];
  const [old, now] = [aliasesOf(key.before, apps.before), aliasesOf(key.after, apps.after)];
  const added = now.filter((name) => !old.includes(name)).map((name) => `has ${name}`);
  const removed = old.filter((name) => !now.includes(name)).map((name) => `no longer has ${name}`);
  const differs = [...added, ...removed];
  const [tested] = differs.length === 0 ? [] : testing(/^kms:ResourceAliases$/i, apps.after);
  if (tested === undefined) return [];
  const text = `the key ${listInWords(differs, 'and')}, which turns ${tested}`;
  return [{ kind: 'escalation', key: references.ofKey(key), text, because: [] }];
}

function aliasesOf(key: KeyModel, { aliases }: Assembly): readonly string[] {
  return aliases.filter((alias) => alias.key === key).map(({ name }) => inWords(name));
}

/** Statements about KMS that test a condition key, in words. */
function testing(key: RegExp, { keys, principals }: Assembly): readonly string[] {
  const policies = [...keys.map(({ keyPolicy }) => keyPolicy), ...principals.flatMap((one) => one.identityPolicies)];
  return policies.flatMap((policy) =>
    policy.statements
      .filter((statement) => isAboutKms(statement))
      .flatMap((statement) => tests(policy, statement, key)),
  );
}

function tests(policy: Policy, statement: Statement, key: RegExp): readonly string[] {
  const tested = statement.conditions.find((condition) => key.test(condition.key));
  return tested === undefined ? [] : [`${statementInWords(policy, statement)}, which tests ${tested.key}`];
}

function isAboutKms({ actions, notActions }: Statement): boolean {
  return notActions !== undefined || actions.some((action) => /^(kms:|\*$)/i.test(inWords(action)));
}
