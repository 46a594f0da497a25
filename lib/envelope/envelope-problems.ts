import { Token } from 'aws-cdk-lib';
import { problems } from '../private/rules';
import type { EnvelopeCacheLimits, EnvelopeProps } from './envelope-props';

const DAY_IN_SECONDS = 86_400;
const MAX_MESSAGES = 2 ** 32 - 1;

/** What is wrong with a declaration of an envelope; tokens are passed over, not guessed. */
export function envelopeProblems(name: string, props: EnvelopeProps): string[] {
  const context = props.context ?? {};
  const required = props.requiredContext ?? [];
  const names = [...Object.keys(context), ...required];
  return [
    ...problems([
      {
        when: !/^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(name),
        message: `envelopeName ${JSON.stringify(name)}: a name begins with a letter, goes on with letters, digits or "_", and has at most 64 characters; set envelopeName`,
      },
      {
        when: names.length === 0,
        message:
          'an envelope without encryption context lets every message be opened in the place of every other; give context, requiredContext or both',
      },
    ]),
    ...names.flatMap(nameProblems),
    ...repeatedNames(names),
    ...Object.entries(context).flatMap(([key, value]) =>
      problems([
        {
          when: key === '__proto__',
          message: `the constant ${JSON.stringify(key)} of the encryption context would be lost on its way into the template, where JavaScript keeps that name for itself; choose another one`,
        },
        {
          when: value === '',
          message: `context.${key}: the value is empty; KMS and other AWS Encryption SDKs want at least one character`,
        },
        {
          when: typeof value !== 'string',
          message: `context.${key} is ${JSON.stringify(value) ?? 'undefined'}: an encryption context has texts only; write it as one, or leave it out`,
        },
      ]),
    ),
    ...cacheProblems(props.cache ?? {}),
  ];
}

function nameProblems(name: string): string[] {
  return problems([
    { when: name === '', message: 'a name of the encryption context is empty; leave it out or name it' },
    {
      when: Token.isUnresolved(name),
      message: `the name ${name} of the encryption context is a token; names must be known at synthesis`,
    },
    {
      when: name.startsWith('aws-crypto-') || name.startsWith('aws:'),
      message: `the name ${JSON.stringify(name)} of the encryption context is reserved: names do not begin with "aws-crypto-" or "aws:"; choose another one`,
    },
    {
      when: !Token.isUnresolved(name) && /[^\x21-\x7e]/.test(name),
      message: `the name ${JSON.stringify(name)} of the encryption context cannot stand in an IAM condition key: use visible ASCII characters`,
    },
  ]);
}

// IAM compares condition keys without regard to case, KMS compares contexts with it: two such names could not be told apart.
function repeatedNames(names: readonly string[]): string[] {
  const seen = new Map<string, string>();
  return names.flatMap((name) => {
    const before = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), name);
    return problems([
      {
        when: before !== undefined,
        message: `the names ${JSON.stringify(before)} and ${JSON.stringify(name)} of the encryption context are the same to IAM, which ignores case; keep one of them, in context or in requiredContext`,
      },
    ]);
  });
}

function cacheProblems(cache: EnvelopeCacheLimits): string[] {
  const age = cache.maxAge?.isUnresolved() ? undefined : cache.maxAge?.toSeconds({ integral: false });
  const messages = cache.maxMessages;
  const bytes = cache.maxBytes?.isUnresolved() ? undefined : cache.maxBytes?.toBytes();
  return problems([
    {
      when: age !== undefined && !(Number.isInteger(age) && age >= 0 && age <= DAY_IN_SECONDS),
      message: `cache.maxAge of ${age} seconds: whole seconds from 0 to ${DAY_IN_SECONDS} are allowed`,
    },
    {
      when:
        messages !== undefined &&
        !Token.isUnresolved(messages) &&
        !(Number.isInteger(messages) && messages >= 1 && messages <= MAX_MESSAGES),
      message: `cache.maxMessages of ${messages}: whole numbers from 1 to ${MAX_MESSAGES} are allowed`,
    },
    {
      when: bytes !== undefined && !(bytes >= 1 && bytes <= Number.MAX_SAFE_INTEGER),
      message: `cache.maxBytes of ${bytes}: 1 to ${Number.MAX_SAFE_INTEGER} bytes are allowed`,
    },
  ]);
}
