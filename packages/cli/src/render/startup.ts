import type { LocalKmsServer, Mode, StateFound } from '@cdk-keysmith/local-kms';
import { grid } from './grid.ts';
import { type Colours, printable } from './terminal.ts';

/** What is told besides the address. */
export interface StartupDetails {
  readonly mode: Mode;
  /** Whether everybody who knows a text knows every key. */
  readonly deterministic: boolean;
  /** The address only. */
  readonly quiet: boolean;
  /** Environment of the principal that was asked for, credentials included. */
  readonly environment: Readonly<Record<string, string>> | undefined;
  readonly colours: Colours;
}

/** What a local KMS tells when it is ready: where it is, what is in it, how to call it. */
export function renderStartup(kms: LocalKmsServer, details: StartupDetails): string {
  const { colours, mode, quiet, deterministic } = details;
  const warning = deterministic ? `, ${colours.bold('DETERMINISTIC')} and so for tests only` : '';
  const address = `local KMS at ${colours.bold(kms.url)}, mode ${mode}${warning}, until Ctrl-C`;
  const first = kms.state === undefined ? address : `${address}\n${stateInWords(kms.state)}`;
  const blocks = quiet ? [address] : [first, ...inventory(kms, colours), usage(kms, details)];
  return `${blocks.join('\n\n')}\n${quiet ? '' : '\n'}`;
}

/** Where the keys are kept, and what was found there before the app was applied. */
export function stateInWords({ folder, isNew, keys, aliases, grants }: StateFound): string {
  const counted = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;
  const found = [
    counted(keys, 'key', 'keys'),
    counted(aliases, 'alias', 'aliases'),
    counted(grants, 'grant', 'grants'),
  ].join(', ');
  return `state in ${printable(folder)}: ${isNew ? 'begun now' : `found ${found}`}`;
}

function inventory(kms: LocalKmsServer, colours: Colours): string[] {
  const aliases = kms.aliases();
  const keys = kms.keys().map(({ arn, constructPath }) => {
    const names = aliases.filter(({ keyArn }) => keyArn === arn).map(({ name }) => name);
    return [names.join(', ') || (constructPath ?? ''), arn];
  });
  const principals = kms.principals().map(({ name, type, arn }) => [name, type, arn ?? 'a role of outside the app']);
  return [
    list('keys', keys, colours),
    list('principals', principals, colours),
    ...(kms.problems.length > 0
      ? [
          list(
            'not here',
            kms.problems.map((problem) => [problem]),
            colours,
          ),
        ]
      : []),
  ];
}

function list(title: string, rows: readonly (readonly string[])[], colours: Colours): string {
  return [colours.bold(title), rows.length === 0 ? '  none' : grid(rows.map((row) => row.map(printable)))].join('\n');
}

function usage(kms: LocalKmsServer, { environment, colours }: StartupDetails): string {
  const variables = environment ?? { AWS_ENDPOINT_URL_KMS: kms.url, AWS_ENDPOINT_URL_STS: kms.url };
  const lines = Object.entries(variables).map(([name, value]) => `  export ${name}=${quoted(value)}`);
  const hint = environment === undefined ? ['  # credentials: keysmith local --as <principal>'] : [];
  return [colours.bold('to call it from another terminal'), ...lines, ...hint].join('\n');
}

/** For a POSIX shell: nothing in single quotes means anything but itself. */
function quoted(value: string): string {
  return /^[\w.:/@%+=,-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
