import { createHash } from 'node:crypto';
import type { WireResponse } from '../../wire/message.ts';
import { SAFE_HEADERS } from '../json.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

/**
 * The status page: one document that asks for nothing but `/_keysmith/status`. Nothing of the app or of calls is in it: its
 * script makes texts of them, never markup. A policy lets nothing load, and nothing run but what its hash is known of.
 *
 * @see https://www.w3.org/TR/CSP3/
 */
export function statusPage(): WireResponse {
  const headers = {
    ...SAFE_HEADERS,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': contentSecurityPolicy(),
  };
  return { status: 200, headers, body: PAGE };
}

function contentSecurityPolicy(): string {
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;
  return [
    "default-src 'none'",
    `style-src ${hash(STYLE)}`,
    `script-src ${hash(SCRIPT)}`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

const section = (id: string, name: string, inner = `<div id="${id}-list"></div>`) =>
  `<section id="${id}" aria-labelledby="${id}-head"><h2 id="${id}-head">${name} <span class="count" id="${id}-count"></span></h2>${inner}</section>`;

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Local KMS</title>
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header>
<h1>Local KMS</h1>
<p id="facts">…</p>
<p id="state" role="status">reading …</p>
<p class="controls"><button type="button" id="pause" aria-pressed="false">Pause</button>
<label>Show only <input id="filter" type="search" placeholder="name, ARN, operation, reason" autocomplete="off" spellcheck="false"></label></p>
<nav aria-label="Parts of the page"><ul><li><a href="#calls">Calls</a></li><li><a href="#keys">Keys</a></li><li><a href="#principals">Principals</a></li><li><a href="#faults">Faults</a></li><li><a href="#problems">Not here</a></li></ul></nav>
</header>
<main id="main" tabindex="-1">
<noscript><p>The page needs its script; <a href="status">the same as JSON</a> does not.</p></noscript>
${section('calls', 'Calls')}
${section('keys', 'Keys')}
${section('principals', 'Principals')}
${section('faults', 'Injected faults')}
${section('problems', 'Not here')}
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
