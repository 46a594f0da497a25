// npm start: from a fresh clone to the example application at work on the embedded local KMS.

import { buildExample, install } from './lib/steps.mjs';
import { main, run } from './lib/work.mjs';

main(async () => {
  await install();
  await buildExample();
  await run(process.execPath, ['--import', 'tsx', 'bin/story.ts'], {
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  });
});
