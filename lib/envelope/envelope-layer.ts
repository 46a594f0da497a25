import { join } from 'node:path';
import type { RemovalPolicy } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { maybe, requireShape, type Shape, text } from '../private/shape';

/** Of this file in `lib/` as in `dist/`. */
const PREBUILT = join(__dirname, '..', '..', 'assets', 'envelope-layer');

/** Properties of an `EnvelopeLayer`. */
export interface EnvelopeLayerProps {
  /**
   * Name of the layer: 1 to 140 letters, digits, `-` and `_`.
   *
   * @default - a name that CloudFormation makes up
   */
  readonly layerVersionName?: string;

  /**
   * What happens to a version of the layer when another one takes its place, or it leaves the stack. Functions that have
   * it already keep working.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;
}

const ENVELOPE_LAYER: Shape<EnvelopeLayerProps> = { layerVersionName: maybe(text), removalPolicy: maybe(text) };

/**
 * `@cdk-keysmith/envelope` as a Lambda layer, for functions that are not bundled. It has the version of the helper that
 * belongs to this version of the constructs, and uses the AWS SDK of the Lambda runtime.
 *
 * A bundled function needs none: it carries the parts of the helper that it uses.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-layers.html
 */
export class EnvelopeLayer extends lambda.LayerVersion {
  /** @throws for a property of another type */
  constructor(scope: Construct, id: string, props: EnvelopeLayerProps = {}) {
    requireShape(`${scope.node.path}/${id}`, props, ENVELOPE_LAYER);
    super(scope, id, {
      code: lambda.Code.fromAsset(PREBUILT),
      compatibleRuntimes: [lambda.Runtime.NODEJS_22_X, lambda.Runtime.NODEJS_24_X],
      description: '@cdk-keysmith/envelope, for Node.js functions that are not bundled',
      license: 'Apache-2.0',
      layerVersionName: props.layerVersionName,
      removalPolicy: props.removalPolicy,
    });
  }
}
