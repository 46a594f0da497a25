import { accessMap, checkAssembly, readAssembly } from '@cdk-keysmith/access';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import {
  AccountDelegation,
  EncryptionKey,
  type IEncryptionKey,
  KeyOrigin,
  MacKey,
  OnDemandRotation,
  type OnDemandRotationProps,
  RotationTimes,
  SigningKey,
  SigningKeySpec,
} from '../../lib';
import { failureOf } from '../failure-of';

const IRELAND = { account: '111122223333', region: 'eu-west-1' };
const days = (count: number, from = '2027-01-01T00:00:00Z') =>
  Array.from({ length: count }, (_, index) => new Date(Date.parse(from) + index * 86_400_000));
const span = (start: string, end: string) => ({ start: new Date(start), end: new Date(end) });

const app = new App();
const stack = new Stack(app, 'Rotation', { env: IRELAND });
const administrator = new iam.Role(stack, 'Administrator', { assumedBy: new iam.AccountRootPrincipal() });
const twice = new OnDemandRotation(stack, 'Twice', {
  key: new EncryptionKey(stack, 'Key'),
  times: RotationTimes.at([new Date('2027-03-01T06:30:00Z'), new Date('2028-03-01T06:30:00Z')]),
  deadLetterQueue: new sqs.Queue(stack, 'Failed'),
});
const regular = new OnDemandRotation(stack, 'Regular', {
  key: new EncryptionKey(stack, 'Strict', {
    accountDelegation: AccountDelegation.NONE,
    administrators: [administrator],
    origin: KeyOrigin.EXTERNAL,
  }),
  times: RotationTimes.every(Duration.days(30), span('2027-01-01', '2027-12-31')),
});
const { directory } = app.synth();
const template = Template.fromStack(stack);

describe('the template', () => {
  test('has a schedule for each date, which asks KMS itself', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'at(2027-03-01T06:30:00)',
      ScheduleExpressionTimezone: 'Etc/UTC',
      FlexibleTimeWindow: { Mode: 'OFF' },
      State: 'ENABLED',
      Target: {
        Arn: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':scheduler:::aws-sdk:kms:rotateKeyOnDemand']] },
        Input: { 'Fn::Join': ['', ['{"KeyId":"', { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] }, '"}']] },
        RetryPolicy: { MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 3600 },
        DeadLetterConfig: { Arn: Match.anyValue() },
      },
    });
    template.resourceCountIs('AWS::Scheduler::Schedule', 3);
    template.resourceCountIs('AWS::Lambda::Function', 0);
    expect(twice.declaredRotations).toBe(2);
  });

  test('has one schedule for a period, with start and end', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(30 days)',
      StartDate: '2027-01-01T00:00:00.000Z',
      EndDate: '2027-12-31T00:00:00.000Z',
    });
    expect(regular.declaredRotations).toBe(13);
  });

  test('has a role for the schedules of this account alone, that may rotate this key alone', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Principal: { Service: 'scheduler.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': '111122223333', 'aws:SourceArn': Match.anyValue() } },
          },
        ],
      },
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          {
            Effect: 'Allow',
            Action: 'kms:RotateKeyOnDemand',
            Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] },
          },
        ]),
      },
    });
  });

  test('another date leaves the schedules that are there alone', () => {
    const idsFor = (dates: Date[]) => {
      const own = new Stack(new App(), 'Own');
      new OnDemandRotation(own, 'Rotation', { key: new EncryptionKey(own, 'Key'), times: RotationTimes.at(dates) });
      return Object.keys(Template.fromStack(own).findResources('AWS::Scheduler::Schedule'));
    };
    const [one, two] = [idsFor(days(1)), idsFor(days(2))];
    expect(two).toHaveLength(2);
    expect(two).toEqual(expect.arrayContaining(one));
  });
});

test('the role administers nothing else and uses nothing; it stands in the policy of a key that wants it', () => {
  const assembly = readAssembly(directory);
  const map = accessMap(assembly);
  expect(map.unknowns).toEqual([]);
  expect(checkAssembly(assembly).filter(({ constructPath }) => /Role$/.test(constructPath))).toEqual([]);
  for (const [path, role] of [
    ['Rotation/Key', 'Twice'],
    ['Rotation/Strict', 'Regular'],
  ]) {
    const rows = map.keys.find(({ key }) => key.constructPath === path)?.rows ?? [];
    const cells = rows.find(({ grantee }) => grantee.name.includes(`${role}/Role`))?.cells ?? [];
    const allowed = cells.filter(({ decision }) => decision.verdict !== 'denied').map(({ action }) => action);
    expect(allowed.filter((action) => action !== 'kms:RotateKeyOnDemand')).toEqual([]);
  }
  template.hasResourceProperties('AWS::KMS::Key', {
    Origin: 'EXTERNAL',
    KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Action: 'kms:RotateKeyOnDemand', Resource: '*' })]) },
  });
});

describe('a declaration', () => {
  function failure(props: (own: Stack) => Partial<OnDemandRotationProps>): string {
    const own = new App();
    const place = new Stack(own, 'Own', { env: IRELAND });
    const more = props(place);
    new OnDemandRotation(place, 'Rotation', {
      key: more.key ?? new EncryptionKey(place, 'Key'),
      times: RotationTimes.at(days(1)),
      ...more,
    });
    return failureOf(own);
  }

  test('of 25 rotations in all is taken', () => {
    expect(failure(() => ({ times: RotationTimes.at(days(25)) }))).toBe('');
    expect(failure(() => ({ times: RotationTimes.at(days(5)), rotationsBefore: 20 }))).toBe('');
    const month = Duration.days(30);
    expect(failure(() => ({ times: RotationTimes.every(month, span('2027-01-01', '2028-12-21')) }))).toBe('');
  });

  test.each<[string, (own: Stack) => Partial<OnDemandRotationProps>]>([
    ['26 rotations are declared: a key has 25', () => ({ times: RotationTimes.at(days(26)) })],
    ['5 rotations are declared and 21 were before', () => ({ times: RotationTimes.at(days(5)), rotationsBefore: 21 })],
    [
      '26 rotations are declared',
      () => ({ times: RotationTimes.every(Duration.days(30), span('2027-01-01', '2029-01-20')) }),
    ],
    ['rotationsBefore of -1', () => ({ rotationsBefore: -1 })],
    ['no date is given', () => ({ times: RotationTimes.at([]) })],
    ['given twice', () => ({ times: RotationTimes.at([...days(1), ...days(1)]) })],
    ['one of the dates is none', () => ({ times: RotationTimes.at([new Date('soon')]) })],
    [
      'a period of 0.5 days',
      () => ({ times: RotationTimes.every(Duration.hours(12), span('2027-01-01', '2027-01-02')) }),
    ],
    ['end is before start', () => ({ times: RotationTimes.every(Duration.days(1), span('2027-01-02', '2027-01-01')) })],
    ['end is start', () => ({ times: RotationTimes.every(Duration.days(1), span('2027-01-02', '2027-01-02')) })],
    ['KMS rotates symmetric encryption keys only', (own) => ({ key: asEncryptionKey(new MacKey(own, 'M')) })],
    [
      'is an asymmetric key with usage SIGN_VERIFY',
      (own) => ({ key: asEncryptionKey(new SigningKey(own, 'S', { keySpec: SigningKeySpec.ECC_NIST_P256 })) }),
    ],
    ['wants the id of a key', (own) => ({ key: EncryptionKey.fromAliasName(own, 'Alias', 'orders') })],
    [
      'in account 444455556666 and Region us-east-1',
      (own) => ({
        key: EncryptionKey.fromKeyArn(own, 'Far', `arn:aws:kms:us-east-1:444455556666:key/${'a'.repeat(36)}`),
      }),
    ],
  ])('fails with "%s"', (text, props) => {
    expect(failure(props)).toContain(text);
  });

  test('of a second rotation of a key throws, since they are counted together', () => {
    const own = new Stack(new App(), 'Own');
    const key = new EncryptionKey(own, 'Key');
    new OnDemandRotation(own, 'One', { key, times: RotationTimes.at(days(1)) });
    expect(() => new OnDemandRotation(own, 'Two', { key, times: RotationTimes.at(days(1)) })).toThrow(
      'Own/Two: Own/Key is already rotated by Own/One',
    );
  });

  // What TypeScript does not compile, other languages can still pass.
  function asEncryptionKey(key: unknown): IEncryptionKey {
    return key as IEncryptionKey;
  }
});
