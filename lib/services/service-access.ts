import { Aws, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { IConstruct } from 'constructs';
import { conditionClashes, groupedByConditions } from '../policy/principal-conditions';
import { having, list, principal, requireKind } from '../private/shape';
import type { Conditions, PolicyPlace, SourceArn } from './facts';
import { ServiceStatement } from './service-statement';
import type { ServiceUse } from './service-use';
import { SERVICE_USES, type UseId } from './service-uses';
import { arnOf, byArn, byName, type Source, targetOf } from './sources';

/** The key that services are let in to. */
export interface ServiceHost {
  /** The construct of the key. */
  readonly key: IConstruct;
  /** Its policy. */
  readonly policy: iam.PolicyDocument;
  /** Whether statements come by themselves. */
  readonly automatic: boolean;
  /** Whether IAM policies of the account decide about all use of the key. */
  readonly useDelegated: boolean;
}

/** A key policy has at most 32 KB: beyond so many ARNs of one use, the statement has the pattern for all of the account. */
const MOST_SOURCES = 25;

/** What is known of one use of one key. */
interface Requested {
  /** By the resource that each is: once, whether it is asked for by its name or by its ARN. */
  readonly sources: Map<unknown, Source>;
  /** Somebody asked for all resources of the account. */
  everything: boolean;
  /** aws-cdk-lib let the service in without saying for what. */
  unnamed: boolean;
  /** A resource with which it does so was kept out of the automatic statements. */
  optedOut: boolean;
  statements: readonly iam.PolicyStatement[];
}

/** A resource with the reference of that name, of which it is a member. */
type Referenced<N extends string, M extends string> = IConstruct & Readonly<Record<N, Readonly<Record<M, string>>>>;

/** Which services use a key and for what: the one place from which the statements of its policy come. */
export class ServiceAccess {
  private readonly requested = new Map<UseId, readonly Requested[]>();
  private readonly identities = new Set<string>();

  constructor(public readonly host: ServiceHost) {}

  /** Lets the service of a use in: for these sources, or for all of the account when there are none. */
  public allow(id: UseId, ...sources: readonly Source[]): void {
    const before = this.requested.get(id) ?? [];
    if (sources.length === 0 && !before.some(({ everything }) => everything)) {
      this.request(id).everything = true;
    }
    for (const source of sources) {
      const resource = targetOf(source) ?? this.textOf(source.value);
      if (!before.some((one) => one.sources.has(resource))) {
        this.request(id).sources.set(resource, source);
      }
    }
  }

  /** Lets the service in for what the other sources of the use will be, or for all of the account if there are none. */
  public allowUnnamed(id: UseId): void {
    this.request(id).unnamed = true;
  }

  /** A resource of that use is the author's own business: what aws-cdk-lib writes for it has to last. */
  public leaveAlone(id: UseId): void {
    for (const requested of this.requested.get(id) ?? []) {
      requested.optedOut = true;
    }
  }

  /** Whether a use was asked for. */
  public has(id: UseId): boolean {
    return this.requested.has(id);
  }

  /** A resource by the name or id in the reference that it gives of itself. */
  public named<N extends string, M extends string>(resource: Referenced<N, M>, name: N, member: M): Source {
    return byName(resource, this.valueIn(resource, name, member));
  }

  /** A resource by the ARN in the reference that it gives of itself. */
  public arnOf<N extends string, M extends string>(resource: Referenced<N, M>, name: N, member: M): Source {
    return byArn(resource, this.valueIn(resource, name, member));
  }

  private valueIn<N extends string, M extends string>(
    resource: Readonly<Record<N, Readonly<Record<M, string>>>>,
    name: N,
    member: M,
  ): string {
    requireKind(`${this.host.key.node.path}: services`, 'the resource', resource, having(`one with ${name}`, name));
    return resource[name][member];
  }

  /** Lets identities in, under the conditions of the use. */
  public allowIdentities(id: UseId, principals: readonly iam.IPrincipal[]): void {
    requireKind(`${this.host.key.node.path}: services: ${id}`, 'principals', principals, list(principal));
    for (const group of groupedByConditions(principals)) {
      for (const { actions, conditions } of this.useOf(id).statements) {
        const given = conditions?.({ ...this.place, sources: [] }) ?? {};
        this.requireBoth(id, group.conditions, given);
        const statement = new ServiceStatement(actions, group.principals, () => given);
        const who = group.principals.map((each) => each.policyFragment.principalJson);
        const once = JSON.stringify([id, actions, who, group.conditions]);
        if (!this.identities.has(once)) {
          this.identities.add(once);
          this.host.policy.addStatements(statement);
        }
      }
    }
  }

  private requireBoth(id: UseId, brought: iam.Conditions, given: Conditions): void {
    const [clash] = conditionClashes(brought, given);
    if (clash !== undefined) {
      throw new Error(
        `${this.host.key.node.path}: services: ${id}: ${clash}: a statement takes one of them, so the other would be lost; leave it out of the principal`,
      );
    }
  }

  // Some ids are made of the values of an enum, for which JavaScript can give anything.
  private useOf(id: UseId): ServiceUse {
    if (!Object.hasOwn(SERVICE_USES, id)) {
      throw new Error(
        `${this.host.key.node.path}: services: there is no ${JSON.stringify(id)}; use a member of the enum`,
      );
    }
    return SERVICE_USES[id];
  }

  private request(id: UseId): Requested {
    const before = this.requested.get(id) ?? [];
    const existing = before.at(-1);
    // Once rendered, a statement stays as it is: what is asked for later gets statements of its own.
    if (existing?.statements.some((statement) => statement.frozen) === false) {
      return existing;
    }
    const use = this.useOf(id);
    if (use.principals === 'identity') {
      throw new Error(`${id} is no use of a service principal; name the identities`);
    }
    const principals = use.principals(this.place).map((name) => new iam.ServicePrincipal(name));
    const requested: Requested = {
      sources: new Map(),
      everything: false,
      unnamed: false,
      optedOut: false,
      statements: use.statements.map(
        ({ actions, conditions }) =>
          new ServiceStatement(actions, principals, () =>
            conditions?.({ ...this.place, sources: this.sourcesOf(id, requested) }),
          ),
      ),
    };
    this.requested.set(id, [...before, requested]);
    this.host.policy.addStatements(...requested.statements);
    return requested;
  }

  private sourcesOf(id: UseId, { sources, everything, unnamed, optedOut }: Requested): readonly SourceArn[] {
    const shape = this.useOf(id).source;
    if (shape === undefined) {
      return [];
    }
    const all: SourceArn = { arn: shape.arn(this.place, '*'), exact: false };
    const arns = [...sources.values()].map((source) => arnOf(source, shape, this.place, this.host.key));
    const named = [...new Map(arns.map((source) => [this.textOf(source.arn), source])).values()];
    // aws-cdk-lib asked without a name: the resource behind it is among the sources, when those were looked for.
    const forUnnamed = unnamed && (named.length === 0 || !this.host.automatic || optedOut);
    const precise = named.every(({ arn }) => this.textOf(arn) !== this.textOf(all.arn));
    return everything || forUnnamed || !precise || named.length > MOST_SOURCES ? [all] : named;
  }

  /** The same for tokens that stand for the same. */
  private textOf(value: string): string {
    return JSON.stringify(Stack.of(this.host.key).resolve(value));
  }

  private get place(): PolicyPlace {
    const { partition, region, account } = Stack.of(this.host.key);
    const known = Token.isUnresolved(region) ? undefined : RegionInfo.get(region).domainSuffix;
    return { partition, region, account, urlSuffix: known ?? Aws.URL_SUFFIX };
  }
}
