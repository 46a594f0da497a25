import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { decisionInWords } from '@cdk-keysmith/access';
import { decisionOf, type Scenario } from './support/scenario.ts';
import { readJson } from './support/vectors.ts';

const folder = join(__dirname, 'scenarios');
const scenarios = readdirSync(folder)
  .sort()
  .map((file) => readJson<Scenario>(join(folder, file)));

describe('scenarios', () => {
  it('each tell another story', () => {
    expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
  });

  it.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', (_name, scenario) => {
    const { verdict, explicitDeny = false, words } = scenario.expect;
    const decision = decisionOf(scenario);
    const said = decisionInWords(decision);
    expect({ verdict: decision.verdict, explicitDeny: decision.explicitDeny, said }).toMatchObject({
      verdict,
      explicitDeny,
    });
    for (const part of words) expect(said).toContain(part);
  });
});
