import {
  CfnDeletionPolicy,
  type Duration,
  type InjectionContext,
  type IPropertyInjector,
  PropertyInjectors,
  RemovalPolicy,
} from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import { deletionPolicyOf } from '../private/deletion-policy';
import type { KeyDefaultsProps } from './key-defaults-props';

/** Hears of each property that was set: the path of the construct, the property and its value. */
export type Heard = (path: string, property: string, to: string) => void;

/** Hears of each construct that the defaults reach, whether they change something there or not. */
export type Reached = (path: string) => void;

/** The properties that a default can set. */
interface Changes {
  readonly [property: string]: { readonly value: unknown; readonly text: string };
}

/**
 * Gives keys and aliases below a scope what their authors left open. An injector that the scope has already runs first:
 * aws-cdk-lib keeps one for each class, and the last one would silently win.
 */
export function addInjectors(scope: IConstruct, defaults: KeyDefaultsProps, heard: Heard, reached: Reached): void {
  const injectors = PropertyInjectors.of(scope);
  const keyId = kms.Key.PROPERTY_INJECTION_ID;
  const aliasId = kms.Alias.PROPERTY_INJECTION_ID;
  injectors.add(
    injector(keyId, injectors.for(keyId), heard, (props: kms.KeyProps, path) => {
      reached(path);
      return keyChanges(props, path, defaults);
    }),
    injector(aliasId, injectors.for(aliasId), heard, (props: kms.AliasProps) => aliasChanges(props, defaults)),
  );
}

function injector<P extends object>(
  constructUniqueId: string,
  earlier: IPropertyInjector | undefined,
  heard: Heard,
  changesOf: (props: P, path: string) => Changes,
): IPropertyInjector {
  return {
    constructUniqueId,
    inject(original: P | undefined, context: InjectionContext): P {
      const props: P = earlier === undefined ? (original ?? ({} as P)) : earlier.inject(original, context);
      const path = [context.scope.node.path, context.id].filter((part) => part !== '').join('/');
      const changes = changesOf(props, path);
      for (const [property, { text }] of Object.entries(changes)) {
        heard(path, property, text);
      }
      return { ...props, ...Object.fromEntries(Object.entries(changes).map(([name, { value }]) => [name, value])) };
    },
  };
}

function keyChanges(props: kms.KeyProps, path: string, defaults: KeyDefaultsProps): Changes {
  // KMS rotates symmetric encryption keys only.
  const canRotate = (props.keySpec ?? kms.KeySpec.SYMMETRIC_DEFAULT) === kms.KeySpec.SYMMETRIC_DEFAULT;
  const turnedOn = canRotate && props.enableKeyRotation === undefined && (defaults.enableKeyRotation ?? true);
  const rotates = canRotate && (turnedOn || props.enableKeyRotation === true);
  return {
    ...(turnedOn && { enableKeyRotation: { value: true, text: 'true' } }),
    ...(rotates && props.rotationPeriod === undefined && duration('rotationPeriod', defaults.rotationPeriod)),
    ...(props.pendingWindow === undefined && duration('pendingWindow', defaults.pendingWindow)),
    ...(props.description === undefined && described(path, defaults.description)),
    ...(props.removalPolicy === undefined &&
      defaults.removalPolicy !== undefined && {
        removalPolicy: { value: defaults.removalPolicy, text: defaults.removalPolicy },
      }),
  };
}

function duration(name: string, value: Duration | undefined): Changes {
  return value === undefined ? {} : { [name]: { value, text: `${value.toDays({ integral: false })} days` } };
}

function described(path: string, description: string | undefined): Changes {
  const value = description?.replaceAll('{path}', path);
  return value === undefined ? {} : { description: { value, text: value } };
}

function aliasChanges(props: kms.AliasProps, defaults: KeyDefaultsProps): Changes {
  if (props.removalPolicy !== undefined) {
    return {};
  }
  const value = policyOf(props.targetKey) ?? defaults.removalPolicy ?? RemovalPolicy.RETAIN;
  return { removalPolicy: { value, text: value } };
}

/** What happens to a key or an alias; undefined for an imported one. */
export function policyOf(construct: IConstruct): RemovalPolicy | undefined {
  switch (deletionPolicyOf(construct)) {
    case undefined:
      return undefined;
    case CfnDeletionPolicy.DELETE:
      return RemovalPolicy.DESTROY;
    case CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE:
      return RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
    default:
      return RemovalPolicy.RETAIN;
  }
}
