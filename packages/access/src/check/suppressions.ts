import type { DeclaredSuppression, SourcePosition } from '../model.ts';
import { compileGlob } from '../symbolic/glob.ts';
import type { Finding } from './finding.ts';

/** Why findings may stay, said in a file beside the app. */
export interface Suppression {
  /** Id of the rule. */
  readonly rule: string;
  /** Construct path; `*` stands for any characters, slashes included, `?` for one. */
  readonly path: string;
  readonly reason: string;
  /** The last day on which it counts, `YYYY-MM-DD`. Default: it counts always. */
  readonly until?: string;
  /** The file that says so, and the line. */
  readonly source: SourcePosition;
}

/** A suppression of whatever origin, ready to be asked. */
export interface Applicable {
  readonly rule: string;
  readonly reason: string;
  /** For people. */
  readonly where: string;
  readonly covers: (finding: Finding) => boolean;
  /** Where a finding about the suppression itself stands. */
  readonly at: Pick<Finding, 'constructPath' | 'logicalId' | 'stack' | 'source'>;
  readonly expired?: string;
}

/** From a file. @param today - `YYYY-MM-DD`; undefined: nothing expires */
export function ofFile(suppression: Suppression, today: string | undefined): Applicable {
  const { rule, path: pattern, reason, until, source } = suppression;
  const glob = compileGlob(pattern);
  const expired = until !== undefined && today !== undefined && until < today ? until : undefined;
  return {
    rule,
    reason,
    where: `${source.file}:${source.line}`,
    covers: (finding) => expired === undefined && pathsOf(finding).some((path) => glob.matches(path)),
    at: { constructPath: pattern, logicalId: '', stack: '', source },
    ...(expired !== undefined && { expired }),
  };
}

/** From the app; undefined where something is missing, which a rule of its own finds. */
export function ofApp(declared: DeclaredSuppression): Applicable | undefined {
  const { kind, rule, reason, ...at } = declared;
  if (rule === undefined || reason === undefined) return undefined;
  const what = kind === 'metadata' ? 'metadata' : 'acknowledgement';
  const { constructPath: own } = declared;
  const covers = (finding: Finding) =>
    own === '' || pathsOf(finding).some((path) => path === own || path.startsWith(`${own}/`));
  return { rule, reason, where: `${what} of ${own}`, covers, at };
}

/** Where one may say that a finding may stay: at the principal, or at the policy that it has. */
function pathsOf({ constructPath, policyPath }: Finding): readonly string[] {
  return policyPath === undefined ? [constructPath] : [constructPath, policyPath];
}
