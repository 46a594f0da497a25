import type { KeyModel } from '../model.ts';
import type { Answer } from './ask.ts';
import type { Grantee } from './grantees.ts';
import { type DecisionReport, decisionReport, type PrincipalReport, REPORT_VERSION } from './json.ts';
import type { Explanation, Link } from './why.ts';

/** Whom an answer is about. */
export type WhoReport = Omit<PrincipalReport, 'access'>;

/**
 * Who may do one thing with a key, as JSON. Its schema is `schema/who-can.schema.json` of this package. Members may be
 * added within one version; a change that breaks a reader is a new version.
 */
export interface AnswersReport {
  readonly version: typeof REPORT_VERSION;
  /** Construct path of the key. */
  readonly key: string;
  /** IAM action with its prefix. */
  readonly action: string;
  /** Those who may not are among them. */
  readonly principals: readonly (WhoReport & DecisionReport)[];
}

/** A decision with what was looked at, as JSON. Its schema is `schema/why.schema.json`; the same holds for its version. */
export interface ExplanationReport extends DecisionReport {
  readonly version: typeof REPORT_VERSION;
  /** Construct path of the key. */
  readonly key: string;
  /** IAM action with its prefix. */
  readonly action: string;
  readonly principal: WhoReport;
  readonly links: readonly Link[];
}

/** The answers of `whoCan` as plain data that can be written as JSON. */
export function answersReport(key: KeyModel, action: string, answers: readonly Answer[]): AnswersReport {
  const principals = answers.map(({ grantee, decision }) => ({ ...whoReport(grantee), ...decisionReport(decision) }));
  return { version: REPORT_VERSION, key: key.constructPath, action, principals };
}

/** What `explainAccess` says about one principal as plain data that can be written as JSON. */
export function explanationReport({ key, grantee, action, decision, links }: Explanation): ExplanationReport {
  const principal = whoReport(grantee);
  return { version: REPORT_VERSION, key: key.constructPath, action, principal, ...decisionReport(decision), links };
}

function whoReport({ section, type, name, functions }: Grantee): WhoReport {
  return { section, type, name, functions };
}
