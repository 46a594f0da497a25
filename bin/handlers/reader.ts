import { decryptor } from '@cdk-keysmith/envelope';

const orders = decryptor<{ tenant: string }>('Orders');

/** Opens an order; only under the tenant that it was sealed for. */
export async function handler(event: { tenant: string; sealed: string }): Promise<unknown> {
  return orders.decrypt(event.sealed, { tenant: event.tenant }, 'json');
}
