import type { Assembly, Located } from '../model.ts';
import type { Policy, Statement } from '../policy.ts';
import type { Severity } from './finding.ts';

/** What a violation is told of: a thing of the app, or a suppression. */
export type FoundAt = Pick<Located, 'constructPath' | 'logicalId' | 'stack' | 'source'>;

/** A place of an app that breaks a rule. */
export interface Violation {
  readonly at: FoundAt;
  readonly message: string;
  readonly policy?: Policy;
  readonly statement?: Statement;
  /** Where it differs from that of the rule. */
  readonly severity?: Severity;
  /** Where it differs from that of the rule. */
  readonly fix?: string;
}

/** The resources of one template, of one stack, that show a rule. */
export interface Example {
  readonly resources: Readonly<Record<string, unknown>>;
  /** Account and Region of the stack are given; otherwise the stack leaves them open. Default false. */
  readonly deployed?: boolean;
}

/** One check. All that its page says stands here. */
export interface Rule {
  readonly id: string;
  /** Of most of its findings; single ones may be milder or graver. */
  readonly severity: Severity;
  /** What it finds, as a phrase. */
  readonly title: string;
  /** Why that matters. */
  readonly why: string;
  /** What looks alike and is not meant, and how the rule tells them apart. */
  readonly trap: string;
  /** What to do. */
  readonly fix: string;
  /** The page of AWS that it rests on. */
  readonly page: string;
  /** Has the finding. */
  readonly bad: Example;
  /** Does the same as it should be done, without a finding of this rule. */
  readonly good: Example;
  /** Pure: says nothing but what follows from the assembly, in the order of the assembly. */
  readonly check: (assembly: Assembly) => readonly Violation[];
}
