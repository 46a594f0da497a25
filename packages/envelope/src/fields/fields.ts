import type { EncryptionContext } from '../context.ts';
import type { Decryptor, Encryptor } from '../envelope.ts';
import { EnvelopeError } from '../errors.ts';
import type { CallOptions } from '../patience.ts';
import { identityOf, payloadOf, restored, sealedOf, taken } from './payload.ts';
import { boundContext, type Plan, planOf, SEALED } from './plan.ts';
import type { FieldPath, Sealed } from './types.ts';

/** How records are told apart. */
export interface FieldsOptions<T> {
  /**
   * Paths of fields that stay in clear and name the record, for example its key in the table. Their values, which are
   * text, numbers, bigints or booleans, are sealed with the fields and compared when these are opened, so that the
   * context, and with it the data key, can be the same for many records.
   * Default: none; then the context of each call has to name the record.
   */
  readonly identity?: readonly FieldPath<T>[];
}

/** Seals the chosen fields of records into one message a record, and opens them. */
export interface Fields<T, P extends string> {
  /**
   * Takes the fields out of a record and seals them in one AWS Encryption SDK message, with at most one KMS call. The
   * message is bound to the context, to the values of the identity, and to the paths of the fields.
   *
   * Sealed values are text, finite numbers, booleans, `null`, `undefined`, `Date`, `bigint`, `Uint8Array`, and lists and
   * plain objects of these. They come back as they were; a `Buffer` comes back as a `Uint8Array`. A property with the
   * value `undefined` is there.
   * @param box - encrypts
   * @param record - a plain object; left unchanged
   * @param context - as for {@link Encryptor.encrypt}
   * @param options - as for {@link Encryptor.encrypt}
   * @returns a copy without the fields; what is not on the way to a field is shared with the record
   * @throws EnvelopeError before KMS is called: `FIELD_MISSING`, `FIELD_INVALID`, `CONTEXT_INVALID`,
   * `CONTEXT_REQUIRED` when neither identity nor context names the record; further as {@link Encryptor.encrypt}
   */
  seal<C extends EncryptionContext>(
    box: Pick<Encryptor<C>, 'encrypt'>,
    record: T,
    context: C,
    options?: CallOptions,
  ): Promise<Sealed<T, P>>;
  /**
   * Opens the message of a record and puts the fields back, with at most one KMS call.
   * @param box - decrypts
   * @param record - as {@link Fields.seal} made it; left unchanged. What stayed in clear may have changed, except for
   * the identity and the places of the fields
   * @param context - as for {@link Decryptor.decrypt}
   * @param options - as for {@link Decryptor.decrypt}
   * @throws EnvelopeError `INVALID_INPUT` for a record without `$sealed`; `RECORD_MISMATCH` when the message is another
   * record's, when a field is there in clear, or has no place any more; `CONTEXT_MISMATCH` also when the message seals
   * other paths; further as {@link Decryptor.decrypt}
   */
  open<C extends EncryptionContext>(
    box: Pick<Decryptor<C>, 'decrypt'>,
    record: Sealed<T, P>,
    context: C,
    options?: CallOptions,
  ): Promise<T>;
}

/**
 * Declares which fields of records of the type `T` are sealed: `fields<User>({ identity: ['id'] })('ssn', 'cards[*].number')`.
 * @typeParam T - the record, a type of plain objects
 * @throws EnvelopeError `CONFIG` for a path that cannot be read, overlaps another one, or seals the identity
 */
export function fields<T>(
  options: FieldsOptions<T> = {},
): <const P extends FieldPath<T>>(...paths: P[]) => Fields<T, P> {
  return (...paths) => {
    const plan = planOf(paths, options.identity ?? []);
    return {
      async seal(box, record, context, options) {
        const bound = boundContext(plan, context);
        const { rest, payload } = taken(plan, record);
        // As text: its bytes are made, and overwritten, where the envelope does that, and not in Node's pool.
        const message = await box.encrypt(payload, bound, options);
        const text = Buffer.from(message.buffer, message.byteOffset, message.length).toString('base64');
        return { ...rest, [SEALED]: text } as Sealed<T, (typeof paths)[number]>;
      },
      async open(box, record, context, options) {
        const bound = boundContext(plan, context);
        const { rest, message } = sealedOf(record);
        const identity = identityOf(plan, rest);
        const payload = payloadOf(await box.decrypt(message, bound, 'bytes', options));
        if (JSON.stringify(payload.identity) !== JSON.stringify(identity)) throw otherRecord(plan);
        return restored(plan, rest, payload.fields) as T;
      },
    };
  };
}

function otherRecord({ identity }: Plan): EnvelopeError {
  return new EnvelopeError(
    'RECORD_MISMATCH',
    `the sealed fields belong to another record: its ${identity.map(({ text }) => text).join(', ')} differs`,
  );
}
