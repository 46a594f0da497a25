// What 500 keys with an alias cost to synthesize, against the same of aws-cdk-lib: at most 1.25 times as long, and growing
// with the number of keys.

import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import type * as keysmith from 'cdk-keysmith';
import { bench } from './harness.ts';

// What users run is what is built, not what tsx makes of the sources.
const { EncryptionKey }: typeof keysmith = createRequire(import.meta.url)('../dist/index.js');

/** Keys in a stack: with its alias each is two resources, and a stack has at most 500. */
const PER_STACK = 250;

// The built-in validation of templates takes seconds, and is the same for both.
process.env['CDK_VALIDATION'] = 'false';
const outdir = mkdtempSync(join(tmpdir(), 'keysmith-bench-'));
process.once('exit', () => rmSync(outdir, { recursive: true, force: true }));

type Declare = (stack: Stack, id: string) => unknown;

const ours: Declare = (stack, id) => new EncryptionKey(stack, id, { alias: id });
const theirs: Declare = (stack, id) => new kms.Key(stack, id, { alias: id, enableKeyRotation: true });

function synthesize(count: number, declare: Declare): number {
  const app = new App({ outdir, analyticsReporting: false });
  for (let first = 0; first < count; first += PER_STACK) {
    const stack = new Stack(app, `Stack${first}`);
    for (let index = first; index < Math.min(count, first + PER_STACK); index += 1) {
      declare(stack, `Key${index}`);
    }
  }
  return app.synth().stacks.length;
}

for (const count of [125, 250, 500]) {
  await bench(`${count} keys with alias, synthesized`, {
    baseline: 'kms.Key',
    rounds: 9,
    roundMillis: 10,
    cases: {
      'kms.Key': () => synthesize(count, theirs),
      EncryptionKey: () => synthesize(count, ours),
    },
  });
}
