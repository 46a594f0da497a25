import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/* The programs in the documentation are run as they stand there, and print what stands below them. */

const ROOT = join(__dirname, '..');

/** What a program is run with: ES modules, in a process of their own. */
const MODULES = `
  import { pages, pagesOf } from ${JSON.stringify(join(ROOT, 'scripts', 'snippets', 'pages.mjs'))};
  import { runPages } from ${JSON.stringify(join(ROOT, 'scripts', 'snippets', 'run.mjs'))};
  import { fencesOf } from ${JSON.stringify(join(ROOT, 'scripts', 'lib', 'markdown.mjs'))};
`;

function command(body: string, input: unknown): string[] {
  const program = `${MODULES}\nconst input = JSON.parse(process.argv[1]);\nconsole.log(JSON.stringify(${body}));`;
  return ['--input-type=module', '--eval', program, JSON.stringify(input)];
}

interface Outcome {
  readonly file: string;
  readonly module: { readonly line: number };
  readonly problem?: string;
}

const problemsOf = (outcomes: readonly Outcome[]) =>
  outcomes.flatMap(({ file, module, problem }) => (problem === undefined ? [] : [`${file}:${module.line} ${problem}`]));

describe('every program of the README prints what stands below it; those of the guide are run by a check', () => {
  const files = ['README.md'];

  let outcomes: Outcome[] = [];
  beforeAll(async () => {
    const body = 'await runPages(pages().filter(({ file }) => input.includes(file)))';
    const run = promisify(execFile)(process.execPath, command(body, files), { cwd: ROOT });
    outcomes = JSON.parse((await run).stdout);
  }, 600_000);

  test.each(files)('%s', (file) => {
    const programs = outcomes.filter((outcome) => outcome.file === file);
    expect(programs.length).toBeGreaterThan(0);
    expect(problemsOf(programs)).toEqual([]);
  });
});

test('the first program of the README begins before line 25', () => {
  expect(readFileSync(join(ROOT, 'README.md'), 'utf8').split('\n').indexOf('```ts')).toBeLessThan(25);
});

test.each([
  ['packages/envelope/interop/python/orders.py'],
  ['packages/envelope/interop/java/src/main/java/io/github/cdkkeysmith/interop/Orders.java'],
])('%s, which a check runs, is what the guide shows', (file) => {
  const page = readFileSync(join(ROOT, 'docs', 'guide', 'envelope', 'other-languages.md'), 'utf8');
  expect(page).toContain(readFileSync(join(ROOT, file), 'utf8').trim());
});

describe('what is wrong with a page is found', () => {
  const fence = (language: string, ...lines: string[]) => ['', `\`\`\`${language}`, ...lines, '```', ''].join('\n');
  const program = (code: string, output: string) => fence('ts', code) + fence('text', output);

  const WRONG: readonly (readonly [what: string, markdown: string, found: RegExp])[] = [
    ['a fence that nothing runs', fence('ts', 'console.log(1);'), /^a\.md:2 is run by nothing/],
    ['a file that exports nothing', fence('ts', '// a.ts', 'const a = 1;'), /a\.ts: exports nothing/],
    [
      'a file of which something is not used',
      fence('ts', '// a.ts', 'export const a = 1;', 'export function b() {}') +
        program("import { a } from './a.ts';\nconsole.log(a);", '1'),
      /^a\.md:2 a\.ts: nothing further down uses b$/,
    ],
    ['other output', program("console.log('one\\ntwo');", 'one\n2'), /^a\.md:2 prints something else .* line 2: two\n/],
    ['output that ends too early', program('console.log(1);', '1\n2'), /^a\.md:2 prints something else/],
    ['an error', program("throw new Error('no');", ''), /^a\.md:2 fails: [\s\S]*Error: no/],
    ['a promise that is never kept', program('await new Promise(() => {});', ''), /^a\.md:2 fails/],
    ['a program that does not end', program('setInterval(() => {}, 1000);', ''), /^a\.md:2 is not done after/],
    ['standard error', program("console.log(1);\nconsole.error('oh');", '1'), /^a\.md:2 writes to standard error:\noh/],
    ['what does not parse', program('const 1;', ''), /^a\.md:2 fails/],
  ];

  test.each(WRONG)('%s', async (_what, markdown, found) => {
    const body = `await (async () => {
      const [page] = pagesOf([{ file: 'a.md', fences: fencesOf(input) }]);
      return { problems: page.problems, outcomes: await runPages([page], 3_000) };
    })()`;
    const { stdout } = await promisify(execFile)(process.execPath, command(body, markdown), { cwd: ROOT });
    const { problems, outcomes }: { problems: string[]; outcomes: Outcome[] } = JSON.parse(stdout);
    expect([...problems, ...problemsOf(outcomes)]).toEqual([expect.stringMatching(found)]);
  });

  test('and nothing where files are used, on the page or by the other pages of the folder', async () => {
    const documents = [
      { file: join('docs', 'x', 'README.md'), markdown: fence('ts', '// one.ts', 'export const one = 1;') },
      {
        file: join('docs', 'x', 'a.md'),
        markdown:
          fence('ts', '// two.ts', "import { one } from './one.ts';\nexport const two = one + one;") +
          program("const { two } = await import('./two.ts');\nconsole.log(two);", '2'),
      },
    ];
    const body = `await (async () => {
      const found = pagesOf(input.map(({ file, markdown }) => ({ file, fences: fencesOf(markdown) })));
      return { problems: found.flatMap(({ problems }) => problems), outcomes: await runPages(found) };
    })()`;
    const { stdout } = await promisify(execFile)(process.execPath, command(body, documents), { cwd: ROOT });
    const { problems, outcomes }: { problems: string[]; outcomes: Outcome[] } = JSON.parse(stdout);
    expect([...problems, ...problemsOf(outcomes)]).toEqual([]);
    expect(outcomes.length).toBe(1);
  });
});
