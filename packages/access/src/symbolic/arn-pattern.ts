import { compileGlob, type Glob } from './glob.ts';

const COMPONENTS = 6;

/** A known text, and its six components where it is an ARN. */
export interface ArnText {
  readonly text: string;
  readonly parts: readonly string[] | undefined;
}

export function arnText(text: string): ArnText {
  const parts = partsOfArn(text);
  return { text, parts: parts.length < COMPONENTS ? undefined : parts };
}

/**
 * A known pattern for ARNs, taken apart once. Components are compared one by one, so that `*` in one does not reach into
 * the next; an incomplete pattern (`*`, `arn:aws:kms`) has `*` in the components that it leaves out.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function compileArnPattern(pattern: string): (text: ArnText) => boolean {
  if (pattern === '*') return () => true;
  const components = partsOfArn(pattern);
  if (components.length === COMPONENTS && !/[*?]/.test(pattern)) return ({ text }) => text === pattern;
  const globs: readonly Glob[] = components.map(compileGlob);
  return ({ parts }) => parts !== undefined && globs.every((glob, index) => glob.matches(parts[index] ?? ''));
}

/** At most six components, the sixth with its colons. */
function partsOfArn(text: string): readonly string[] {
  const parts: string[] = [];
  let begin = 0;
  while (parts.length < COMPONENTS - 1) {
    const colon = text.indexOf(':', begin);
    if (colon < 0) break;
    parts.push(text.slice(begin, colon));
    begin = colon + 1;
  }
  parts.push(text.slice(begin));
  return parts;
}
