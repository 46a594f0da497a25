// Everything that tests write goes below one temporary folder, which the end of the run takes away.
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

module.exports = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'keysmith-test-'));
  process.env.TMPDIR = folder;
  process.env.TEMP = folder;
  // The SDK's advice to upgrade Node.js is right, and no part of what is tested.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  // `npm test` has bundled them; jest that is started by itself may be the first to need them.
  const { bundleHandlers, bundlesAreCurrent } = await import('./lib/handlers.mjs');
  if (!bundlesAreCurrent()) {
    await bundleHandlers();
  }
  const { bundleLayer, layerIsCurrent } = await import('./lib/layer.mjs');
  if (!layerIsCurrent()) {
    await bundleLayer();
  }
};
