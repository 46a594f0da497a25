import { type Answer, type KeyModel, nameOfGrantee, SECTIONS, shortPath, verdictInWords } from '@cdk-keysmith/access';
import { printable } from './terminal.ts';
import { wrap } from './wrap.ts';

/** Who may do one thing, by section; those who may not are counted, since they are most. */
export function renderAnswers(key: KeyModel, action: string, answers: readonly Answer[], columns: number): string {
  const may = answers.filter(({ decision }) => decision.verdict !== 'denied');
  const denied = answers.length - may.length;
  const title = `${action} with ${shortPath(key.constructPath)}`;
  const lines = Object.entries(SECTIONS).flatMap(([section, heading]) => {
    const own = may.filter(({ grantee }) => grantee.section === section);
    return own.length === 0 ? [] : ['', heading, ...own.map((answer) => answerText(answer, columns))];
  });
  const rest = denied === 0 ? [] : ['', `denied to ${denied} ${may.length === 0 ? 'of' : 'more of'} ${answers.length}`];
  return `${[printable(title), ...(may.length === 0 ? ['', 'nobody'] : lines), ...rest].join('\n')}\n`;
}

function answerText({ grantee, decision }: Answer, columns: number): string {
  return wrap(printable(`${nameOfGrantee(grantee)}: ${verdictInWords(decision)}`), columns, '  ');
}
