import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  decisionInWords,
  evaluate,
  type KmsRequest,
  type PolicyLayers,
  parsePolicy,
  type Verdict,
} from '@cdk-keysmith/access';
import { readJson } from './support/vectors.ts';

/** One story in a file of its own: what is given, and what must come out, in words too. */
interface Scenario {
  readonly name: string;
  readonly given: {
    readonly request: KmsRequest;
    readonly keyPolicy?: unknown;
    readonly identityPolicies: readonly unknown[];
    readonly permissionsBoundary?: unknown;
    readonly sessionPolicies?: readonly unknown[];
  };
  readonly expect: { readonly verdict: Verdict; readonly explicitDeny?: boolean; readonly words: readonly string[] };
}

function layersOf({
  keyPolicy,
  identityPolicies,
  permissionsBoundary,
  sessionPolicies,
}: Scenario['given']): PolicyLayers {
  return {
    keyPolicy: keyPolicy === undefined ? undefined : parsePolicy(keyPolicy, { name: 'the key policy', kind: 'key' }),
    identityPolicies: identityPolicies.map((policy, index) => {
      return parsePolicy(policy, { name: `identity policy ${index + 1}`, kind: 'identity' });
    }),
    ...(permissionsBoundary !== undefined && {
      permissionsBoundary: parsePolicy(permissionsBoundary, { name: 'the boundary', kind: 'boundary' }),
    }),
    ...(sessionPolicies !== undefined && {
      sessionPolicies: sessionPolicies.map((policy) =>
        parsePolicy(policy, { name: 'the session policy', kind: 'session' }),
      ),
    }),
  };
}

const folder = join(__dirname, 'scenarios');
const scenarios = readdirSync(folder)
  .sort()
  .map((file) => readJson<Scenario>(join(folder, file)));

describe('scenarios', () => {
  it.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
    '%s',
    (_name, { given, expect: expected }) => {
      const decision = evaluate(given.request, layersOf(given));
      const words = decisionInWords(decision);
      expect(decision).toMatchObject({ verdict: expected.verdict, explicitDeny: expected.explicitDeny ?? false });
      for (const part of expected.words) expect(words).toContain(part);
    },
  );
});
