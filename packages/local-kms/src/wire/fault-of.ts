import { Fault } from './fault.ts';

/** What was not foreseen is KMS's fault, not the client's; its message may hold anything, so nobody is told it. */
export function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const kind = error instanceof Error ? error.name : typeof error;
  return new Fault('KMSInternalException', undefined, `the local KMS has a defect: ${kind} at ${placeOf(error)}`);
}

/** The function where an unforeseen error was thrown: of a stack, only the line that holds no message. */
function placeOf(error: unknown): string {
  const frame = error instanceof Error ? /^\s+at (\S+)/m.exec(error.stack ?? '')?.[1] : undefined;
  return frame ?? 'an unknown place';
}
