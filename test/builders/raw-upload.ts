import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { FILES, type StorageServer } from './storage-server.ts';

const BOUNDARY = 'xBoundaryx';
export const FORM_TYPE = `multipart/form-data; boundary=${BOUNDARY}`;

/** The form around a file, as clients write it that give the part no type. */
export function formParts(disposition = 'form-data; name="file"; filename="file"'): { head: Buffer; tail: Buffer } {
  return {
    head: Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: ${disposition}\r\n\r\n`),
    tail: Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  };
}

export function formBody(bytes: Buffer, disposition?: string): Buffer {
  const { head, tail } = formParts(disposition);
  return Buffer.concat([head, bytes, tail]);
}

/** An upload over a bare socket: a client can do as it likes there. */
export class RawUpload {
  readonly socket: Socket;
  readonly #chunks: Buffer[] = [];
  readonly closed: Promise<void>;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => this.#chunks.push(chunk));
    // A server that cuts the connection is one of the things that are tested.
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => void socket.once('close', () => resolve()));
  }

  /** Sends the head of a PUT; without a length the body is chunked. */
  static async begin(server: StorageServer, fileId: string, length?: number): Promise<RawUpload> {
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    const raw = new RawUpload(socket);
    raw.send(
      [
        `PUT /api${FILES}/${fileId}/binary HTTP/1.1`,
        'Host: 127.0.0.1',
        `X-MSTR-AuthToken: ${server.token}`,
        `Content-Type: ${FORM_TYPE}`,
        length === undefined ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`,
        '\r\n',
      ].join('\r\n'),
    );
    return raw;
  }

  get received(): string {
    return Buffer.concat(this.#chunks).toString('latin1');
  }

  /** False when the bytes wait on this side, because the other one does not take them. */
  send(bytes: Buffer | string): boolean {
    return this.socket.write(bytes);
  }

  sendChunk(bytes: Buffer): boolean {
    return this.send(Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]));
  }

  /** Resolves when so many answers have begun to arrive; with all that was received. */
  async answers(count = 1): Promise<string> {
    for (;;) {
      const { received } = this;
      if (received.split('HTTP/1.1 ').length > count && received.includes('\r\n\r\n')) return received;
      if (this.socket.destroyed) throw new Error(`The connection was closed after: ${received}`);
      await Promise.race([once(this.socket, 'data'), this.closed]);
    }
  }
}
