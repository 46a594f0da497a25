import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { EncryptionKey } from '../../lib';

const region = 'eu-west-1';
const app = new App();
const keys = new Stack(app, 'Keys', { env: { account: '111122223333', region } });
const shop = new Stack(app, 'Shop', { env: { account: '111122223333', region } });
const partner = new Stack(app, 'Partner', { env: { account: '444455556666', region } });
const role = (stack: Stack) =>
  new iam.Role(stack, 'Clerk', { roleName: 'clerk', assumedBy: new iam.AccountRootPrincipal() });

const own = new EncryptionKey(keys, 'Own');
own.grants.decrypt(role(shop));
own.grants.decrypt(iam.Role.fromRoleArn(keys, 'Imported', 'arn:aws:iam::444455556666:role/Clerk'));
const shared = new EncryptionKey(keys, 'Shared');
shared.grants.decrypt(role(partner));

const TURN = Match.stringLikeRegexp('Partner/Clerk, which has to exist before.*deploy Partner once before');

test('a key policy that names a role of a stack that names the key says that neither can be the first', () => {
  Annotations.fromStack(keys).hasWarning('/Keys/Shared', TURN);
});

test('a grant that stands in the IAM policy alone, or for an imported role, has no such turn', () => {
  Annotations.fromStack(keys).hasNoWarning('/Keys/Own', Match.anyValue());
});
