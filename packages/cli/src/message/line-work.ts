import { ahead } from './ahead.ts';
import { failureOf } from './failure.ts';
import { isBlank, type Line, linesOf, wholeLine } from './lines.ts';
import { type JsonObject, type Member, type MemberPath, readObject, required } from './member.ts';
import type { Sink } from './sink.ts';
import type { Source } from './source.ts';

/**
 * Writes every line with another value in one of its members; the rest of it as it was. Blank lines, and lines without
 * the member where they may lack it, stay as they are.
 * @param into - what the member is called afterwards; the same as before when nothing is given
 * @param work - makes the new value, as JSON text
 * @throws {@link CliError} the failure of the first line that fails, after those before it were written
 */
export async function eachLine(
  { name, chunks }: Source,
  field: MemberPath,
  into: string | undefined,
  sink: Sink,
  work: (object: JsonObject, member: Member) => Promise<string>,
): Promise<void> {
  const changed = async (line: Line): Promise<Uint8Array> => {
    try {
      const object = isBlank(line) ? undefined : readObject(line.bytes);
      const member = object && required(object, field);
      if (object === undefined || member === undefined) return wholeLine(line);
      return wholeLine(line, Buffer.from(member.replace(await work(object, member), into)));
    } catch (error) {
      throw failureOf(`${name}, line ${line.number}`, error);
    }
  };
  for await (const bytes of ahead(linesOf(chunks), changed)) await sink.write(bytes);
}
