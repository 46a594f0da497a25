/** Where output goes: a stream of the process, or whatever a program that calls `main` collects it in. */
export interface Output {
  /** Text; from `keysmith message`, bytes too. What answers `false` has enough until its `drain`. */
  write(chunk: string | Uint8Array): unknown;
  /** Tells once when it takes more; needed by what answers `false` only. */
  once?(event: 'drain', listener: () => void): unknown;
  /** True when people read along: only then is there colour. */
  readonly isTTY?: boolean | undefined;
  /** Width in characters, where it is known. */
  readonly columns?: number | undefined;
}

/** The signals that ask a program to end; Windows knows of the first only. */
export const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
export type EndingSignal = (typeof ENDING_SIGNALS)[number];

/** Everything of the outside world that a command touches, so that it can run inside another program. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  /** What comes in. Default: nothing. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Calls the listener for each signal that asks to end, until the returned function is called. */
  readonly onSignal: (listener: (signal: EndingSignal) => void) => () => void;
}

/** The process itself. */
export function processIo(): Io {
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    // Not before it is asked for: a program that `run` starts reads the same input.
    get stdin() {
      return process.stdin;
    },
    env: process.env,
    onSignal: listenToProcess,
  };
}

function listenToProcess(listener: (signal: EndingSignal) => void): () => void {
  for (const signal of ENDING_SIGNALS) {
    process.on(signal, listener);
  }
  return () => {
    for (const signal of ENDING_SIGNALS) {
      process.off(signal, listener);
    }
  };
}
