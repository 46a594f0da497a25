import { resolve } from 'node:path';
import { LocalKmsError, shown } from './errors.ts';
import type { LocalKmsEvent } from './events/event.ts';
import type { OrganizationOptions } from './organization/organization.ts';
import type { AppUpdate } from './seed/change.ts';
import { REGION_NAME } from './state/arn.ts';
import { checkWebIdentityProviders, type WebIdentityProvider } from './sts/web-identity-provider.ts';
import type { Mode } from './world.ts';

/** How a local KMS is made. */
export interface LocalKmsOptions {
  /**
   * Where to take keys, aliases, grants, principals and functions from: the folder of a cloud assembly (`cdk.out`), a
   * CloudFormation template in JSON or YAML, or a folder of templates. Default: none, an empty KMS.
   */
  readonly app?: string;
  /**
   * A seed file in YAML or JSON, with keys of fixed ids and material, and principals; beside the app or without one.
   * Default: none. `docs/reference/local-kms-seed.schema.json` is its JSON Schema.
   */
  readonly seed?: string;
  /**
   * Apply the app again whenever it was written again. Default false. An app that is being written is waited for; one that
   * cannot be read is told to `onUpdate`, and what was there before stays. What an application changes is what
   * {@link LocalKms.update} says.
   */
  readonly watch?: boolean;
  /** Called after each application of an app that is watched, and when it could not be read. Default: none. */
  readonly onUpdate?: (update: AppUpdate) => void;
  /** Account of stacks that leave theirs open, and of the administrator. Twelve digits; default `111122223333`. */
  readonly account?: string;
  /** Region of stacks that leave theirs open, and of `clientConfig`. Default `us-east-1`. */
  readonly region?: string;
  /** What identity and policies do. Default `enforce`. */
  readonly mode?: Mode;
  /**
   * The one clock: signatures, sessions, dates of keys and their deletion. Default: the wall clock. SDKs whose own clock
   * is off correct it by the server's after one refused request.
   */
  readonly clock?: () => Date;
  /**
   * For tests only: everything that is random comes from this text, and dates from a clock that stands still at
   * 2026-01-01T00:00:00Z until it is moved, unless `clock` is given. The same calls in the same order then give the same
   * bytes, and whoever knows the text knows every key. 1 to 1,024 characters. Default: none, and random is random.
   *
   * RSA and SM2 key pairs, and ciphertexts under RSA keys, stay random: `node:crypto` makes them from no other generator.
   */
  readonly deterministic?: string;
  /**
   * The organization of all accounts: its id, and files with its service and resource control policies, which no app
   * declares. Default: none, and nothing of an organization limits anybody.
   */
  readonly organization?: OrganizationOptions;
  /** Providers whose tokens `AssumeRoleWithWebIdentity` takes, with their public keys. Default: none. */
  readonly webIdentityProviders?: readonly WebIdentityProvider[];
  /** Called with the event of every call, before its answer is sent; what it throws is a warning. Default: none. */
  readonly onEvent?: (event: LocalKmsEvent) => void;
}

/** Where a local KMS keeps its keys beyond its own end. */
export interface LocalKmsStateOptions extends LocalKmsOptions {
  /**
   * Folder that keeps everything that calls and the app have made: what was answered is there after any end of the process.
   * It is made where it is missing, belongs to one server at a time, and must hold nothing else. Default: none, everything
   * is in memory.
   */
  readonly state?: string;
  /**
   * The local key that seals the state: 32 bytes. Default: a random one, in the file `local-key` of the folder, readable
   * by its owner alone.
   */
  readonly stateKey?: Uint8Array;
  /** Told of everything that could not be kept, e.g. on a full disk. Default: `process.emitWarning`. */
  readonly onStateError?: (error: LocalKmsError) => void;
}

/** How a local KMS is made that listens. */
export interface LocalKmsServerOptions extends LocalKmsStateOptions {
  /** 0 to 65535; 0 takes any free port. Default 0. */
  readonly port?: number;
  /** Address to listen on. Default `127.0.0.1`; other than loopback only with `allowRemote`. */
  readonly host?: string;
  /**
   * Listen where other machines can connect. Plaintext keys then cross the network in the clear: only inside a network
   * of containers. Default false.
   */
  readonly allowRemote?: boolean;
}

/** The options with their defaults. */
export interface Settings {
  readonly app: string | undefined;
  readonly seed: string | undefined;
  readonly watch: boolean;
  readonly onUpdate: (update: AppUpdate) => void;
  readonly account: string;
  readonly region: string;
  readonly mode: Mode;
  readonly clock: () => Date;
  readonly signingClock: () => Date;
  readonly deterministic: string | undefined;
  readonly onEvent: (event: LocalKmsEvent) => void;
  /** Absolute path. */
  readonly state: string | undefined;
  readonly stateKey: Uint8Array | undefined;
  readonly onStateError: (error: LocalKmsError) => void;
  readonly organization: OrganizationOptions;
  readonly webIdentityProviders: readonly WebIdentityProvider[];
}

const wallClock = () => new Date();
const STANDSTILL = Date.UTC(2026, 0, 1);
const MAX_SEED_TEXT = 1024;
const STATE_KEY_BYTES = 32;
const MODES: readonly Mode[] = ['enforce', 'report', 'off'];

/** @throws {@link LocalKmsError} `INVALID_OPTION`, naming every option that is wrong */
export function settingsOf(options: LocalKmsServerOptions): Settings {
  const { app, account = '111122223333', region = 'us-east-1', mode = 'enforce', port = 0, deterministic } = options;
  const problems = [
    ...(/^\d{12}$/.test(account) ? [] : [`account must be twelve digits, not ${shown(account)}`]),
    ...(REGION_NAME.test(region) ? [] : [`region must be a Region, not ${shown(region)}`]),
    ...(options.watch && app === undefined && options.seed === undefined
      ? ['watch needs an app or a seed file to watch']
      : []),
    ...(deterministic === undefined || isSeedText(deterministic)
      ? []
      : [`deterministic must be text of 1 to ${MAX_SEED_TEXT} characters`]),
    ...(MODES.includes(mode) ? [] : [`mode must be one of ${MODES.join(', ')}, not ${shown(mode)}`]),
    ...(Number.isInteger(port) && port >= 0 && port <= 65535 ? [] : [`port must be 0 to 65535, not ${shown(port)}`]),
    ...(options.state === '' ? ['state must be a folder, not ""'] : []),
    ...(options.stateKey === undefined || options.stateKey.length === STATE_KEY_BYTES
      ? []
      : [`stateKey must be ${STATE_KEY_BYTES} bytes, not ${options.stateKey.length}`]),
    ...(options.state !== undefined && deterministic !== undefined
      ? ['state does not go with deterministic: a second start would draw the same again beside what is kept']
      : []),
    ...(options.stateKey !== undefined && options.state === undefined ? ['stateKey needs a state to seal'] : []),
  ];
  const { organization = {}, webIdentityProviders = [] } = options;
  if (organization.id !== undefined && !/^o-[a-z0-9]{10,32}$/.test(organization.id)) {
    problems.push(`organization.id must be o- and 10 to 32 letters and digits, not ${shown(organization.id)}`);
  }
  if (problems.length > 0) throw new LocalKmsError('INVALID_OPTION', problems.join('; '));
  checkWebIdentityProviders(webIdentityProviders);
  return {
    app: app === undefined ? undefined : resolve(app),
    seed: options.seed === undefined ? undefined : resolve(options.seed),
    watch: options.watch ?? false,
    onUpdate: heard('onUpdate', options.onUpdate ?? (() => undefined)),
    account,
    region,
    mode,
    clock: options.clock ?? (deterministic === undefined ? wallClock : () => new Date(STANDSTILL)),
    signingClock: options.clock ?? wallClock,
    deterministic,
    onEvent: heard('onEvent', options.onEvent ?? (() => undefined)),
    state: options.state === undefined ? undefined : resolve(options.state),
    stateKey: options.stateKey,
    onStateError: heard('onStateError', options.onStateError ?? (({ message }) => warn(message))),
    organization,
    webIdentityProviders,
  };
}

/** What a listener throws is its own affair: the call that it is told of has been answered, and the app applied. */
function heard<T>(name: string, listener: (told: T) => void): (told: T) => void {
  return (told) => {
    try {
      listener(told);
    } catch (error) {
      warn(`${name} has thrown: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
}

function warn(message: string): void {
  process.emitWarning(message, 'LocalKmsWarning');
}

function isSeedText(value: unknown): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_SEED_TEXT;
}
