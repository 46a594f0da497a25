/** The colours of the page, by what they are for, in light and in dark. A test computes their contrasts. */
export const COLOURS = {
  page: { light: '#ffffff', dark: '#14171c' },
  panel: { light: '#f3f5f8', dark: '#1f242c' },
  text: { light: '#1a1f27', dark: '#e8ebf0' },
  muted: { light: '#4d5766', dark: '#aeb7c4' },
  line: { light: '#737f90', dark: '#7d8999' },
  link: { light: '#0b57a4', dark: '#8cc2ff' },
  allowed: { light: '#0c5a2a', dark: '#8fe0ab' },
  'allowed-back': { light: '#dff5e6', dark: '#12351f' },
  'allowed-if': { light: '#0b4a8f', dark: '#9cc9ff' },
  'allowed-if-back': { light: '#e1eefc', dark: '#122c4a' },
  unknown: { light: '#6d4300', dark: '#f3c77a' },
  'unknown-back': { light: '#fdf0d8', dark: '#3a2a0a' },
  denied: { light: '#4d5766', dark: '#aeb7c4' },
  'denied-back': { light: '#f3f5f8', dark: '#1f242c' },
  'denied-explicitly': { light: '#8f1420', dark: '#ffa9ae' },
  'denied-explicitly-back': { light: '#fde6e7', dark: '#451519' },
} as const satisfies Readonly<Record<string, { readonly light: string; readonly dark: string }>>;

export type Colour = keyof typeof COLOURS;

/** What is drawn on what, and the least contrast that it has: 4.5 for text, 3 for outlines and lines. */
export const CONTRASTS: readonly (readonly [front: Colour, back: Colour, least: number])[] = [
  ...(['text', 'muted', 'link'] as const).flatMap(
    (front) => [[front, 'page', 4.5] as const, [front, 'panel', 4.5] as const] as const,
  ),
  ...(['allowed', 'allowed-if', 'unknown', 'denied', 'denied-explicitly'] as const).flatMap(
    (front) => [[front, `${front}-back`, 4.5] as const, [front, 'page', 4.5] as const] as const,
  ),
  ['line', 'page', 3],
  ['line', 'panel', 3],
];

/** The colours as custom properties of CSS. */
export function colourProperties(scheme: 'light' | 'dark'): string {
  return Object.entries(COLOURS)
    .map(([name, colour]) => `--${name}:${colour[scheme]};`)
    .join('');
}
