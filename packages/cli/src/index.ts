export { CliError, type CliErrorCode } from './errors.ts';
export type { EndingSignal, Io, Output } from './io.ts';
export { main } from './main.ts';
export { type AccessTableOptions, renderAccessTable } from './render/access-table.ts';
