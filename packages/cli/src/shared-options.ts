import { choice, text, textOr } from './options.ts';

/** Where `cdk synth` writes unless told otherwise. */
export const DEFAULT_APP = 'cdk.out';

/** Options of every command that starts a local KMS. */
export const LOCAL_KMS_OPTIONS = {
  app: textOr(DEFAULT_APP, 'Cloud assembly to take keys, aliases and principals from'),
  mode: choice(['enforce', 'report', 'off'], 'What policies do'),
  region: text('Region of stacks that leave it open'),
  account: text('Account of stacks that leave it open'),
} as const;

/** The values of these options as the local KMS takes them: left out stays left out. */
export function localKmsOptions<T extends Record<string, unknown>>(values: T): { [N in keyof T]?: NonNullable<T[N]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [N in keyof T]?: NonNullable<T[N]>;
  };
}
