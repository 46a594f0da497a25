import type { Unresolved, Value } from '../value.ts';

/** One character, or any number of them, of which only the kind is known. */
export interface Piece {
  readonly many: boolean;
  readonly has: (character: string) => boolean;
}

function kind(pattern: RegExp): Piece['has'] {
  return (character) => pattern.test(character);
}

function many(has: Piece['has']): readonly Piece[] {
  return [{ many: true, has }];
}

function exactly(length: number, has: Piece['has']): readonly Piece[] {
  return Array.from({ length }, () => ({ many: false, has }));
}

const ANYTHING = many(() => true);
const WORD = kind(/[a-z0-9-]/i);
const HYPHEN = exactly(1, kind(/-/));

/** What a pseudo parameter can look like. */
const PSEUDO: Readonly<Record<string, readonly Piece[]>> = {
  'AWS::AccountId': exactly(12, kind(/[0-9]/)),
  'AWS::Region': many(WORD),
  'AWS::Partition': many(WORD),
  'AWS::URLSuffix': many(kind(/[a-z0-9.-]/i)),
  'AWS::StackName': many(WORD),
};

/**
 * A name that CloudFormation makes up: stack name, logical id and a unique end, joined by hyphens.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
 */
const GENERATED_NAME = [...many(WORD), ...HYPHEN, ...many(WORD), ...HYPHEN, ...exactly(6, WORD), ...many(WORD)];

/** A UUID, or `mrk-` and 32 hexadecimal digits. */
const KEY_ID = exactly(36, kind(/[0-9a-fmrk-]/i));

/** What `Ref` gives for types where that is a bare name or id, never an ARN or a URL. */
const REF: Readonly<Record<string, readonly Piece[]>> = {
  'AWS::IAM::Role': GENERATED_NAME,
  'AWS::IAM::User': GENERATED_NAME,
  'AWS::IAM::Group': GENERATED_NAME,
  'AWS::IAM::InstanceProfile': GENERATED_NAME,
  'AWS::Lambda::Function': GENERATED_NAME,
  'AWS::KMS::Key': KEY_ID,
  'AWS::KMS::ReplicaKey': KEY_ID,
};

function literally(text: string): readonly Piece[] {
  return text.split('').map((character) => ({ many: false, has: (other) => other === character }));
}

const ACCOUNT = exactly(12, kind(/[0-9]/));
const REST = many(kind(/[^:]/));

function iamArn(type: string): readonly Piece[] {
  return [...literally('arn:'), ...many(WORD), ...literally(':iam::'), ...ACCOUNT, ...literally(`:${type}/`), ...REST];
}

/** ARNs that say what they name: that of a role is never that of an account, a user or a key. */
const ARN: Readonly<Record<string, readonly Piece[]>> = {
  'AWS::IAM::Role': iamArn('role'),
  'AWS::IAM::User': iamArn('user'),
  'AWS::KMS::Key': [
    ...literally('arn:'),
    ...many(WORD),
    ...literally(':kms:'),
    ...many(WORD),
    ...literally(':'),
    ...ACCOUNT,
    ...literally(':key/'),
    ...KEY_ID,
  ],
};

const ATTRIBUTES: Readonly<Record<string, Readonly<Record<string, readonly Piece[]>>>> = { Ref: REF, Arn: ARN };

/** What is known about a part that is not known itself. */
export function piecesOf(part: Unresolved): readonly Piece[] {
  if (part.kind === 'pseudo') return own(PSEUDO, part.name) ?? ANYTHING;
  if (part.kind !== 'attribute') return ANYTHING;
  return own(own(ATTRIBUTES, part.attribute), part.resourceType ?? '') ?? ANYTHING;
}

/** Names come from templates, and a record has more names than its own. */
function own<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Whether a part may contain a character. */
export function mayContain(part: Unresolved, character: string): boolean {
  if (part.kind === 'choice')
    return [part.whenTrue, part.whenFalse].some((branch) => valueMayContain(branch, character));
  return piecesOf(part).some(({ has }) => has(character));
}

function valueMayContain(value: Value, character: string): boolean {
  const parts = typeof value === 'string' ? [value] : value.parts;
  return parts.some((part) => (typeof part === 'string' ? part.includes(character) : mayContain(part, character)));
}
