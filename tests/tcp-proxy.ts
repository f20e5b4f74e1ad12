import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface TcpProxy {
  /** As that of the server, through the proxy. */
  url: string;
  /** Ends all connections through it, and takes no new ones. */
  cut: () => void;
  mend: () => void;
  close: () => Promise<void>;
}

/** A way to a server of its own, for a client that is to lose it alone. */
export async function tcpProxy(server: URL): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let open = true;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    return socket.once('close', () => sockets.delete(socket));
  };
  const listener = createServer((client) => {
    if (!open) {
      client.destroy();
      return;
    }
    const there = keep(connect(Number(server.port), server.hostname));
    keep(client).pipe(there).pipe(client);
    client.once('close', () => there.destroy());
    there.once('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const url = new URL(server);
  url.host = `127.0.0.1:${(listener.address() as AddressInfo).port}`;
  const cut = (): void => {
    open = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    cut,
    mend: () => {
      open = true;
    },
    close: async () => {
      cut();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
