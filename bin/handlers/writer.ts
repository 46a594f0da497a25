import { encryptor } from '@cdk-keysmith/envelope';

// Key, constants and limits come from the function's environment, where the Envelope construct put them.
const orders = encryptor<{ tenant: string }>('Orders');

/** Seals an order for one tenant, ready to be stored. */
export async function handler(event: { tenant: string; order: unknown }): Promise<{ tenant: string; sealed: string }> {
  const message = await orders.encrypt(JSON.stringify(event.order), { tenant: event.tenant });
  return { tenant: event.tenant, sealed: Buffer.from(message).toString('base64') };
}
