import { type Grantee, nameOfGrantee, shortPath, valueInWords } from '@cdk-keysmith/access';

/** Names of a principal, the one that is shown first. */
export function namesOfGrantee(grantee: Grantee): readonly [string, ...string[]] {
  const { name, functions, arn, logicalId } = grantee;
  return [
    nameOfGrantee(grantee),
    shortPath(name),
    name,
    ...functions.flatMap((path) => [shortPath(path), path]),
    ...(logicalId === undefined ? [] : [logicalId]),
    ...(arn === undefined ? [] : [valueInWords(arn)]),
  ];
}
