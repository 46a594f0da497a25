import type { Value } from '@cdk-keysmith/access';
import { bound, type Seeding } from './context.ts';

/**
 * Environment variables as deployment would set them. One with an unknown part is left out, and told.
 * @param whose - for example `function Shop/Writer`
 */
export function seedVariables(
  seeding: Seeding,
  whose: string,
  variables: Readonly<Record<string, Value>>,
): Readonly<Record<string, string>> {
  const environment: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(variables)) {
    const text = bound(seeding, value);
    if (text !== undefined) environment[name] = text;
    else {
      seeding.problems.push(`${whose} has no variable ${name} here: a part of it is known after deployment only`);
    }
  }
  return environment;
}
