/**
 * A model service on loopback that speaks just enough of the Responses API for `codex exec` to get its answer over SSE.
 * Remembers what was asked of it, and of a key only whether the expected one came.
 */
import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** What the model says, every time. */
export const ANSWER = "The loopback model answers.";
/** An obvious fake, for the scratch auth.json. */
export const FAKE_KEY = "sk-fake-key-for-tests-only";

/**
 * What becomes of a WebSocket handshake: a number is the status of the answer, `refuse` 502 as of a broken proxy,
 * `http-only` 426, after which the client turns to HTTP at once; `hang` never answers as a silent firewall would, `drop`
 * ends the connection.
 */
export type Upgrades = "refuse" | "hang" | "http-only" | "drop" | number;

/**
 * What becomes of a request for an answer: a number is the status of an error, `cut` ends the stream before the answer is
 * complete, `silent` begins one and says nothing more, `drop` ends the connection.
 */
export type Posts = "answer" | "cut" | "silent" | "drop" | number;

export type Asked = {
  readonly kind: "upgrade" | "request";
  readonly method: string;
  readonly path: string;
  readonly key: "test key" | "another" | "none";
};

/** What was asked for, as far as tests look at it. */
export type Body = {
  readonly model?: string;
  readonly reasoning?: { readonly effort?: string; readonly summary?: string };
  readonly tools?: readonly { readonly name?: string; readonly type?: string; readonly [setting: string]: unknown }[];
};

export type ResponsesServer = {
  /** What `base_url` or `openai_base_url` has to be. */
  readonly url: string;
  /** Everything asked since the start, oldest first. */
  readonly asked: readonly Asked[];
  /** What the requests for an answer asked for, oldest first. */
  readonly bodies: readonly { readonly path: string; readonly body: Body }[];
  /** How many WebSocket handshakes were tried. */
  upgrades(): number;
  /** The requests for an answer: POSTs, whatever their path. */
  posts(): readonly Asked[];
  close(): Promise<void>;
};

/** Far above what one client asks in a test: a client gone wild is cut off and not fed for ever. */
const MOST = 200;
const LONGEST_BODY = 4 * 1024 * 1024;
const LONGEST_LIFE_MS = 180_000;

export async function startResponsesServer(
  upgrades: Upgrades,
  posts: Posts = "answer",
  port = 0,
): Promise<ResponsesServer> {
  const asked: Asked[] = [];
  const bodies: { readonly path: string; readonly body: Body }[] = [];
  const sockets = new Set<Socket>();
  const enough = (kind: Asked["kind"], request: IncomingMessage): boolean => {
    if (asked.length >= MOST) return true;
    asked.push({ kind, method: request.method ?? "", path: request.url ?? "", key: keyOf(request) });
    return false;
  };

  const server = createServer((request, response) => {
    if (enough("request", request)) request.socket.destroy();
    else
      readAll(request, (text) => {
        const path = request.url ?? "";
        if (request.method === "POST" && path.endsWith("/responses")) bodies.push({ path, body: bodyOf(text) });
        answer(request, response, posts);
      });
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  });
  server.on("upgrade", (request, socket) => {
    if (enough("upgrade", request)) socket.destroy();
    else if (upgrades === "drop") socket.destroy();
    else if (upgrades !== "hang")
      socket.end(
        `HTTP/1.1 ${typeof upgrades === "number" ? `${upgrades} ${STATUS_CODES[upgrades]}` : REFUSAL[upgrades]}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`,
      );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });

  const close = () =>
    new Promise<void>((resolve) => {
      clearTimeout(end);
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  const end = setTimeout(close, LONGEST_LIFE_MS);
  end.unref();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    bodies,
    upgrades: () => asked.filter((one) => one.kind === "upgrade").length,
    posts: () => asked.filter((one) => one.method === "POST"),
    close,
  };
}

const REFUSAL = { refuse: "502 Bad Gateway", "http-only": "426 Upgrade Required" } as const;

function answer(request: IncomingMessage, response: ServerResponse, posts: Posts): void {
  const path = new URL(request.url ?? "/", "http://loopback").pathname;
  if (request.method === "POST" && path.endsWith("/responses")) {
    if (posts === "drop") return void request.socket.destroy();
    if (typeof posts === "number") {
      response.writeHead(posts, { "content-type": "application/json" });
      return void response.end(JSON.stringify({ error: { message: "a fault of the test", type: "test" } }));
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    if (posts !== "answer") {
      response.write(`event: ${EVENTS[0].type}\ndata: ${JSON.stringify(EVENTS[0])}\n\n`);
      if (posts === "cut") response.end();
      return;
    }
    response.end(EVENTS.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(""));
  } else if (request.method === "GET" && path.endsWith("/models")) {
    // An empty list in the client's own shape and in the public one: the client keeps to the models it brings along.
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ models: [], object: "list", data: [] }));
  } else if (path.endsWith("/login")) {
    // As an MCP server does that wants OAuth.
    response.writeHead(401, { "www-authenticate": 'Bearer realm="test"' }).end();
  } else {
    response.writeHead(404, { "content-type": "application/json" });
    response.end(JSON.stringify({ error: { message: "not served here", type: "invalid_request_error" } }));
  }
}

const EVENTS = [
  { type: "response.created", response: { id: "resp_1" } },
  {
    type: "response.output_item.done",
    item: { type: "message", id: "msg_1", role: "assistant", content: [{ type: "output_text", text: ANSWER }] },
  },
  {
    type: "response.completed",
    response: {
      id: "resp_1",
      usage: {
        input_tokens: 1,
        input_tokens_details: null,
        output_tokens: 1,
        output_tokens_details: null,
        total_tokens: 2,
      },
    },
  },
] as const;

/** The header itself is not kept: a failing test prints what was asked. */
function keyOf(request: IncomingMessage): Asked["key"] {
  const header = request.headers.authorization;
  if (header === undefined) return "none";
  return header === `Bearer ${FAKE_KEY}` ? "test key" : "another";
}

/** Empty for what is no JSON: the newer clients may compress. */
function bodyOf(text: string): Body {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** A client that cannot finish its sentence does not listen. */
function readAll(request: IncomingMessage, done: (text: string) => void): void {
  const chunks: Buffer[] = [];
  let length = 0;
  request.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length > LONGEST_BODY) request.destroy();
  });
  request.on("end", () => done(Buffer.concat(chunks).toString()));
}
