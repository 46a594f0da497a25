// Runs before everything else and on any Node.js, so it is written in the language of old ones.
'use strict';

var NEEDED = [20, 19];

var parts = process.versions.node.split('.').map(Number);
if (parts[0] < NEEDED[0] || (parts[0] === NEEDED[0] && parts[1] < NEEDED[1])) {
  console.error(
    'keysmith: needs Node.js ' +
      NEEDED.join('.') +
      ' or newer, and this is ' +
      process.versions.node +
      '. Install a newer one from https://nodejs.org/ and try again.',
  );
  process.exit(1);
}
