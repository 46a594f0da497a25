// The type checker over everything, tests and benchmarks included. The builds leave those out.

import { CommandFailed, tool } from '../lib/work.mjs';

const PROJECTS = ['tsconfig.json', 'packages/tsconfig.json', 'bench/tsconfig.json'];

export async function check() {
  const problems = [];
  for (const project of PROJECTS) {
    try {
      await tool('typescript/bin/tsc', ['-p', project, '--noEmit', '--pretty', 'false'], { quiet: true });
    } catch (error) {
      if (!(error instanceof CommandFailed)) {
        throw error;
      }
      problems.push(error.output);
    }
  }
  return problems;
}
