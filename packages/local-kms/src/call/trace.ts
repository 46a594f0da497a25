import type { Claims } from '../authorize/way.ts';
import type { Identity } from '../identity/principal.ts';
import type { InjectedFaultRecord } from '../injection/injection.ts';
import type { AnyOperation } from '../operations/operation.ts';
import type { Fault } from '../wire/fault.ts';
import type { WireRequest } from '../wire/message.ts';
import type { Progress } from './call.ts';

type Answer = Record<string, unknown> | undefined;

/** What became known about a call, for its event; it stays as it is when the call ends early. */
export interface Trace {
  readonly requestId: string;
  readonly name: string;
  readonly request: WireRequest;
  readonly now: Date;
  /** What injected faults make of the answer; undefined: it is not known yet which befall the call. */
  changeAnswer?: (answer: Answer) => Answer;
  /** The injected faults that befell the call, in order. */
  readonly injected: InjectedFaultRecord[];
  /** Milliseconds that they make its answer late. */
  afterMillis: number;
  region: string;
  identity?: Identity;
  claims?: Claims;
  operation?: AnyOperation;
  progress?: Progress;
  answer?: Readonly<Record<string, unknown>>;
  fault?: Fault;
}
