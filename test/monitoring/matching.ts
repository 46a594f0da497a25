/* What EventBridge and CloudWatch Logs do with a pattern, as far as the patterns of the watch go. */

type Json = unknown;

/**
 * Whether an event has a pattern, as EventBridge decides: every field of the pattern must be there, a list of the pattern
 * means any of its members, a list of the event means that one of its members will do.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export function matchesEvent(pattern: Json, event: Json): boolean {
  if (Array.isArray(pattern)) {
    return pattern.some((one) => matchesValue(one, event));
  }
  if (Array.isArray(event)) {
    return event.some((one) => matchesEvent(pattern, one));
  }
  return Object.entries(pattern as object).every(([name, inner]) => {
    const value = typeof event === 'object' && event !== null ? (event as Record<string, Json>)[name] : undefined;
    // A field that is not there can only have the filter that asks for that.
    return value === undefined && !Array.isArray(inner) ? matchesEvent(inner, {}) : matchesEvent(inner, value);
  });
}

function matchesValue(wanted: Json, value: Json): boolean {
  if (typeof wanted === 'object' && wanted !== null) {
    const [[filter, argument] = ['', undefined], ...others] = Object.entries(wanted);
    if (filter !== 'exists' || others.length > 0)
      throw new Error(`the matcher does not know ${JSON.stringify(wanted)}`);
    return (value !== undefined) === argument;
  }
  return Array.isArray(value) ? value.includes(wanted) : value === wanted;
}

/**
 * Whether a log event has a JSON filter pattern of CloudWatch Logs, with `&&`, `||`, parentheses, `=` with `*` and
 * `NOT EXISTS`.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function matchesLog(pattern: string, event: Json): boolean {
  const tokens = pattern.match(/&&|\|\||[(){}]|NOT EXISTS|=|"[^"]*"|\$[\w.[\]]*/g) ?? [];
  if (tokens.join('').replace(/\s/g, '') !== pattern.replace(/\s/g, '')) throw new Error(`cannot read ${pattern}`);
  let at = 0;
  const take = (wanted?: string): string => {
    const token = tokens[at++];
    if (token === undefined || (wanted !== undefined && token !== wanted)) throw new Error(`${token} for ${wanted}`);
    return token;
  };
  const any = (): boolean => {
    let result = all();
    while (tokens[at] === '||') {
      take();
      result = all() || result;
    }
    return result;
  };
  const all = (): boolean => {
    let result = one();
    while (tokens[at] === '&&') {
      take();
      result = one() && result;
    }
    return result;
  };
  const one = (): boolean => {
    if (tokens[at] === '(') {
      take('(');
      const result = any();
      take(')');
      return result;
    }
    const value = select(take(), event);
    if (take() === 'NOT EXISTS') return value === undefined;
    const text = take().slice(1, -1);
    const expression = text
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*');
    return typeof value === 'string' && new RegExp(`^${expression}$`).test(value);
  };
  take('{');
  const result = any();
  take('}');
  return result;
}

function select(path: string, event: Json): Json {
  const steps = path.match(/[A-Za-z]+|\d+/g) ?? [];
  return steps.reduce<Json>((value, step) => (value as Record<string, Json> | undefined)?.[step], event);
}
