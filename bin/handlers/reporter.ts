import { decryptor } from '@cdk-keysmith/envelope';

// Wired by hand instead of by a grant: code and key ARN are right, and yet there is no permission.
const orders = decryptor<{ tenant: string }>('Orders', {
  direction: 'decrypt',
  unwrapKeys: [process.env.ORDERS_KEY_ARN ?? ''],
  context: { service: 'orders' },
  requiredContext: ['tenant'],
});

/** Would sum up orders, if it could open them. */
export async function handler(event: { tenant: string; sealed: string }): Promise<unknown> {
  return orders.decrypt(event.sealed, { tenant: event.tenant }, 'json');
}
