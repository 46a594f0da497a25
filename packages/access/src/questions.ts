import type { Caller, KmsRequest, PolicyLayers } from './engine/request.ts';
import type { KeyModel, PrincipalModel } from './model.ts';
import { splitArn } from './symbolic/arn.ts';
import { concat, unknown } from './symbolic/text.ts';

/** A role (in any of its sessions) or user of the app as the caller of a request. */
export function callerFor(principal: PrincipalModel): Caller {
  const { arn, account, constructPath: name } = principal;
  if (principal.type === 'user') return { type: 'user', arn, account, name };
  const [, partition = 'aws'] = splitArn(arn) ?? [];
  const session = unknown('the session name is chosen by whoever assumes the role');
  const sessionArn = concat(['arn:', partition, ':sts::', account, ':assumed-role/', principal.name, '/', session]);
  return { type: 'role-session', arn: sessionArn, roleArn: arn, account, name };
}

/** Every policy of the app that speaks about a principal's use of a key; policies of elsewhere are there as unreadable. */
export function layersFor(key: KeyModel, principal: PrincipalModel): PolicyLayers {
  const foreign = principal.unknownPolicies.map((policy) => ({
    name: `${policy} of ${principal.constructPath}`,
    kind: 'identity' as const,
    version: undefined,
    statements: [],
    unreadable: ['its text is not in the app'],
  }));
  const { permissionsBoundary } = principal;
  return {
    keyPolicy: key.keyPolicy,
    identityPolicies: [...principal.identityPolicies, ...foreign],
    ...(permissionsBoundary !== undefined && { permissionsBoundary }),
  };
}

/** The condition keys that follow from the key itself. Tags of elsewhere (of the whole stack, say) are left open. */
export function contextOfKey(key: KeyModel): KmsRequest['context'] {
  const { keySpec, keyUsage, origin, multiRegion, tags } = key;
  return {
    'kms:KeySpec': keySpec,
    'kms:CustomerMasterKeySpec': keySpec,
    'kms:KeyUsage': keyUsage,
    'kms:CustomerMasterKeyUsage': keyUsage,
    'kms:KeyOrigin': origin,
    ...(multiRegion !== undefined && { 'kms:MultiRegion': String(multiRegion) }),
    ...Object.fromEntries(
      tags.flatMap((tag) => (typeof tag.key === 'string' ? [[`aws:ResourceTag/${tag.key}`, tag.value]] : [])),
    ),
  };
}
