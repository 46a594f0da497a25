import type { Value } from '../value.ts';
import type { StatementMatch } from './statement.ts';
import { listInWords, statementInWords } from './words.ts';

/** `; nearest: statement 1 of … allows only kms:GenerateDataKey`, or nothing when no statement comes near. */
export function nearestInWords(matches: readonly StatementMatch[]): string {
  const named = matches.filter((match) => match.named === 'yes');
  const elsewhere = named.find(({ action, resource }) => action === 'yes' && resource === 'no');
  const otherwise = named.find((match) => match.action === 'no' && match.resource === 'yes' && speaksOfKms(match));
  if (elsewhere !== undefined) {
    const { policy, statement } = elsewhere;
    const where = `; nearest: ${statementInWords(policy, statement)} allows it`;
    if (statement.resources.length > 0) return `${where} on ${listInWords(statement.resources)} only`;
    return statement.notResources === undefined
      ? `${where} on nothing: it names no Resource`
      : `${where} elsewhere only`;
  }
  if (otherwise === undefined) return '';
  const { policy, statement } = otherwise;
  const actions = statement.actions.filter(isKmsAction);
  const what = statement.notActions === undefined ? `only ${listInWords(actions, 'and')}` : 'other actions only';
  return `; nearest: ${statementInWords(policy, statement)} allows ${what}`;
}

function speaksOfKms({ statement }: StatementMatch): boolean {
  return statement.notActions !== undefined || statement.actions.some(isKmsAction);
}

function isKmsAction(action: Value): boolean {
  return typeof action !== 'string' || action.toLowerCase().startsWith('kms:');
}
