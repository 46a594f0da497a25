import type { Call } from './call.ts';
import type { Names } from './names.ts';
import { OUTCOMES } from './outcome.ts';
import { type Colours, printable } from './terminal.ts';

/** One call in one line, and nothing before it that differs in width: `12:00:01  denied  Orders/Writer  Decrypt  alias/orders  why`. */
export function renderCallLine(call: Call, names: Names, colours: Colours): string {
  const { time, outcome, why } = call;
  const facts = [colours.dim(time), OUTCOMES[outcome](colours)(outcome), ...whoAndWhat(call, names)];
  return [...facts, ...(why.length > 0 ? [colours.dim(printable(why.join('; ')))] : [])].join('  ');
}

/** Caller, operation, and keys by the names that the app gives them. */
export function whoAndWhat({ caller, operation, resources }: Call, names: Names): string[] {
  const keys = [...new Set(resources.map((arn) => names.ofResource(arn)))];
  return [caller === undefined ? '(unknown caller)' : names.ofPrincipal(caller), operation, ...keys].map(printable);
}
