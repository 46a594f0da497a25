// One run of a language's program: tasks into a folder, answers out of it, and what is wrong with them.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../lib/work.mjs';
import { functions } from './functions.mjs';
import { judged } from './judge.mjs';
import { kmsCalls } from './kms-calls.mjs';
import { rawKeys } from './raw-keys.mjs';
import { refusals } from './refusals.mjs';
import { theyRead } from './they-read.mjs';
import { weRead } from './we-read.mjs';

/**
 * Runs a program over all tasks that it can do.
 * @returns its versions, how many tasks it had, and its problems
 */
export async function exchange(world, folder, { name, can, command, args }) {
  const tasks = await tasksFor(world, can);
  const place = join(folder, name);
  mkdirSync(place);
  const requests = tasks.map(({ request }) => ({ key: world.key, ...request }));
  writeFileSync(join(place, 'tasks.json'), JSON.stringify(requests));
  await run(command, [...args, place], { quiet: true, env: world.environment });
  const { versions, answers } = JSON.parse(readFileSync(join(place, 'answers.json'), 'utf8'));
  return { versions, count: tasks.length, problems: await judged(tasks, answers) };
}

async function tasksFor(world, can) {
  return [
    ...(await theyRead(world, can)),
    ...weRead(world, can),
    ...(await refusals(world, can)),
    ...(await functions(world, can)),
    ...(await kmsCalls(world)),
    ...(await rawKeys()),
  ];
}
