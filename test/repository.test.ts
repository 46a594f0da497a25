import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { mad, median, operationsFor, type Sample, summarize } from '../bench/statistics';
import { CHECKS, evaluate, ROOT, tree } from './repository-tools';

/* The checks of `npm run check` find what they are for. A check that has never failed proves nothing. */

describe('imports', () => {
  const manifest = (name: string, more: object = {}) => JSON.stringify({ name, version: '0.1.0', ...more });
  const CLEAN: Record<string, string> = {
    'package.json': manifest('cdk-keysmith', {
      peerDependencies: { constructs: '1' },
      devDependencies: { constructs: '1', 'fast-check': '1' },
    }),
    'node_modules/constructs/package.json': manifest('constructs'),
    'node_modules/constructs/index.js': 'exports.Construct = class {};',
    'node_modules/fast-check/package.json': manifest('fast-check'),
    'node_modules/fast-check/index.js': 'exports.fc = 1;',
    'handlers/grant/index.ts': "import { join } from 'node:path';\nexport const handler = join;",
    'lib/index.ts': "export { Key } from './key';",
    'lib/key.ts': "import { Construct } from 'constructs';\nexport class Key extends Construct {}",
    'test/key.test.ts': "import 'fast-check';\nimport '@cdk-keysmith/envelope';\nimport '../lib';",
    'packages/access/package.json': manifest('@cdk-keysmith/access'),
    'packages/access/src/index.ts': "export * as model from './model.ts';",
    'packages/access/src/model.ts': "import { join } from 'node:path';\nexport const model = join;",
    'packages/access/test/helper.ts': 'export const help = 1;',
    'packages/envelope/package.json': manifest('@cdk-keysmith/envelope'),
    'packages/envelope/src/index.ts': 'export const envelope = 1;',
    'packages/local-kms/package.json': manifest('@cdk-keysmith/local-kms', {
      dependencies: { '@cdk-keysmith/access': '0.1.0' },
    }),
    'packages/local-kms/src/index.ts': "export { model } from '@cdk-keysmith/access';",
    'packages/cli/package.json': manifest('@cdk-keysmith/cli'),
    'packages/cli/src/index.ts': [
      "import '@cdk-keysmith/access';",
      "import '@cdk-keysmith/envelope';",
      "import '@cdk-keysmith/local-kms';",
    ].join('\n'),
  };

  /** The other half of a cycle, which is reported once. */
  const HEN = { 'packages/access/src/hen.ts': "import type { egg } from './egg.ts';\nexport type hen = egg[];" };

  const VIOLATIONS: [rule: string, file: string, text: string][] = [
    ['constructs-stand-alone', 'lib/by-name.ts', "import '@cdk-keysmith/envelope';"],
    ['constructs-stand-alone', 'lib/by-path.ts', "import type { envelope } from '../packages/envelope/src/index';"],
    ['handlers-stand-alone', 'handlers/grant/constructs.ts', "import 'constructs';"],
    ['handlers-are-bundled', 'lib/handler.ts', "import '../handlers/grant/index';"],
    ['access-imports', 'packages/access/src/kms.ts', "import '@cdk-keysmith/local-kms';"],
    ['envelope-imports', 'packages/envelope/src/types.ts', "import type { model } from '@cdk-keysmith/access';"],
    ['local-kms-imports', 'packages/local-kms/src/seal.ts', "export { envelope } from '@cdk-keysmith/envelope';"],
    ['local-kms-imports', 'packages/local-kms/src/late.ts', "export const cli = () => import('@cdk-keysmith/cli');"],
    ['packages-do-not-know-the-constructs', 'packages/cli/src/key.ts', "import '../../../lib/index.ts';"],
    ['packages-by-name', 'packages/cli/src/model.ts', "import '../../access/src/model.ts';"],
    ['packages-by-name', 'packages/cli/test/model.test.ts', "import '../../access/src/model.ts';"],
    ['sources-without-tests', 'packages/access/src/helped.ts', "import '../test/helper.ts';"],
    ['sources-without-development-dependencies', 'lib/random.ts', "import 'fast-check';"],
    ['sources-without-development-dependencies', 'packages/access/src/tree.ts', "import 'constructs';"],
    ['no-cycles', 'packages/access/src/egg.ts', "import type { hen } from './hen.ts';\nexport type egg = hen;"],
    ['resolvable', 'packages/envelope/src/gone.ts', "import './nowhere.ts';"],
  ];

  /** What the check says about a tree: nothing, or the tool's report. */
  function report(files: Record<string, string>): Promise<unknown> {
    const root = tree(files);
    return evaluate(
      `import { checkTree } from ${JSON.stringify(join(CHECKS, 'imports.mjs'))};
       console.log(JSON.stringify(await checkTree(input).then(() => '', (error) => error.output ?? error.stack)));`,
      root,
    );
  }

  let clean: unknown;
  let broken: unknown;
  beforeAll(async () => {
    const violations = Object.fromEntries(VIOLATIONS.map(([, file, text]) => [file, text]));
    [clean, broken] = await Promise.all([report(CLEAN), report({ ...CLEAN, ...HEN, ...violations })]);
  });

  test('a tree that keeps to the layers passes', () => {
    expect(clean).toBe('');
  });

  test('every rule reports the file that breaks it, and no other file', () => {
    const lines = [...String(broken).matchAll(/^\s*error ([\w-]+): (\S+)/gm)].map(
      ([, rule, file]) => `${rule} ${file}`,
    );
    expect([...new Set(lines)].sort()).toEqual(VIOLATIONS.map(([rule, file]) => `${rule} ${file}`).sort());
  });
});

describe('files', () => {
  // In pieces, so that this file does not break the rules itself.
  const digits = (...parts: string[]) => parts.join('');
  const FOUND: [rule: string, file: string, text: string][] = [
    ['long file:', 'lib/long.ts', '\n'.repeat(401)],
    ['unfinished:', 'docs/a.md', `${'TO'}${'DO'}: more`],
    ['unfinished:', 'lib/a.ts', `// ${'FIX'}${'ME'}`],
    ['any:', 'lib/a.ts', 'export const x: any = 1;'],
    ['any:', 'lib/a.ts', 'export const x = (1 as unknown as Map<string, any[]>).size;'],
    ['left-out tests:', 'test/a.test.ts', `test${'.on'}${'ly('}'x', () => {});`],
    ['left-out tests:', 'test/a.test.ts', `x${'it('}'x', () => {});`],
    ['machine path:', 'README.md', `cd ${'/ho'}${'me/me/keysmith'}`],
    ['registry:', '.npmrc', `registry=https://${'regis'}${'try.example.com'}/`],
    ['account number:', 'lib/a.ts', `'arn:aws:kms:eu-west-1:${digits('999988', '887777')}:key/x'`],
    ['account number:', 'lib/a.ts', `'arn:aws:iam::${digits('999988', '887777')}:root'`],
    ['account number:', 'bin/a.ts', `env: { account: '${digits('999988', '887777')}' }`],
    ['registry:', 'package-lock.json', '{"packages":{"node_modules/a":{"resolved":"https://a.example/a.tgz"}}}'],
  ];
  const FINE: [why: string, file: string, text: string][] = [
    ['400 lines', 'lib/long.ts', '\n'.repeat(400)],
    ['a property called any', 'lib/a.ts', 'Match.any({ any: 1 }); // as any reader knows'],
    ['known accounts', 'lib/a.ts', "'arn:aws:iam::111122223333:root', '444455556666', '123456789012'"],
    ['twelve digits that are no account', 'lib/a.ts', "1234567890123; 'a-000000000000'; 202611241542;"],
    ['a path of an address', 'docs/a.md', '[work](https://docs.aws.amazon.com/work/home.html), `packages/home/x`'],
    [
      'a link to a workspace',
      'package-lock.json',
      '{"packages":{"node_modules/a":{"resolved":"packages/a","link":true}}}',
    ],
  ];
  let problems: string[][];
  beforeAll(async () => {
    problems = (await evaluate(
      `import { problemsIn } from ${JSON.stringify(join(CHECKS, 'files.mjs'))};
       console.log(JSON.stringify(input.map(([, file, text]) => problemsIn([file], () => text))));`,
      [...FOUND, ...FINE],
    )) as string[][];
  });

  test('every rule finds what it is for', () => {
    FOUND.forEach(([rule, file], index) => {
      expect(problems[index]).toEqual([expect.stringContaining(rule)]);
      expect(problems[index]?.[0]).toContain(file);
    });
  });

  test('no rule finds what only looks like it', () => {
    expect(problems.slice(FOUND.length)).toEqual(FINE.map(() => []));
  });
});

describe('licences', () => {
  test('only what is provably permissive passes', async () => {
    const licences = {
      a: 'MIT',
      b: '(MIT OR GPL-3.0-or-later)',
      c: 'GPL-3.0-only',
      d: 'MIT AND GPL-2.0-only',
      e: 'SEE IT',
    };
    const lock = Object.entries(licences).map(([name, license]) => [`node_modules/${name}`, { license }]);
    const found = await evaluate(
      `import { lockProblems } from ${JSON.stringify(join(CHECKS, 'licences.mjs'))};
       console.log(JSON.stringify(lockProblems(input)));`,
      Object.fromEntries([...lock, ['node_modules/not-installed', {}], ['packages/own', {}]]),
    );
    expect(found).toEqual(
      ['c: GPL-3.0-only', 'd: MIT AND GPL-2.0-only', 'e: SEE IT', 'not-installed: states no'].map((start) =>
        expect.stringContaining(`node_modules/${start}`),
      ),
    );
  });
});

describe('languages', () => {
  const from = (file: string) => JSON.stringify(join(CHECKS, 'languages', file));

  test('an answer that differs, is missing, or is no refusal is a problem', async () => {
    const found = await evaluate(
      `import { judged, mustBe, mustBeRefused } from ${from('judge.mjs')};
       const opens = (name) => ({ name, judge: (answer) => mustBe({ plaintext: 'YQ==' }, answer) });
       const refused = (name) => ({ name, judge: (answer) => mustBeRefused(answer, 'Denied') });
       const tasks = [opens('same'), opens('other'), opens('none'), opens('fails'), refused('denied'), refused('let in'),
         refused('else'), opens('left out')];
       console.log(JSON.stringify(await judged(tasks, input)));`,
      [
        { plaintext: 'YQ==' },
        { plaintext: 'Yg==' },
        {},
        { error: 'Broken', text: 'why' },
        { error: 'Denied', text: 'why' },
        { plaintext: 'YQ==' },
        { error: 'Broken', text: 'why' },
      ],
    );
    expect(found).toEqual([
      '7 answers to 8 tasks',
      'other: plaintext is "Yg==" instead of "YQ=="',
      'none: plaintext is missing instead of "YQ=="',
      'fails: fails with Broken: why',
      'let in: succeeds instead of Denied',
      'else: fails with Broken: why instead of Denied',
      'left out: fails with nothing: there is no answer',
    ]);
  });

  test('a registry that does not answer is told apart from a package that it does not have', async () => {
    const outputs = [
      'ERROR: Could not find a version that satisfies the requirement boto3==1 (from versions: none)',
      '[ERROR] Could not transfer artifact a:b:pom:1 from/to central: transfer failed',
      'main.go:1:2: Get "https://proxy.example/": dial tcp: lookup proxy.example: no such host',
      'npm error code ECONNREFUSED',
      'ERROR: Could not find a version that satisfies the requirement boto3==1 (from versions: 2, 3)',
      '[ERROR] Could not find artifact a:b:pom:1 in central',
      '[ERROR] COMPILATION ERROR',
      'npm error code E404',
    ];
    const found = await evaluate(
      `import { unreachable } from ${from('toolchain.mjs')};
       console.log(JSON.stringify(input.map((output) => unreachable('first\\n' + output) ?? null)));`,
      outputs,
    );
    expect(found).toEqual([...outputs.slice(0, 4), null, null, null, null]);
  });
});

describe('snippets', () => {
  test('fences are found where they are, also in lists and quotes and after fences that quote them', async () => {
    const markdown = [
      '# A',
      '',
      '````md',
      '```ts',
      'no();',
      '```',
      '````',
      '- item',
      '',
      '  ```ts',
      '  yes();',
      '  ```',
      '> ~~~json',
      '> {}',
      '> ~~~',
    ];
    const found = await evaluate(
      `import { fencesOf } from ${JSON.stringify(join(ROOT, 'scripts', 'lib', 'markdown.mjs'))};
       console.log(JSON.stringify(fencesOf(input)));`,
      markdown.join('\n'),
    );
    expect(found).toEqual([
      { language: 'md', code: '```ts\nno();\n```', line: 3 },
      { language: 'ts', code: 'yes();', line: 10 },
      { language: 'json', code: '{}', line: 13 },
    ]);
  });
});

describe('links', () => {
  test('every link that leads nowhere is found, and no other', async () => {
    const files = {
      'README.md':
        '# Top\n\n[a](docs/a.md) [b](docs/a.md#the-second-one) [c](#top) [d](https://example.com/x#y) [e](docs)',
      'docs/a.md': '# A\n\n## The `second` one!\n\n[up](../README.md#top) [id](#here)\n\n<a id="here"></a>',
      'docs/b.md': '[gone](gone.md) [no heading](a.md#third)\n\n```md\n[in a fence](nowhere.md)\n```',
    };
    const found = await evaluate(
      `import { problemsIn } from ${JSON.stringify(join(CHECKS, 'links.mjs'))};
       const exists = (path) => path === 'docs' || Object.hasOwn(input, path);
       console.log(JSON.stringify(problemsIn(Object.keys(input), (file) => input[file], exists)));`,
      files,
    );
    expect(found).toEqual(['docs/b.md: gone.md leads to no file', 'docs/b.md: a.md#third leads to no heading']);
  });
});

describe('the commands', () => {
  test('npm run check names the checks there are when it is asked for another one', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/check.mjs', 'nonsense'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/no check is called nonsense; there are .*imports.*licences/);
  });

  test('a script that is told to stop leaves nothing running', async () => {
    const sleep = 'setInterval(() => {}, 1000);';
    const child = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(sleep)}], { stdio: 'inherit' });
      console.log('started'); ${sleep}`;
    const program = `import { run } from ${JSON.stringify(join(ROOT, 'scripts', 'lib', 'work.mjs'))};
      await run(process.execPath, ['-e', ${JSON.stringify(child)}]);`;
    const args = ['--input-type=module', '-e', program];
    const script = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(script.stdout, 'data');
    script.kill('SIGTERM');
    // Its output closes when the last process that could write to it has ended: the child and the grandchild hold it too.
    const [code] = await once(script, 'close');
    expect(code).toBe(128 + 15);
  });
});

describe('benchmarks', () => {
  const round = (cpuMicros: number, operations = 1): Sample => ({ operations, cpuMicros, wallMicros: 2 * cpuMicros });

  test.each([
    [[3], 3, 0],
    [[1, 9, 2], 2, 1],
    [[4, 1, 3, 2], 2.5, 1],
    [[1, 1, 1, 1000], 1, 0],
  ])('the median of %p is %p and the median deviation from it %p', (values, middle, deviation) => {
    expect(median(values)).toBe(middle);
    expect(mad(values)).toBe(deviation);
  });

  test('times are per operation, and operations per second are of the clock', () => {
    const summary = summarize('a', [round(1000, 10), round(1200, 10), round(1100, 10)], [round(1), round(1), round(1)]);
    expect(summary).toMatchObject({ rounds: 3, operationsPerRound: 10, cpuMicros: 110, cpuMad: 10, wallMicros: 220 });
    expect(summary.operationsPerSecond).toBeCloseTo(1e6 / 220);
  });

  test('a ratio compares round with round, so that a machine that slows down does not change it', () => {
    const slowing = [10, 20, 40, 80, 160];
    const summary = summarize(
      'a',
      slowing.map((cpu) => round(3 * cpu)),
      slowing.map((cpu) => round(cpu)),
    );
    expect(summary.ratio).toBe(3);
  });

  test('a case is its own ratio of 1', () => {
    const samples = [round(5, 2), round(7, 3)];
    expect(summarize('base', samples, samples).ratio).toBe(1);
  });

  test.each([
    [50_000, 10, 1000, 500],
    [50_000, 1, 200_000, 1],
    [50_000, 1, 0, 50_000],
  ])('a round of %p µs holds, when %p took %p µs, %p operations', (roundMicros, trial, trialMicros, expected) => {
    expect(operationsFor(roundMicros, trial, trialMicros)).toBe(expected);
  });

  test('fails where there is nothing to compare', () => {
    expect(() => median([])).toThrow(RangeError);
    expect(() => summarize('a', [round(1)], [])).toThrow('1 rounds cannot be compared with 0');
  });
});
