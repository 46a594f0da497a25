// Formatting and lint rules, as `npm run format` would leave them. Nothing is written.

import { tool } from '../lib/work.mjs';

export async function check() {
  await tool('@biomejs/biome/bin/biome', ['ci', '--error-on-warnings', '--colors=off', '.'], { quiet: true });
  return [];
}
