#!/usr/bin/env node
// The version is checked before anything else is loaded, so this file is written in the language of old Node.js.

var NEEDED = [20, 19];

var parts = process.versions.node.split('.').map(Number);
if (parts[0] < NEEDED[0] || (parts[0] === NEEDED[0] && parts[1] < NEEDED[1])) {
  console.error(
    'keysmith: needs Node.js ' +
      NEEDED.join('.') +
      ' or newer, and this is ' +
      process.versions.node +
      '; install a newer one from https://nodejs.org/',
  );
  process.exitCode = 1;
} else {
  import('../dist/main.js').then((keysmith) => keysmith.runAsProcess());
}
