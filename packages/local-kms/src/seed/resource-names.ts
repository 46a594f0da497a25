/**
 * What `Ref` and `Fn::GetAtt` give for resources of other services, in the shapes that their services use. `{name}` is
 * the stand-in for the physical name, `{id}` for the digits of an id. A resource type or attribute that is not here stays unknown.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const RESOURCE_NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'AWS::S3::Bucket': { Ref: '{lower}', Arn: 'arn:{partition}:s3:::{lower}' },
  'AWS::DynamoDB::Table': { Ref: '{name}', Arn: 'arn:{partition}:dynamodb:{region}:{account}:table/{name}' },
  'AWS::DynamoDB::GlobalTable': { Ref: '{name}', Arn: 'arn:{partition}:dynamodb:{region}:{account}:table/{name}' },
  'AWS::SQS::Queue': {
    Ref: 'https://sqs.{region}.{suffix}/{account}/{name}',
    Arn: 'arn:{partition}:sqs:{region}:{account}:{name}',
    QueueName: '{name}',
    QueueUrl: 'https://sqs.{region}.{suffix}/{account}/{name}',
  },
  'AWS::SNS::Topic': {
    Ref: 'arn:{partition}:sns:{region}:{account}:{name}',
    TopicArn: 'arn:{partition}:sns:{region}:{account}:{name}',
    TopicName: '{name}',
  },
  'AWS::Logs::LogGroup': { Ref: '{name}', Arn: 'arn:{partition}:logs:{region}:{account}:log-group:{name}:*' },
  'AWS::Kinesis::Stream': { Ref: '{name}', Arn: 'arn:{partition}:kinesis:{region}:{account}:stream/{name}' },
  'AWS::Events::Rule': { Ref: '{name}', Arn: 'arn:{partition}:events:{region}:{account}:rule/{name}' },
  'AWS::StepFunctions::StateMachine': {
    Ref: 'arn:{partition}:states:{region}:{account}:stateMachine:{name}',
    Arn: 'arn:{partition}:states:{region}:{account}:stateMachine:{name}',
    Name: '{name}',
  },
  'AWS::SSM::Parameter': { Ref: '{name}' },
  'AWS::IAM::Role': { Ref: '{name}' },
  'AWS::IAM::User': { Ref: '{name}' },
  'AWS::IAM::Group': { Ref: '{name}', Arn: 'arn:{partition}:iam::{account}:group/{name}' },
  'AWS::IAM::ManagedPolicy': { Ref: 'arn:{partition}:iam::{account}:policy/{name}' },
  'AWS::Lambda::Function': { Ref: '{name}' },
  'AWS::EC2::VPC': { Ref: 'vpc-{id}', VpcId: 'vpc-{id}' },
  'AWS::EC2::VPCEndpoint': { Ref: 'vpce-{id}', Id: 'vpce-{id}' },
};
