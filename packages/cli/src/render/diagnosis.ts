import type { Diagnosis, Finding } from '@cdk-keysmith/envelope';
import { grid } from './grid.ts';
import { type Colours, printable } from './terminal.ts';
import { wrap } from './wrap.ts';

/** How each verdict looks. Colour only repeats what the word says. */
const VERDICTS: Readonly<Record<Finding['verdict'], (colours: Colours) => (text: string) => string>> = {
  ok: ({ green }) => green,
  problem: ({ red }) => red,
  unknown: ({ yellow }) => yellow,
};

/** Room for the verdict, and the spaces before both columns. */
const BEFORE_TEXT = 11;

/** What the doctor has found, one finding below the other, and what all of them come to. */
export function renderDiagnosis({ healthy, findings }: Diagnosis, columns: number, colours: Colours): string {
  const rows = findings.map((finding) => [
    VERDICTS[finding.verdict](colours)(finding.verdict),
    detailsOf(finding)
      .map((line) => wrap(printable(line), columns - BEFORE_TEXT))
      .join('\n'),
  ]);
  const bad = findings.filter(({ verdict }) => verdict !== 'ok');
  const parts = (['problem', 'unknown'] as const)
    .map((verdict) => [bad.filter((finding) => finding.verdict === verdict).length, verdict] as const)
    .filter(([count]) => count > 0)
    .map(([count, verdict]) => `${count} ${verdict === 'problem' && count > 1 ? 'problems' : verdict}`);
  return `${grid(rows)}\n${healthy ? 'healthy' : `not healthy: ${parts.join(', ')}`}\n`;
}

function detailsOf({ text, keyArn, principal }: Finding): string[] {
  return [
    text,
    ...(keyArn === undefined ? [] : [`key ${keyArn}`]),
    ...(principal === undefined ? [] : [`as ${principal}`]),
  ];
}
