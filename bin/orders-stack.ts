import { join } from 'node:path';
import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Construct } from 'constructs';
import { EncryptionKey, Envelope } from '../lib';

/** Orders of many tenants: one function may only seal them, another may only open them, a third may do neither. */
export class OrdersStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const key = new EncryptionKey(this, 'Key', {
      alias: 'orders',
      description: 'Orders of all tenants, at rest and in messages',
      rotationPeriod: Duration.days(180),
    });

    const orders = new Envelope(this, 'OrdersEnvelope', {
      envelopeName: 'Orders',
      key,
      context: { service: 'orders' },
      requiredContext: ['tenant'],
    });

    orders.grantEncrypt(this.handler('Writer', 'writer.ts'));
    orders.grantDecrypt(this.handler('Reader', 'reader.ts'));

    // It knows the key's ARN, as anything may; nobody gave it permission.
    this.handler('Reporter', 'reporter.ts', { ORDERS_KEY_ARN: key.keyArn });

    new dynamodb.Table(this, 'Table', {
      partitionKey: { name: 'tenant', type: dynamodb.AttributeType.STRING },
      sortKey: { name: 'orderId', type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      encryption: dynamodb.TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: key,
    });
  }

  private handler(id: string, file: string, environment?: Record<string, string>): lambda.Function {
    return new NodejsFunction(this, id, {
      entry: join(__dirname, 'handlers', file),
      runtime: lambda.Runtime.NODEJS_24_X,
      memorySize: 512,
      timeout: Duration.seconds(10),
      environment,
    });
  }
}
