import { isIP } from 'node:net';

/** Whether a host name or address is one of this machine only, so that nobody else can reach it. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}
