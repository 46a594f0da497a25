/**
 * An answer of KMS or STS that is an error. It is thrown inside the server, so that a step of a call can end it; the
 * protocol writes it to the wire. `explanation` is for the event and never leaves in the body.
 */
export class Fault extends Error {
  override readonly name = 'Fault';
  /** The exception as the service names it, e.g. `NotFoundException`. */
  readonly exception: string;
  /** What the client is told. Undefined where KMS says nothing: the member is then absent from the answer. */
  readonly text: string | undefined;
  /** Why, in words for the person who runs the local KMS. */
  readonly explanation: string | undefined;

  constructor(exception: string, text?: string, explanation?: string) {
    super(`${exception}${text === undefined ? '' : `: ${text}`}`);
    this.exception = exception;
    this.text = text;
    this.explanation = explanation;
  }
}

/**
 * The end of a call that is not answered at all: the client sees its connection fail. `exception` is the code that Node
 * has for what the client sees.
 */
export class Disconnection extends Fault {
  readonly code: 'ECONNRESET' | 'ECONNREFUSED';

  constructor(code: 'ECONNRESET' | 'ECONNREFUSED') {
    super(code, undefined, 'the connection failed before KMS did anything');
    this.code = code;
  }
}
