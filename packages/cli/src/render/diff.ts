import {
  type AccessChange,
  type AccessDiff,
  type AlertKind,
  type ChangeKind,
  causeInWords,
  changesToShow,
  type DiffAlert,
  type DiffReason,
  diffInWords,
  doubtInWords,
  granteeInWords,
  reasonInWords,
  stateInWords,
  type ThingChange,
  type UndecidedChange,
} from '@cdk-keysmith/access';
import { type Colours, printable } from './terminal.ts';
import { wrap } from './wrap.ts';

export interface DiffStyle {
  readonly colours: Colours;
  /** Width in characters. */
  readonly columns: number;
}

/** How each change looks. Colour only repeats what the word says. */
const SIGNS: Readonly<
  Record<ChangeKind, readonly [sign: string, colour: (colours: Colours) => (text: string) => string]>
> = {
  gained: ['+ gained', ({ yellow }) => yellow],
  widened: ['> widened', ({ yellow }) => yellow],
  changed: ['~ changed', ({ yellow }) => yellow],
  narrowed: ['< narrowed', ({ green }) => green],
  lost: ['- lost', ({ cyan }) => cyan],
};
const ALERTS: Readonly<Record<AlertKind, (colours: Colours) => (text: string) => string>> = {
  lockout: ({ red }) => red,
  escalation: ({ red }) => red,
  replacement: ({ yellow }) => yellow,
};

const INDENT = '  ';
const REASON = '      ';

/** A difference for people: what to look at first, then what changed key by key, then what is not decided. */
export function renderDiff(diff: AccessDiff, style: DiffStyle): string {
  const { alerts, keys, principals, undecided } = diff;
  const shown = changesToShow(diff);
  const names = [...new Set(shown.map(({ key }) => key.constructPath))];
  const blocks = [
    [style.colours.bold(diffInWords(diff))],
    alerts.map((alert) => alertText(alert, style)),
    ...names.map((name) => [
      style.colours.bold(printable(name)),
      ...shown.filter(({ key }) => key.constructPath === name).map((change) => changeText(change, style)),
    ]),
    thingTexts('keys', keys, style),
    thingTexts('roles and users', principals, style),
    undecided.length === 0
      ? []
      : [style.colours.bold('not decided'), ...undecided.map((one) => undecidedText(one, style))],
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function alertText({ kind, key, grantee, text, because }: DiffAlert, { colours, columns }: DiffStyle): string {
  const where = key === undefined ? '' : ` on ${key.constructPath}`;
  const who = grantee === undefined ? '' : `${granteeInWords(grantee)} `;
  const line = wrap(printable(`${kind}${where}: ${who}${text}`), columns);
  return [ALERTS[kind](colours)(kind) + line.slice(kind.length), ...reasonTexts(because, columns)].join('\n');
}

function changeText(change: AccessChange, { colours, columns }: DiffStyle): string {
  const [sign, colour] = SIGNS[change.change];
  const head = [sign, granteeInWords(change.grantee), change.labels.join(', ')].join(INDENT);
  const state = [stateInWords(change), causeInWords(change)].filter((text) => text !== '').join('; ');
  const line = wrap(printable(head), columns, INDENT).slice(INDENT.length);
  return [
    INDENT + colour(colours)(sign) + line.slice(sign.length),
    ...(state === '' ? [] : [wrap(printable(state), columns, REASON)]),
    ...reasonTexts(change.because, columns),
  ].join('\n');
}

function undecidedText(one: UndecidedChange, { colours, columns }: DiffStyle): string {
  const text = `? ${granteeInWords(one.grantee)} on ${one.key.constructPath}, ${one.labels.join(', ')}: ${doubtInWords(one)}`;
  const line = wrap(printable(text), columns, INDENT);
  return [colours.yellow(line), ...reasonTexts(one.because, columns)].join('\n');
}

function reasonTexts(reasons: readonly DiffReason[], columns: number): readonly string[] {
  return reasons.map((reason) => wrap(printable(reasonInWords(reason)), columns, REASON));
}

function thingTexts(title: string, things: readonly ThingChange[], { colours, columns }: DiffStyle): readonly string[] {
  const lines = things.map(({ change, constructPath, formerly, source }) => {
    const was = formerly === undefined ? '' : `, formerly ${formerly}`;
    const where = source === undefined ? '' : ` (${source.file}:${source.line})`;
    return wrap(printable(`${change} ${constructPath}${was}${where}`), columns, INDENT);
  });
  return lines.length === 0 ? [] : [colours.bold(title), ...lines];
}
