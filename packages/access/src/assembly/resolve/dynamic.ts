import { concat, partsOf, unknown } from '../../symbolic/text.ts';
import type { Value } from '../../value.ts';

/** `{{resolve:ssm:…}}`, `{{resolve:secretsmanager:…}}`: read by CloudFormation during deployment. */
const DYNAMIC = /(\{\{resolve:[^{}]*\}\})/;
const BEGIN = '{{resolve:';

/**
 * The text with its dynamic references as what they are: not known. Those of one environment that are written alike are
 * read alike.
 */
export function withDynamicReferences(value: Value, environment: string): Value {
  const parts = partsOf(value);
  if (!parts.some((part) => typeof part === 'string' && part.includes(BEGIN))) return value;
  return concat(
    parts.flatMap((part): Value[] => {
      if (typeof part !== 'string') return [{ parts: [part] }];
      return part.split(DYNAMIC).map((piece, index): Value => {
        if (index % 2 === 1) return { parts: [{ kind: 'dynamic', stack: environment, reference: piece }] };
        return piece.includes(BEGIN)
          ? unknown('a dynamic reference of which a part is known after deployment only')
          : piece;
      });
    }),
  );
}
