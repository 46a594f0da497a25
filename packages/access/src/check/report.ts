import type { Finding } from './finding.ts';

/**
 * Findings as JSON. Its schema is `schema/check.schema.json` of this package. Members may be added within one version; a
 * change that breaks a reader is a new version.
 */
export interface FindingsReport {
  readonly version: 1;
  readonly findings: readonly Finding[];
}

/** Findings as plain data that can be written as JSON: the same findings are the same text. */
export function findingsReport(findings: readonly Finding[]): FindingsReport {
  return { version: 1, findings };
}
