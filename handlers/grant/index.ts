import { KMSClient } from '@aws-sdk/client-kms';
import { grantHandler } from './grant';

export const handler = grantHandler(new KMSClient());
