/** What went wrong, stable across releases. */
export type AccessErrorCode =
  /** What is to be read does not exist, or is neither a cloud assembly nor a template. */
  | 'NOT_AN_ASSEMBLY'
  /** `manifest.json` or an asset list is not what a cloud assembly holds. */
  | 'MALFORMED_MANIFEST'
  /** A template is missing, or is not the JSON or YAML of a CloudFormation template. */
  | 'MALFORMED_TEMPLATE'
  /** A file is larger than any real one. */
  | 'FILE_TOO_LARGE'
  /** A template is deeper, or holds more, than any real one: see {@link LIMITS}. */
  | 'LIMIT_EXCEEDED'
  /** The assembly names a file that lies outside its folder. */
  | 'PATH_OUTSIDE_ASSEMBLY'
  /** A policy document breaks the grammar of IAM policies. */
  | 'MALFORMED_POLICY'
  /** A request names something that KMS does not have. */
  | 'INVALID_REQUEST'
  /** A file of suppressions is not what it should be. */
  | 'MALFORMED_SUPPRESSIONS'
  /** A check is asked for by an id that no rule has. */
  | 'UNKNOWN_RULE';

/** The error of this package. `message` is for people, `code` for programs; `problems` lists all that was found. */
export class AccessError extends Error {
  readonly code: AccessErrorCode;
  readonly problems: readonly string[];

  constructor(code: AccessErrorCode, message: string, problems: readonly string[] = [], options?: ErrorOptions) {
    super(message, options);
    this.name = 'AccessError';
    this.code = code;
    this.problems = problems;
  }
}
