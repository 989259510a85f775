/** A proxy on the loopback interface: tunnels and plain requests, with a password on demand, to servers of this machine alone. */
import type { IncomingMessage } from "node:http";
import { createServer, request as ask } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { connect } from "node:net";

/** A running proxy. */
export interface LoopbackProxy {
  /** `127.0.0.1:port`. */
  readonly address: string;
  /** What was asked for through it: `CONNECT host:port`, or a method with the whole address. */
  readonly requests: string[];
  /** `user:password` that it wants; null: none. */
  login: string | null;
  /** Status for every tunnel instead of one; null: tunnels are made. */
  refuses: number | null;
  /** Port of this machine that names stand for, since no name is looked up. */
  readonly names: Record<string, number>;
  stop(): Promise<void>;
}

/** Starts it. */
export async function startProxy(): Promise<LoopbackProxy> {
  const sockets = new Set<Socket>();
  const portOf = (host: string, port: string): number => proxy.names[host] ?? Number(port);
  const isWelcome = ({ headers }: IncomingMessage): boolean =>
    proxy.login === null ||
    headers["proxy-authorization"] === `Basic ${Buffer.from(proxy.login).toString("base64")}`;
  const server = createServer((request, response) => {
    proxy.requests.push(`${request.method} ${request.url}`);
    if (!isWelcome(request)) {
      response.writeHead(407, { "proxy-authenticate": "Basic realm=loopback" }).end();
      return;
    }
    const { hostname, port, pathname, search } = new URL(request.url ?? "");
    const passed = ask(
      { port: portOf(hostname, port || "80"), path: pathname + search, headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    passed.once("error", () => response.destroy());
    request.pipe(passed);
  });
  server.on("connect", (request, socket: Socket) => {
    sockets.add(socket);
    proxy.requests.push(`CONNECT ${request.url}`);
    const status = isWelcome(request) ? proxy.refuses : 407;
    if (status !== null) {
      socket.end(`HTTP/1.1 ${status} Refused\r\nproxy-authenticate: Basic realm=loopback\r\n\r\n`);
      return;
    }
    const [host = "", port = ""] = (request.url ?? "").split(":");
    const target = connect(portOf(host, port), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Established\r\n\r\n");
      target.pipe(socket).pipe(target);
    });
    for (const end of [socket, target]) {
      end.on("error", () => {
        socket.destroy();
        target.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy: LoopbackProxy = {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    login: null,
    refuses: null,
    names: {},
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}
