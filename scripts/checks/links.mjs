// Links within the documentation lead somewhere: the file is there, and so is the heading or anchor in it.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Lexer, walkTokens } from 'marked';
import { ROOT } from '../lib/work.mjs';
import { files } from '../snippets/pages.mjs';

export async function check() {
  return problemsIn(
    files(),
    (file) => readFileSync(join(ROOT, file), 'utf8'),
    (file) => existsSync(join(ROOT, file)),
  );
}

/** Every link of these files that leads nowhere. `read(file)` gives the text of a file, `exists(path)` says whether it is there. */
export function problemsIn(files, read, exists) {
  return files.flatMap((file) =>
    linksOf(read(file)).flatMap((href) => {
      const [path = '', anchor] = href.split('#');
      const target = path === '' ? file : join(dirname(file), path);
      if (!exists(target)) {
        return [`${file}: ${href} leads to no file`];
      }
      const known = anchor === undefined || !target.endsWith('.md') || anchorsOf(read(target)).has(anchor);
      return known ? [] : [`${file}: ${href} leads to no heading`];
    }),
  );
}

/** The links to files of the repository. */
function linksOf(markdown) {
  const links = [];
  walkTokens(Lexer.lex(markdown), (token) => {
    if (token.type === 'link' && !/^[a-z]+:/i.test(token.href)) {
      links.push(token.href);
    }
  });
  return links;
}

/** What a link into a page can name: its headings, as GitHub makes anchors of them, and its own anchors. */
function anchorsOf(markdown) {
  const anchors = new Set([...markdown.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, id]) => id));
  walkTokens(Lexer.lex(markdown), (token) => {
    if (token.type === 'heading') {
      const words = token.text.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '');
      anchors.add(words.trim().replace(/\s/g, '-'));
    }
  });
  return anchors;
}
