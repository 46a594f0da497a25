import type { Grantee, Section } from './grantees.ts';
import type { Link } from './why.ts';

/** Every construct of a resource ends in `/Resource`, which tells nobody anything. */
export function shortPath(constructPath: string): string {
  return constructPath.replace(/\/Resource$/, '');
}

/** How somebody is called: a role that one function runs as is called like the function. */
export function nameOfGrantee({ name, functions }: Grantee): string {
  const [only, ...others] = functions.map(shortPath);
  return only === undefined || others.length > 0 ? shortPath(name) : only;
}

/** Sections of a report in their order, with their headings. */
export const SECTIONS: Readonly<Record<Section, string>> = {
  account: 'account of the key',
  app: 'principals of the app',
  service: 'AWS services',
  'other account': 'other accounts',
  everyone: 'everyone',
};

/** How it is with each link of an explanation, as a sign: applies, hinges on conditions, does not, cannot be told. */
export const LINK_SIGNS: Readonly<Record<Link['applies'], string>> = { yes: '✔', perhaps: 'if', no: '–', unknown: '?' };
