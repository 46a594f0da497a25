import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AccessError } from '../../errors.ts';
import { LIMITS, within } from '../../limits.ts';
import type { Json } from '../../parsing/findings.ts';
import { inside, isInside, membersOf, objectAt, stringAt } from './files.ts';
import { type Metadata, readMetadata } from './metadata.ts';
import type { Reading } from './reading.ts';
import type { Stack } from './stack.ts';
import { readTree } from './tree.ts';

/** A stack before names are made unique across the assembly. */
export type FoundStack = Omit<Stack, 'id'> & { readonly stackName: string };

/** Every stack that the manifest of the folder names, those of its stages included, in the manifest's order. */
export function readManifest(
  reading: Reading,
  directory = reading.root,
  depth = 0,
  treeOfApp?: () => Metadata,
): readonly FoundStack[] {
  const { root } = reading;
  const file = join(directory, 'manifest.json');
  if (!existsSync(file)) {
    throw new AccessError(
      'NOT_AN_ASSEMBLY',
      `${directory} is no cloud assembly: it has no manifest.json; run "npx cdk synth" first, ` +
        'and name the folder that it writes (cdk.out)',
    );
  }
  within(LIMITS.nesting, depth, file);
  reading.count(file);
  const artifacts = membersOf(reading.json(file)['artifacts']);
  const assets = readAssets(reading, directory, artifacts);
  // One tree has the constructs of all stages; it is large, and hardly ever needed.
  const tree = treeOfApp ?? (() => readTree(reading, directory, artifacts));
  return artifacts.flatMap(([id, artifact]): readonly FoundStack[] => {
    const properties = objectAt(artifact, 'properties');
    if (artifact['type'] === 'cdk:cloud-assembly') {
      const name = required(properties, 'directoryName', file, id);
      return readManifest(reading, inside(root, directory, name), depth + 1, tree);
    }
    if (artifact['type'] !== 'aws:cloudformation:stack') return [];
    const templateFile = inside(root, directory, required(properties, 'templateFile', file, id));
    reading.count(file);
    const { json: template, positions } = reading.template(templateFile);
    const found = readMetadata(reading, directory, artifact);
    const stackName = stringAt(properties, 'stackName') ?? id;
    return [
      {
        stackName,
        constructPath: stringAt(artifact, 'displayName')?.replace(/ \(.*\)$/, '') ?? stackName,
        ...environmentOf(artifact),
        executionRoleArn: stringAt(properties, 'cloudFormationExecutionRoleArn'),
        template,
        templateFile,
        positions,
        directory,
        metadata: found.metadata.size > 0 ? found.metadata : tree(),
        acknowledgements: found.acknowledgements,
        assets,
      },
    ];
  });
}

function required(properties: Json, member: string, file: string, id: string): string {
  const value = stringAt(properties, member);
  if (value !== undefined) return value;
  throw new AccessError('MALFORMED_MANIFEST', `${file}: artifact ${id} has no ${member}; run "npx cdk synth" again`);
}

/** `aws://111122223333/eu-west-1`, with words such as `unknown-account` for what the app leaves open. */
function environmentOf(artifact: Json): Pick<Stack, 'account' | 'region'> {
  const [, account, region] = /^aws:\/\/([^/]*)\/([^/]*)$/.exec(stringAt(artifact, 'environment') ?? '') ?? [];
  return {
    account: account !== undefined && /^\d{12}$/.test(account) ? account : undefined,
    region: region !== undefined && /^[a-z]{2,}(-[a-z]+)+-\d+$/.test(region) ? region : undefined,
  };
}

function readAssets(
  reading: Reading,
  directory: string,
  artifacts: readonly (readonly [string, Json])[],
): ReadonlyMap<string, string> {
  const assets = new Map<string, string>();
  for (const [id, artifact] of artifacts) {
    if (artifact['type'] !== 'cdk:asset-manifest') continue;
    const name = required(objectAt(artifact, 'properties'), 'file', join(directory, 'manifest.json'), id);
    const file = inside(reading.root, directory, name);
    for (const [hash, asset] of membersOf(reading.json(file)['files'])) {
      const source = stringAt(objectAt(asset, 'source'), 'path');
      if (source === undefined) continue;
      const path = join(directory, source);
      if (!isInside(reading.root, path)) continue;
      assets.set(hash, path);
      for (const [, destination] of membersOf(asset['destinations'])) {
        const key = stringAt(destination, 'objectKey');
        if (key !== undefined) assets.set(key, path);
      }
    }
  }
  return assets;
}
