import { buildConstructs, buildPackages, install } from './lib/steps.mjs';
import { main } from './lib/work.mjs';

main(async () => {
  await install();
  await buildPackages();
  await buildConstructs();
});
