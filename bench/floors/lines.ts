import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import type { FloorObject, Reference } from './schema.ts';

const LINE_END = 0x0a;

/** Lines of a stream, without their ends; every byte is shown to `see` on the way. */
export async function* lines(
  input: Readable,
  see: (bytes: Buffer) => unknown = () => undefined,
): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of input as AsyncIterable<Buffer>) {
    see(chunk);
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf(LINE_END);
    if (end >= 0) yield* bytes.toString('utf8', 0, end).split('\n');
    rest = bytes.subarray(end + 1);
  }
  if (rest.length > 0) yield rest.toString('utf8');
}

interface LoadLine {
  readonly kind: string;
  readonly id: string;
  readonly type: number;
  readonly subtype: number;
  readonly name: string;
  readonly description: string;
  readonly parentId: string | null;
  readonly ownerId: string;
  readonly version: string;
  readonly dateCreated: string;
  readonly dateModified: string;
  readonly acl: readonly { trusteeId: string; rights: number; deny: boolean; inheritable: boolean }[];
  readonly definition: { readonly expression?: { readonly tokens?: readonly { target: { objectId: string } }[] } };
  readonly uses: readonly { readonly id: string; readonly type: number }[];
}

/** The objects of a file in the load format. References are read where the generator is known to have put them. */
export async function* loadLines(file: string): AsyncGenerator<{ object: FloorObject; definition: string }> {
  for await (const text of lines(createReadStream(file, { highWaterMark: 1024 * 1024 }))) {
    const line = JSON.parse(text) as LoadLine;
    if (line.kind === 'object') yield { object: floorObject(line), definition: JSON.stringify(line.definition) };
  }
}

function floorObject(line: LoadLine): FloorObject {
  const tokens = line.definition.expression?.tokens ?? [];
  return {
    id: line.id,
    type: line.type,
    subtype: line.subtype,
    name: line.name,
    description: line.description,
    parent: line.parentId,
    owner: line.ownerId,
    version: line.version,
    created: line.dateCreated,
    modified: line.dateModified,
    references: [
      ...tokens.map(({ target }): Reference => [target.objectId, null]),
      ...line.uses.map(({ id, type }): Reference => [id, type]),
    ],
    acl: line.acl.map((entry) => [entry.trusteeId, entry.rights, Number(entry.deny), Number(entry.inheritable)]),
  };
}
