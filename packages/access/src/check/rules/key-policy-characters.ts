import { allow, DELEGATION, key } from '../example.ts';
import { shortestDocument } from '../policy-document.ts';
import type { Rule } from '../rule.ts';

/** Everything but what KMS takes: tab, line feed, carriage return, and U+0020 to U+00FF. */
const REFUSED = /[^\t\n\r\u0020-\u00ff]/gu;
const READER = { AWS: 'arn:aws:iam::111122223333:role/Reader' };
const tenant = (name: string) => allow(READER, 'kms:Decrypt', { StringEquals: { 'kms:EncryptionContext:name': name } });

export const keyPolicyCharacters: Rule = {
  id: 'key-policy-characters',
  severity: 'error',
  title: 'Key policy with characters that KMS refuses',
  why: 'A key policy consists of tab, line feed, carriage return and the characters from U+0020 to U+00FF. KMS refuses others, such as a long dash or a curly quote that came along with copied text.',
  trap: 'The characters of Latin-1, accents included, are allowed. What only deployment knows is not looked at.',
  fix: 'Write the text with the characters that KMS takes.',
  page: 'https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html',
  bad: { resources: { Key: key([DELEGATION, tenant('orders \u2013 test')]) } },
  good: { resources: { Key: key([DELEGATION, tenant('orders - test')]) } },
  check: ({ keys }) =>
    keys.flatMap((at) => {
      const refused = [...new Set(shortestDocument(at.keyPolicy).match(REFUSED) ?? [])].map(codePoint);
      if (refused.length === 0) return [];
      return [
        {
          at,
          policy: at.keyPolicy,
          message: `the key policy holds characters that KMS refuses: ${refused.join(', ')}`,
        },
      ];
    }),
};

function codePoint(character: string): string {
  const hex = character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
  return `U+${hex}`;
}
