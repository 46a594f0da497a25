import type { KeyMetadata } from '@aws-sdk/client-kms';
import { type Command, Option } from 'commander';
import type { Io } from '../../io.ts';
import { clientFor, externalKey } from '../../material/kms.ts';
import { grid } from '../../render/grid.ts';
import { printableJson } from '../../render/terminal.ts';
import { keyOption } from './options.ts';

const DAY = 24 * 60 * 60 * 1000;

/** `keysmith import-material status`: whether a key has its material, and for how long. */
export function addStatus(parent: Command, io: Io): void {
  parent
    .command('status')
    .description('Show whether a key has its material, and when that expires')
    .addOption(keyOption().makeOptionMandatory())
    .addOption(new Option('--json', 'Print it as JSON'))
    .action(async ({ key: name, json = false }: { key: string; json?: boolean }) => {
      const client = await clientFor(name);
      try {
        const { metadata } = await externalKey(client, name);
        io.stdout.write(json ? `${printableJson(facts(metadata))}\n` : statusText(metadata));
      } finally {
        client.destroy();
      }
    });
}

function facts(metadata: KeyMetadata) {
  const { Arn, KeySpec, KeyUsage, KeyState, CurrentKeyMaterialId, ExpirationModel, ValidTo } = metadata;
  return {
    keyArn: Arn,
    keySpec: KeySpec,
    keyUsage: KeyUsage,
    keyState: KeyState,
    ...(CurrentKeyMaterialId !== undefined && { currentKeyMaterialId: CurrentKeyMaterialId }),
    ...(ExpirationModel !== undefined && { expirationModel: ExpirationModel }),
    ...(ValidTo !== undefined && { validTo: ValidTo.toISOString() }),
  };
}

/** What KMS says of a key with imported material, for people. */
export function statusText(metadata: KeyMetadata): string {
  const { keyArn, keySpec, keyUsage, keyState, currentKeyMaterialId } = facts(metadata);
  return `${grid([
    ['key', String(keyArn)],
    ['spec', `${keySpec}, ${keyUsage}`],
    ['state', keyState === 'PendingImport' ? 'PendingImport: it waits for its material' : String(keyState)],
    ...(currentKeyMaterialId === undefined ? [] : [['material', currentKeyMaterialId]]),
    ['expires', expiryInWords(metadata)],
  ])}\n`;
}

function expiryInWords({ ExpirationModel, ValidTo }: KeyMetadata): string {
  if (ExpirationModel === undefined) return 'there is no material';
  if (ValidTo === undefined) return 'never';
  const days = Math.floor((ValidTo.getTime() - Date.now()) / DAY);
  return `${ValidTo.toISOString()}, in ${days === 1 ? '1 day' : `${days} days`}`;
}
