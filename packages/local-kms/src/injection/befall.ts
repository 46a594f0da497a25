import type { Trace } from '../call/trace.ts';
import { Disconnection, Fault } from '../wire/fault.ts';
import { faults } from '../wire/texts.ts';
import type { InjectableException } from './injection.ts';
import type { FaultPlan, MetFault } from './plan.ts';

type Answer = Record<string, unknown> | undefined;

/**
 * Lets the injected faults befall a call, as far as it is known which. They come before anything that KMS has to say: a
 * throttled call is throttled whether or not it would have been allowed.
 *
 * @returns what a fault makes of the answer, if the call gets one
 * @throws Fault of an injected error or failed connection
 */
export function befall(plan: FaultPlan, trace: Trace): (answer: Answer) => Answer {
  if (plan.isEmpty) return unchanged;
  const keys = [...(trace.progress?.keys.values() ?? [])].map(({ key }) => key);
  const call = { operation: trace.name, principal: trace.identity?.principal, keys };
  let change: (answer: Answer) => Answer = unchanged;
  for (const met of plan.meet(call)) change = effectOf(met, trace) ?? change;
  return change;
}

function unchanged(answer: Answer): Answer {
  return answer;
}

function effectOf({ fault, fire }: MetFault, trace: Trace): ((answer: Answer) => Answer) | undefined {
  const fired = (): void => void trace.injected.push(fire());
  switch (fault.kind) {
    case 'latency':
      fired();
      trace.afterMillis += fault.millis;
      return undefined;
    case 'error':
      fired();
      throw exceptionOf(fault.exception);
    case 'connection-reset':
      fired();
      throw new Disconnection('ECONNRESET');
    case 'unreachable':
      fired();
      throw new Disconnection('ECONNREFUSED');
    case 'other-key':
      return (answer) => {
        fired();
        return { ...answer, KeyId: fault.keyId ?? otherKey(answer?.['KeyId']) };
      };
    case 'plaintext-length':
      return (answer) => {
        fired();
        return { ...answer, Plaintext: resized(answer?.['Plaintext'], fault.bytes) };
      };
  }
}

/** KMS's own words where there are any; the others come without a message. */
function exceptionOf(exception: InjectableException): Fault {
  return exception === 'ThrottlingException' ? faults.throttled() : new Fault(exception);
}

/** An ARN in the same account and Region that is no key's. */
function otherKey(arn: unknown): string {
  return String(arn).replace(/[^/]+$/, '00000000-0000-4000-8000-000000000000');
}

function resized(plaintext: unknown, bytes: number): Uint8Array {
  const answered = new Uint8Array(bytes);
  if (plaintext instanceof Uint8Array) {
    answered.set(plaintext.subarray(0, bytes));
    plaintext.fill(0);
  }
  return answered;
}
