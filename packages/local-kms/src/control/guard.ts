import { isLoopback } from '../server/loopback.ts';
import type { WireRequest } from '../wire/message.ts';

/**
 * Why a request may not use the endpoints of the local KMS's own; undefined: it may. They are not signed, since they give
 * nobody a key; but they are for programs on this machine, and not for web pages that somebody on it reads: neither for
 * those of other sites, nor for one whose own name was made to mean this machine (DNS rebinding).
 *
 * @see https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
export function refused({ sourceAddress, headers }: WireRequest): string | undefined {
  if (!isLoopback(sourceAddress) || !isLoopback(hostOf(headers.get('host')))) {
    return 'only programs on the same machine may do this, at a loopback address';
  }
  return isOfOtherSite(headers) ? OTHER_SITES : undefined;
}

/**
 * Why a request may not use KMS and STS; undefined: it may. Where nobody has to sign, a web page could call as well as a
 * program. Browsers say with every POST which page it comes from, and programs do not.
 */
export function refusedPage({ headers }: WireRequest): string | undefined {
  const isRebound = headers.has('origin') && !isLoopback(hostOf(headers.get('host')));
  return isRebound || isOfOtherSite(headers) ? OTHER_SITES : undefined;
}

const OTHER_SITES = 'web pages of other sites may not do this; open the address itself, or use a program';

function isOfOtherSite(headers: WireRequest['headers']): boolean {
  const origin = headers.get('origin');
  const site = headers.get('sec-fetch-site') ?? 'none';
  return (origin !== undefined && origin !== `http://${headers.get('host')}`) || !OWN_SITES.has(site);
}

/** A page of this server, or an address that somebody typed. */
const OWN_SITES: ReadonlySet<string> = new Set(['same-origin', 'none']);

/** The host that a request was for: that of a web page whose own name was made to mean this machine is another one. */
function hostOf(header = ''): string {
  return URL.canParse(`http://${header}`) ? new URL(`http://${header}`).hostname.replace(/^\[(.*)\]$/, '$1') : '';
}
