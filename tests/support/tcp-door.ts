import net from 'node:net';

/** A door before a server that can be shut at a chosen byte of what clients send, as if the client had died there. */
export interface TcpDoor {
  port: number;
  /** Once so many more bytes have come from clients nothing passes any more, and `then` is called once. */
  shutAfter(bytes: number, then: () => void): void;
  /** Everything passes again; connections that were open are closed. */
  open(): void;
  stop(): Promise<void>;
}

export async function startTcpDoor(target: number): Promise<TcpDoor> {
  let left = Infinity;
  let onShut: (() => void) | undefined;
  const sockets = new Set<net.Socket>();
  const server = net.createServer((client) => {
    const onwards = net.connect(target, '127.0.0.1');
    for (const socket of [client, onwards]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        onwards.destroy();
      });
    }
    client.on('data', (bytes) => {
      left -= bytes.length;
      if (left >= 0) return void onwards.write(bytes);
      onShut?.();
      onShut = undefined;
    });
    onwards.on('data', (bytes) => void (left >= 0 && client.write(bytes)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const closeAll = () => sockets.forEach((socket) => socket.destroy());
  return {
    port: (server.address() as net.AddressInfo).port,
    shutAfter(bytes, then) {
      left = bytes;
      onShut = then;
    },
    open() {
      left = Infinity;
      closeAll();
    },
    async stop() {
      closeAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
