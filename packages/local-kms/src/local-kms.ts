import type { KMSClient } from '@aws-sdk/client-kms';
import type { ClaimedWay } from './authorize/way.ts';
import type { ClientConfig, ClientOptions } from './client.ts';
import type { LocalClock } from './clock.ts';
import type { Denial } from './denial/denial.ts';
import type { StateFound } from './durable/state.ts';
import type { LocalKmsEvent } from './events/event.ts';
import type { LocalCredentials } from './identity/identities.ts';
import type { LocalCaller } from './identity/service.ts';
import type { FaultInjection, InjectedFault } from './injection/injection.ts';
import type { LocalAlias, LocalKey, LocalPrincipal } from './inventory.ts';
import type { AppChange } from './seed/change.ts';
import type { LocalFunction } from './seed/functions.ts';

/** A KMS on this machine: its keys do real cryptography, and it enforces the policies of the app. */
export interface LocalKms extends AsyncDisposable {
  /** Keys of all accounts and Regions that exist now, sorted by ARN. */
  keys(): readonly LocalKey[];
  /** Aliases of all accounts and Regions that exist now, sorted by ARN. */
  aliases(): readonly LocalAlias[];
  /** Roles, users and functions of the app. */
  principals(): readonly LocalPrincipal[];
  /** What of the app could not be made or changed here, each with its construct path and why. */
  readonly problems: readonly string[];

  /**
   * Credentials to call as a principal: temporary ones of a role, or of a function's role, for 12 hours of the server's
   * clock, as the local STS would hand out; long-term ones of a user. For an AWS service, temporary ones by which this
   * server, and no other, knows it and what it acts for.
   *
   * @param caller - construct path, its end, function name, role name, logical id or ARN; `<task definition>/<container>`; or
   * an AWS service
   * @throws {@link LocalKmsError} `UNKNOWN_PRINCIPAL` or `AMBIGUOUS_PRINCIPAL`; `INVALID_OPTION` for a service, naming
   * everything that is wrong; `CLOSED`
   */
  credentialsFor(caller: LocalCaller): LocalCredentials;

  /**
   * Environment variables for a process that calls as a principal: credentials, Region and, where the KMS listens, the
   * addresses of KMS and STS, as every AWS SDK reads them. For a function, and a container of an ECS task definition, also
   * its own variables.
   *
   * @throws {@link LocalKmsError} as {@link LocalKms.credentialsFor}
   * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
   */
  environmentFor(caller: LocalCaller): Record<string, string>;

  /**
   * Long-term credentials of an account's root user, to do what the story needs: disable a key, schedule its deletion.
   * A key's policy decides about the root user too.
   *
   * @param account - twelve digits; default: the account of the options
   * @throws {@link LocalKmsError} `INVALID_OPTION` or `CLOSED`
   */
  administratorCredentials(account?: string): LocalCredentials;

  /**
   * A configuration for clients of the SDK that never open a socket. Requests are signed and verified all the same.
   *
   * @param caller - as for {@link LocalKms.credentialsFor}; default: the administrator
   * @param way - that a service makes the calls for the principal, or that they come through a VPC endpoint; default: the
   * principal calls KMS itself, and comes through none
   * @throws {@link LocalKmsError} as {@link LocalKms.credentialsFor}, and `INVALID_OPTION` for a way that cannot be
   */
  clientConfig(caller?: LocalCaller, way?: ClaimedWay): ClientConfig;

  /**
   * A client of the SDK for JavaScript that never opens a socket, ready to be used: `await kms.client({ as: 'Writer' })`.
   * It needs `@aws-sdk/client-kms`.
   *
   * @throws {@link LocalKmsError} as {@link LocalKms.credentialsFor}, or `SDK_MISSING`
   */
  client(options?: ClientOptions): Promise<KMSClient>;

  /**
   * A function of the app, with its environment.
   * @param name - construct path, its end, function name or logical id
   * @throws {@link LocalKmsError} `UNKNOWN_FUNCTION` or `AMBIGUOUS_FUNCTION`
   */
  functionNamed(name: string): LocalFunction;

  /**
   * Reads the app again and applies it, as a deployment would; with the option `watch` that happens by itself.
   *
   * Keys that the app declares keep their material, grants and imports; their key policy, description, tags, rotation,
   * aliases and whether they are enabled become what the app says, whatever calls have done to them. A key that is gone
   * from the app stays where its `DeletionPolicy` retains it; otherwise its deletion is scheduled with its
   * `PendingWindowInDays`, and it comes back with its material when it is declared again before. What KMS cannot change,
   * and a key whose deletion a call scheduled, stay, and {@link LocalKms.problems} says so. Keys that calls made are left
   * alone, and so are credentials, except those of principals that are gone.
   *
   * @returns what changed
   * @throws {@link LocalKmsError} `INVALID_APP`, `INVALID_SEED` or `CLOSED`, and everything stays as it was
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
   */
  update(): readonly AppChange[];

  /**
   * Goes back to the beginning, for the next test: the keys, aliases and grants of the app and no others, with new key
   * material, no faults, no events, and the clock set right. Clients go on: credentials stay.
   *
   * @throws {@link LocalKmsError} `CLOSED`
   */
  reset(): void;

  /** The clock that the server goes by. */
  readonly clock: LocalClock;

  /** Events of the latest 1,000 calls, oldest first. */
  readonly events: readonly LocalKmsEvent[];

  /** The latest call that the policies denied, of the events that are kept; undefined: none. */
  lastDenial(): Denial | undefined;

  /**
   * Makes calls fail, be late or be answered wrongly from now on, as KMS and networks do at times: for a client in the
   * process as for one over the socket. What fired is in the events of the calls. Calls of STS are left alone.
   *
   * Faults apply in the order of their declaration: a latency delays the call and lets it go on to the next fault; the
   * first of another kind decides. They come before permissions and key states, as they do with KMS.
   *
   * @throws {@link LocalKmsError} `INVALID_OPTION`, naming everything that is wrong
   */
  inject(injection: FaultInjection): InjectedFault;
  /** The faults that were not removed, oldest first; those among them that have fired often enough fire no more. */
  faults(): readonly InjectedFault[];

  /** The folder that keeps the keys, and what was found there at the start; undefined: they are in memory. */
  readonly state: StateFound | undefined;

  /**
   * Closes the socket, if there is one, gives up late answers, frees the folder of the state, and forgets all keys and
   * credentials. Clients in the process find nobody there any more, as those over the socket. Twice is fine.
   */
  close(): Promise<void>;
}

/** A local KMS that listens. */
export interface LocalKmsServer extends LocalKms {
  /** For example `http://127.0.0.1:8200`. */
  readonly url: string;
  readonly port: number;
}
