import type { App } from 'aws-cdk-lib';

/** What synthesis refuses an app for; empty for one that it takes. */
export function failureOf(app: App): string {
  try {
    app.synth();
  } catch (error) {
    return String(error);
  }
  return '';
}
