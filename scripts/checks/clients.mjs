// Clients that nobody adapted use the local KMS: boto3 and the AWS CLI, with OpenSSL as the judge of its cryptography. The
// program is in packages/local-kms/interop/; what it needs is fetched when it is first needed.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startLocalKms } from '@cdk-keysmith/local-kms';
import { inScratch } from '../lib/scratch.mjs';
import { ROOT, run } from '../lib/work.mjs';
import { Unavailable } from './languages/toolchain.mjs';
import { virtualEnvironment } from './languages/virtual-environment.mjs';

const PROGRAM = join(ROOT, 'packages', 'local-kms', 'interop', 'python');

export async function check({ note, skip }) {
  let python;
  try {
    python = await virtualEnvironment('clients', join(PROGRAM, 'requirements.txt'));
  } catch (error) {
    if (!(error instanceof Unavailable)) {
      throw error;
    }
    skip(`boto3 and the AWS CLI: ${error.message}`);
    return [];
  }
  return inScratch(async (folder) => {
    const kms = await startLocalKms();
    try {
      await run(python, ['-I', join(PROGRAM, 'main.py'), folder], { quiet: true, env: environmentOf(kms, folder) });
      const { versions, results } = JSON.parse(readFileSync(join(folder, 'outcome.json'), 'utf8'));
      note(`${results.length} trials with ${versions.join(', ')}`);
      return results.flatMap(({ name, problem }) => (problem ? [`${name}: ${problem}`] : []));
    } finally {
      await kms.close();
    }
  });
}

/** What every AWS SDK reads, and nothing of what the user's own shell says about AWS. */
function environmentOf(kms, folder) {
  const own = Object.keys(process.env).filter((name) => name.startsWith('AWS_'));
  const { accessKeyId, secretAccessKey } = kms.administratorCredentials();
  return {
    ...Object.fromEntries(own.map((name) => [name, undefined])),
    AWS_ENDPOINT_URL_KMS: kms.url,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_EC2_METADATA_DISABLED: 'true',
    // A proxy of the user's is for what is elsewhere.
    NO_PROXY: '127.0.0.1',
    no_proxy: '127.0.0.1',
  };
}
