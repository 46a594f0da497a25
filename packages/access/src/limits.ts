import { AccessError } from './errors.ts';

/** One limit of what is read: beyond it reading ends with an error, or with a part that is unknown, and says so. */
export interface Limit {
  readonly most: number;
  readonly unit: string;
  /** What is limited. */
  readonly of: string;
  /** Why so many are enough. */
  readonly because: string;
}

/**
 * Everything that untrusted files could make large. `docs/reference/access-limits.md` is made of this table.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
export const LIMITS = {
  fileBytes: {
    most: 64 * 1024 * 1024,
    unit: 'bytes',
    of: 'a manifest or metadata file',
    because: 'manifests with all their metadata have some megabytes',
  },
  jsonBytes: {
    most: 16 * 1024 * 1024,
    unit: 'bytes',
    of: 'a JSON template or policy file',
    because: 'CloudFormation takes 1 MB',
  },
  yamlBytes: {
    most: 4 * 1024 * 1024,
    unit: 'bytes',
    of: 'a YAML template',
    because: 'CloudFormation takes 1 MB',
  },
  suppressionBytes: {
    most: 1024 * 1024,
    unit: 'bytes',
    of: 'a file of suppressions',
    because: 'ten thousand suppressions with their reasons fit',
  },
  depth: {
    most: 200,
    unit: 'levels',
    of: 'the nesting of a template',
    because: 'people and tools write some thirty',
  },
  nodes: {
    most: 500_000,
    unit: 'values',
    of: 'a template, after YAML aliases and Fn::ForEach are expanded',
    because: 'a template of 1 MB has a fifth of it',
  },
  resources: {
    most: 5_000,
    unit: 'resources',
    of: 'a template',
    because: 'CloudFormation takes 500',
  },
  allResources: {
    most: 200_000,
    unit: 'resources',
    of: 'everything that is read at once, nested stacks included',
    because: 'the largest apps have some ten thousand',
  },
  templates: {
    most: 1_000,
    unit: 'stacks and stages',
    of: 'everything that is read at once, nested stacks included',
    because: 'the largest apps have some hundred stacks',
  },
  nesting: {
    most: 16,
    unit: 'levels',
    of: 'stages in stages, and stacks in stacks',
    because: 'nobody nests them deeper',
  },
  references: {
    most: 200,
    unit: 'steps',
    of: 'a chain of references, the nesting of the template included',
    because: 'real chains have some ten',
  },
  stringLength: {
    most: 1_000_000,
    unit: 'characters',
    of: 'a string that intrinsic functions put together',
    because: 'a whole template is no longer',
  },
  stringParts: {
    most: 2_000,
    unit: 'parts',
    of: 'a string that intrinsic functions put together',
    because: 'real ones have some ten',
  },
  alternatives: {
    most: 64,
    unit: 'combinations',
    of: 'undecided conditions in one value or statement',
    because: 'more than that nobody can read',
  },
  matchSteps: {
    most: 16_000_000,
    unit: 'comparisons of characters',
    of: 'matching one string against one pattern',
    because: 'policies of real size need some thousand',
  },
} as const satisfies Readonly<Record<string, Limit>>;

/** @throws {AccessError} `LIMIT_EXCEEDED`, where `count` is beyond the limit; `where` begins the message. */
export function within(limit: Limit, count: number, where: string | (() => string)): void {
  if (count <= limit.most) return;
  const place = typeof where === 'string' ? where : where();
  throw new AccessError('LIMIT_EXCEEDED', `${place}: more than ${limit.most} ${limit.unit}, the limit for ${limit.of}`);
}
