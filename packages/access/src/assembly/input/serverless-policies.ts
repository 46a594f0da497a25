import { isObject, type Json } from '../../parsing/findings.ts';
import { membersOf, objectAt } from './files.ts';

/** Policies of a role that the Serverless Application Model makes. */
export interface ServerlessPolicies {
  /** Documents, or `Fn::If` of them. */
  readonly inline: readonly unknown[];
  /** ARNs; names of what cannot be read, which are ARNs of nothing. */
  readonly managed: readonly unknown[];
}

/** Actions of the policy templates that speak about KMS; all are on the key that parameter `KeyId` names. */
const WITH_KMS: Readonly<Record<string, readonly string[]>> = {
  KMSDecryptPolicy: ['kms:Decrypt'],
  KMSEncryptPolicy: ['kms:Encrypt'],
  KMSEncryptPolicy_v2: [
    'kms:Encrypt',
    'kms:GenerateDataKey',
    'kms:GenerateDataKeyWithoutPlaintext',
    'kms:GenerateDataKeyPair',
    'kms:GenerateDataKeyPairWithoutPlaintext',
  ],
};

/**
 * Policy templates that do not speak about KMS, without the `Policy` at the end of their names.
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html
 */
const WITHOUT_KMS: ReadonlySet<string> = new Set(
  `AMIDescribe AWSSecretsManagerGetSecretValue AWSSecretsManagerRotation AcmGetCertificate AthenaQuery
  CloudFormationDescribeStacks CloudWatchDashboard CloudWatchDescribeAlarmHistory CloudWatchPutMetric CodeCommitCrud
  CodeCommitRead CodePipelineLambdaExecution CodePipelineReadOnly ComprehendBasicAccess CostExplorerReadOnly
  DynamoDBBackupFullAccess DynamoDBCrud DynamoDBRead DynamoDBReconfigure DynamoDBRestoreFromBackup DynamoDBStreamRead
  DynamoDBWrite EC2CopyImage EC2Describe EFSWriteAccess EKSDescribe EcsRunTask ElasticMapReduceAddJobFlowSteps
  ElasticMapReduceCancelSteps ElasticMapReduceModifyInstanceFleet ElasticMapReduceModifyInstanceGroups
  ElasticMapReduceSetTerminationProtection ElasticMapReduceTerminateJobFlows ElasticsearchHttpPost EventBridgePutEvents
  FilterLogEvents FirehoseCrud FirehoseWrite KinesisCrud KinesisStreamRead LambdaInvoke MobileAnalyticsWriteOnlyAccess
  OrganizationsListAccounts PinpointEndpointAccess PollyFullAccess RekognitionDetectOnly RekognitionFacesManagement
  RekognitionFaces RekognitionLabels RekognitionNoDataAccess RekognitionRead RekognitionWriteOnlyAccess
  Route53ChangeResourceRecordSets S3Crud S3FullAccess S3Read S3Write SESBulkTemplatedCrud SESBulkTemplatedCrud_v2 SESCrud
  SESEmailTemplateCrud SESSendBounce SNSCrud SNSPublishMessage SQSPoller SQSSendMessage SSMParameterRead
  SSMParameterWithSlashPrefixRead SageMakerCreateEndpointConfig SageMakerCreateEndpoint ServerlessRepoReadWriteAccess
  StepFunctionsCallback StepFunctionsExecution StepFunctionsExecution_v2 TextractDetectAnalyze TextractGetResult Textract
  VPCAccess`.split(/\s+/),
);

/** What the role of a function gets: the policies that its author lists, and those that its events need. */
export function policiesOfFunction(properties: Json): ServerlessPolicies {
  const { inline, managed } = readListed(properties['Policies']);
  // Events add policies of AWS that are silent about KMS, but for brokers whose secret is under a key of its own.
  const events = membersOf(properties['Events']).flatMap(([name, event]) => {
    return 'SecretsManagerKmsKeyId' in objectAt(event, 'Properties') ? [`policy that event ${name} needs`] : [];
  });
  return { inline, managed: [...managed, ...events] };
}

const NOTHING = { Ref: 'AWS::NoValue' };

/** One or many; with `Fn::If` each branch may be a name, a document, a policy template or nothing. */
function readListed(listed: unknown): ServerlessPolicies {
  if (listed === undefined || (isObject(listed) && listed['Ref'] === NOTHING.Ref)) return { inline: [], managed: [] };
  if (Array.isArray(listed)) {
    const read = listed.map(readListed);
    return { inline: read.flatMap(({ inline }) => inline), managed: read.flatMap(({ managed }) => managed) };
  }
  const branches = isObject(listed) ? listed['Fn::If'] : undefined;
  if (!Array.isArray(branches)) return { inline: [], managed: [], ...readItem(listed) };
  const [condition, ...outcomes] = branches;
  const [whenTrue, whenFalse] = outcomes.map(readListed);
  const either = (yes: readonly unknown[] = [], no: readonly unknown[] = []) =>
    Array.from({ length: Math.max(yes.length, no.length) }, (_, index) => ({
      'Fn::If': [condition, yes[index] ?? NOTHING, no[index] ?? NOTHING],
    }));
  return {
    inline: either(whenTrue?.inline, whenFalse?.inline),
    managed: either(whenTrue?.managed, whenFalse?.managed),
  };
}

function readItem(item: unknown): Partial<ServerlessPolicies> {
  if (typeof item === 'string') return { managed: [item.includes(':') ? item : awsManaged(item)] };
  if (!isObject(item)) return { managed: ['policy that is neither a name nor an object'] };
  if ('Statement' in item) return { inline: [item] };
  const [[name = '', parameters] = []] = Object.entries(item);
  if (name === 'Ref' || name.startsWith('Fn::')) return { managed: [item] };
  if (Object.hasOwn(WITH_KMS, name)) return { inline: [documentOf(WITH_KMS[name] ?? [], parameters)] };
  if (WITHOUT_KMS.has(name.replace(/Policy(_v2)?$/, '$1'))) return {};
  return { managed: [`policy template ${name}`] };
}

/** A policy of AWS is named without its path; which path it has is looked up where policies of AWS are known. */
function awsManaged(name: string): unknown {
  return { 'Fn::Sub': `arn:\${AWS::Partition}:iam::aws:policy/${name}` };
}

function documentOf(actions: readonly string[], parameters: unknown): Json {
  const keyId = isObject(parameters) ? parameters['KeyId'] : undefined;
  const place = `arn:\${AWS::Partition}:kms:\${AWS::Region}:\${AWS::AccountId}:key/\${keyId}`;
  const resource = { 'Fn::Sub': [place, { keyId: keyId ?? '' }] };
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: resource }] };
}
