// The checks of `npm run check`, one file each. The slow ones stand first, so that the quick ones fill the gaps.
// They are loaded when they run: some import what an installation brings.

import { buildConstructs, buildExample, buildPackages } from '../lib/steps.mjs';

/**
 * `check()` returns what is wrong, one text each, or throws the command that failed; no problem is an empty list. It gets
 * `note(text)`, to say what was proved, `skip(text)`, to say what was not tried and why, and `named`: whether it was asked
 * for by its name.
 */
export const CHECKS = [
  { name: 'languages', needs: [buildPackages, buildConstructs], load: () => import('./languages.mjs') },
  { name: 'apps', needs: [buildConstructs], load: () => import('./apps.mjs') },
  { name: 'clients', needs: [buildPackages], load: () => import('./clients.mjs') },
  { name: 'pack', needs: [buildPackages, buildConstructs], load: () => import('./pack.mjs') },
  { name: 'types', needs: [buildPackages, buildConstructs], load: () => import('./types.mjs') },
  { name: 'constructs', needs: [buildConstructs], load: () => import('./constructs.mjs') },
  { name: 'reference', needs: [buildConstructs], load: () => import('./reference.mjs') },
  { name: 'docs', needs: [buildPackages, buildConstructs], load: () => import('./docs.mjs') },
  { name: 'snippets', needs: [buildExample, buildConstructs], load: () => import('./snippets.mjs') },
  { name: 'links', load: () => import('./links.mjs') },
  { name: 'imports', load: () => import('./imports.mjs') },
  { name: 'licences', load: () => import('./licences.mjs') },
  { name: 'files', load: () => import('./files.mjs') },
  { name: 'format', load: () => import('./format.mjs') },
];
