import type { MessagePort } from 'node:worker_threads';

// Node 20 has no transfer.
const HAS_TRANSFER = 'transfer' in ArrayBuffer.prototype;

/** Bytes that take longer to allocate anew than to release. */
export const RELEASE_PAYS_FROM = HAS_TRANSFER ? 4_096 : 32_768;

/** A port whose other end is closed: what is sent there is gone. */
let nowhere: MessagePort | undefined;

/**
 * Gives the memory of bytes back at once, instead of when the garbage collector comes to it: it does not see how much
 * memory hangs on them, and comes late. The bytes are empty afterwards. Memory of which they are only a part stays.
 */
export function released({ buffer, byteLength }: Uint8Array<ArrayBuffer>): void {
  if (buffer.byteLength !== byteLength) return;
  if (HAS_TRANSFER) (buffer as ArrayBuffer & { transfer(length: number): void }).transfer(0);
  else sentAway(buffer);
}

function sentAway(buffer: ArrayBuffer): void {
  if (nowhere === undefined) {
    nowhere = new MessageChannel().port1;
    nowhere.close();
  }
  nowhere.postMessage(undefined, [buffer]);
}
