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
  const host = headers.get('host');
  if (!isLoopback(sourceAddress) || !isLoopback(hostOf(host))) {
    return 'only programs on the same machine may do this, at a loopback address';
  }
  const origin = headers.get('origin');
  const site = headers.get('sec-fetch-site') ?? 'none';
  if ((origin !== undefined && origin !== `http://${host}`) || !OWN_SITES.has(site)) {
    return 'web pages of other sites may not do this; open the address itself, or use a program';
  }
  return undefined;
}

/** A page of this server, or an address that somebody typed. */
const OWN_SITES: ReadonlySet<string> = new Set(['same-origin', 'none']);

/** The host that a request was for: that of a web page whose own name was made to mean this machine is another one. */
function hostOf(header = ''): string {
  return URL.canParse(`http://${header}`) ? new URL(`http://${header}`).hostname.replace(/^\[(.*)\]$/, '$1') : '';
}
