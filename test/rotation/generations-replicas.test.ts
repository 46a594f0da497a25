import { accessMap, readAssembly } from '@cdk-keysmith/access';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { EncryptionKeyGenerations, Envelope } from '../../lib';

/* Keys that follow one another, each with a replica in another Region, under one envelope with a function on each side. */

const { context } = require('../../cdk.json');
const env = { account: '111122223333', region: 'eu-west-1' };
const FRANKFURT = 'eu-central-1';

const app = new App({ context });
const stack = new Stack(app, 'Letters', { env });
const generations = new EncryptionKeyGenerations(stack, 'Keys', {
  generations: [{ id: '2024', retired: true }, { id: '2025' }, { id: '2026' }],
  alias: 'letters',
  keyProps: { replicaRegions: [FRANKFURT] },
});
const envelope = new Envelope(stack, 'Envelope', { envelopeName: 'Letters', generations, context: { of: 'letters' } });
const remote = new Stack(app, 'Remote', { env: { ...env, region: FRANKFURT } });
envelope.grantEncrypt(handlerIn(stack, 'Writer'));
envelope.grantDecrypt(handlerIn(remote, 'Reader'));
const { directory } = app.synth();

function handlerIn(scope: Stack, id: string): lambda.Function {
  return new lambda.Function(scope, id, {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => {};'),
  });
}

test('every generation has its replica, retired ones too', () => {
  const replicas = Template.fromStack(app.node.findChild(`Letters-replicas-${FRANKFURT}`) as Stack);
  replicas.resourceCountIs('AWS::KMS::ReplicaKey', 3);
  expect(generations.current.node.id).toBe('Generation2026');
});

test('who seals wraps under the current generation in every Region, who opens has all that are not retired', () => {
  const rows = accessMap(readAssembly(directory)).keys.flatMap(({ key, rows }) =>
    rows.flatMap(({ grantee, cells }) =>
      cells
        .filter(
          ({ action, decision }) => /Decrypt|GenerateDataKey$|Encrypt$/.test(action) && decision.verdict !== 'denied',
        )
        .filter(() => /Writer|Reader/.test(grantee.name))
        .map(({ action, decision }) => `${key.constructPath} ${grantee.name} ${action} ${decision.verdict}`),
    ),
  );
  expect(rows).toEqual([
    'Letters/Keys/Generation2025 Remote/Reader/ServiceRole kms:Decrypt allowed-if',
    'Letters/Keys/Generation2026 Letters/Writer/ServiceRole kms:GenerateDataKey allowed-if',
    'Letters/Keys/Generation2026 Remote/Reader/ServiceRole kms:Decrypt allowed-if',
    'Letters-replicas-eu-central-1/Keys-Generation2025 Remote/Reader/ServiceRole kms:Decrypt allowed-if',
    'Letters-replicas-eu-central-1/Keys-Generation2026 Letters/Writer/ServiceRole kms:Encrypt allowed-if',
    'Letters-replicas-eu-central-1/Keys-Generation2026 Remote/Reader/ServiceRole kms:Decrypt allowed-if',
  ]);
});
