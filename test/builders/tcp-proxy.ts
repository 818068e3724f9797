import { EventEmitter, once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A network between a client and a server on loopback, which can be cut. */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  /** Breaks the connection that brings so many bytes of answers first; then the network is whole again. */
  cutAfter(bytes: number): void;
  /** Breaks every connection, as `cut` does, once something is sent that holds such a text. */
  cutBefore(text: RegExp): void;
  /**
   * Takes everything and passes nothing on any more, from something that holds such a text on, until `mend`; resolves
   * when that has come.
   */
  stallBefore(text: RegExp): Promise<void>;
  /** Breaks every connection, and each new one until `mend`. */
  cut(): void;
  /**
   * Passes nothing on any more, not even the end of a connection, until `mend`: neither side hears of it, and what was
   * sent meanwhile comes late. New connections are as silent.
   */
  freeze(): void;
  mend(): void;
  /** How many connections were broken by `cutAfter`. */
  readonly cuts: number;
  close(): Promise<void>;
}

export async function aTcpProxy(target: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let [isCut, limit, cuts] = [false, Infinity, 0];
  let trap: RegExp | null = null;
  let stall: RegExp | null = null;
  let isStalled = false;
  let stalled: () => void = () => undefined;
  let isFrozen = false;
  const thaw = new EventEmitter().setMaxListeners(0);
  const breakAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const cut = (): void => {
    isCut = true;
    trap = null;
    breakAll();
  };
  const server = createServer((client) => {
    if (isCut) return void client.destroy();
    const upstream = connect(target, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('close', () => {
        sockets.delete(socket);
        const breakBoth = (): void => {
          client.destroy();
          upstream.destroy();
        };
        if (isFrozen) thaw.once('thaw', breakBoth);
        else breakBoth();
      });
      socket.on('error', () => undefined);
    }
    let passed = 0;
    client.on('data', (chunk) => {
      if (trap?.test(chunk.toString('latin1'))) return cut();
      if (stall?.test(chunk.toString('latin1'))) {
        isStalled = true;
        stall = null;
        stalled();
      }
      if (isStalled) return;
      if (!upstream.write(chunk)) {
        client.pause();
        upstream.once('drain', () => isFrozen || client.resume());
      }
    });
    if (isFrozen) {
      client.pause();
      upstream.pause();
    }
    client.on('end', () => upstream.end());
    upstream.on('data', (chunk) => {
      passed += chunk.length;
      if (passed > limit) {
        limit = Infinity;
        cuts += 1;
        client.destroy();
        return;
      }
      if (!client.write(chunk)) {
        upstream.pause();
        client.once('drain', () => isFrozen || upstream.resume());
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    server.close();
    breakAll();
    await once(server, 'close');
  };
  return {
    port: (server.address() as AddressInfo).port,
    get cuts() {
      return cuts;
    },
    cutAfter(bytes) {
      limit = bytes;
    },
    cutBefore(text) {
      trap = text;
    },
    cut,
    stallBefore(text) {
      stall = text;
      return new Promise((resolve) => (stalled = resolve));
    },
    freeze() {
      isFrozen = true;
      for (const socket of sockets) socket.pause();
    },
    mend() {
      isFrozen = false;
      for (const socket of sockets) socket.resume();
      thaw.emit('thaw');
      isCut = false;
      isStalled = false;
      stall = null;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
