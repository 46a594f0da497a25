// Encryption contexts that implementations have disagreed about, without the constants.

export const CONTEXTS = {
  'text beyond ASCII': { tenant: 'Müller & Söhne, 東京 🗝', größe: '½ "Zoll"\n\t\\' },
  // By UTF-8 bytes: B, a, U+FF5E, U+1F5DD. By UTF-16 units the last two change places, by most locales the first two.
  'names in an order of their own': { tenant: 'acme', a: '1', B: '2', '\u{1F5DD}': '3', '\uFF5E': '4' },
  'a name that JavaScript knows': { tenant: 'acme', ['__proto__']: 'a name like any other' },
  'a long value': { tenant: 'acme', note: 'x'.repeat(3000) },
};

export const PLAIN = { tenant: 'acme' };
