import type { AppChange, AppUpdate } from '@cdk-keysmith/local-kms';
import { grid } from './grid.ts';
import { type Colours, printable } from './terminal.ts';

const SIGNS: Readonly<Record<AppChange['change'], string>> = { added: '+', changed: '~', removed: '-' };

/** What came of an app that was written again: one line for each thing that changed, or why it could not be read. */
export function renderUpdate(update: AppUpdate, problemsBefore: readonly string[], colours: Colours): string {
  if (!update.applied) {
    return `${colours.bold('the app cannot be read')}; what was there before stays\n  ${printable(update.error.message)}\n`;
  }
  const { changes, problems } = update;
  const news = problems.filter((problem) => !problemsBefore.includes(problem));
  const rows = changes.map(({ kind, name, change, details }) => [
    `${SIGNS[change]} ${kind}`,
    printable(name),
    printable(details.join(', ')),
  ]);
  const title = colours.bold('the app was written again');
  if (rows.length === 0 && news.length === 0) return `${title}; nothing that counts here changed\n`;
  const lines = [...(rows.length > 0 ? [grid(rows)] : []), ...news.map((problem) => `  ! ${printable(problem)}`)];
  return `${[title, ...lines].join('\n')}\n`;
}
