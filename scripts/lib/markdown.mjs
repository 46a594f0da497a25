// The fenced code blocks of Markdown files, and where they are.

import { Lexer, walkTokens } from 'marked';

/** `{ language, code, line }` for every fence of a Markdown text; `line` is that of the opening fence, from 1. */
export function fencesOf(markdown) {
  const lines = markdown.split('\n');
  const fences = [];
  let at = 0;
  walkTokens(Lexer.lex(markdown), (token) => {
    if (token.type !== 'code' || token.codeBlockStyle === 'indented') {
      return;
    }
    // Tokens do not know their position. They come in order, so the next opening line that reads the same is theirs;
    // quotes and lists may stand before it.
    const info = token.lang ?? '';
    while (at < lines.length && !isOpening(lines[at], info)) {
      at += 1;
    }
    const language = info.split(/\s/)[0].toLowerCase();
    fences.push({ language, code: token.text, line: at + 1 });
    at += token.text.split('\n').length + 2;
  });
  return fences;
}

function isOpening(line, info) {
  const fence = /^[\s>*+\-\d.)]*(?:`{3,}|~{3,})(.*)$/.exec(line);
  return fence !== null && fence[1].trim() === info.trim();
}
