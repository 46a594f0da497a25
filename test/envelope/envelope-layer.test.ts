import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as helper from '@cdk-keysmith/envelope';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EnvelopeLayer } from '../../lib';

const LAYER = join(__dirname, '..', '..', 'assets', 'envelope-layer', 'nodejs', 'node_modules');

/** What a program prints that finds its packages where a function finds those of its layers. */
function run(name: string, program: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'layer-'));
  try {
    symlinkSync(LAYER, join(folder, 'node_modules'));
    writeFileSync(join(folder, name), program);
    return execFileSync(process.execPath, ['--no-warnings', join(folder, name)], { encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a layer is for the Node.js runtimes that have the SDK which the helper needs', () => {
  const stack = new Stack(new App(), 'Test');
  new EnvelopeLayer(stack, 'Layer', { layerVersionName: 'envelope' });
  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::LayerVersion', {
    CompatibleRuntimes: ['nodejs22.x', 'nodejs24.x'],
    LayerName: 'envelope',
    LicenseInfo: 'Apache-2.0',
  });
});

test.each([
  ['an ES module', 'index.mjs', "import * as helper from '@cdk-keysmith/envelope';"],
  ['a CommonJS module', 'index.cjs', "const helper = require('@cdk-keysmith/envelope');"],
])('%s finds all of the helper in it', (_what, name, line) => {
  const names = JSON.parse(run(name, `${line}\nconsole.log(JSON.stringify(Object.keys(helper)));`));
  expect(names.filter((one: string) => one !== 'default' && one !== '__esModule').sort()).toEqual(
    Object.keys(helper).sort(),
  );
});

test('it has the licence of the helper, and nothing that is for development', () => {
  const files = readdirSync(join(LAYER, '@cdk-keysmith', 'envelope'));
  expect(files).toEqual(expect.arrayContaining(['LICENSE', 'NOTICE', 'index.js', 'package.json']));
  expect(files.filter((name) => !/^(LICENSE|NOTICE|package\.json|[\w-]+\.js)$/.test(name))).toEqual([]);
});

test('it has the adapters under their own names, and what they throw are the errors of the helper', () => {
  const printed = run(
    'index.mjs',
    `import { envelope, EnvelopeError } from '@cdk-keysmith/envelope';
     import * as sqs from '@cdk-keysmith/envelope/sqs';
     try { envelope('Orders', { env: {} }); } catch (error) { console.log(error instanceof EnvelopeError, error.code); }
     console.log(Object.keys(sqs).length > 0);`,
  );
  expect(printed).toBe('true CONFIG\ntrue\n');
});
