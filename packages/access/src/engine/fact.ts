import type { Value } from '../value.ts';

/** What a request says about one condition key. `open`: nobody knows yet whether it will be sent, and with what. */
export type Fact = readonly Value[] | 'absent' | 'open';
