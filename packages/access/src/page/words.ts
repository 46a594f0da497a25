import type { SourcePosition } from '../model.ts';
import { visible } from './html.ts';

/** `lib/orders.ts:12:5`; empty, where it is not known. */
export function sourceInWords(source: SourcePosition | undefined): string {
  if (source === undefined) return '';
  const { file, line, column } = source;
  return visible([file, line, ...(column === undefined ? [] : [column])].join(':'));
}

/** `1 key`, `2,000 keys`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
