import type { DecisionRecord } from '../events/event.ts';
import type { Xml } from './query.ts';

/** What an action of STS answers, and what a policy said about it, for the event. */
export interface StsAnswer {
  readonly result: Xml;
  readonly decision?: DecisionRecord;
}
