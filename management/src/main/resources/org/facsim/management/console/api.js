// @ts-check
/** Calls of the management API. A refusal is a {@link Refusal} with the words of its problem document. */

export class Refusal extends Error {
  /** @param {number} status @param {string} title @param {string} detail */
  constructor(status, title, detail) {
    super(detail || title);
    this.status = status;
    this.title = title;
  }
}

/** Told when the array asks who we are. @type {Set<() => void>} */
export const whenUnknown = new Set();

/** @param {string} path @param {RequestInit} [options] @returns {Promise<Response>} */
export async function call(path, options = {}) {
  /** @type {Response} */
  let response;
  try {
    response = await fetch(path, { credentials: "same-origin", cache: "no-store", ...options });
  } catch (e) {
    if (e instanceof DOMException && e.name === "AbortError") {
      throw e;
    }
    throw new Refusal(0, "No connection", "The array does not answer. Is facsim still running?");
  }
  if (response.ok) {
    return response;
  }
  if (response.status === 401) {
    whenUnknown.forEach((told) => told());
  }
  const text = await response.text();
  let problem = { title: response.statusText, detail: text.slice(0, 300) };
  try {
    problem = JSON.parse(text);
  } catch {
    // not a problem document
  }
  throw new Refusal(response.status, problem.title, problem.detail);
}

/** @param {string} path @param {AbortSignal} [signal] @returns {Promise<any>} */
export async function get(path, signal) {
  return (await call(path, { signal })).json();
}

/**
 * @param {"POST" | "PUT" | "PATCH" | "DELETE"} method
 * @param {string} path @param {any} [body] @param {Record<string, string>} [headers]
 * @returns {Promise<any>} the answer, or null if it has no body
 */
export async function send(method, path, body = {}, headers = {}) {
  const response = await call(path, {
    method,
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return text ? JSON.parse(text) : null;
}

/**
 * Reads server-sent events until the stream ends. Uses fetch rather than EventSource, because a
 * client that comes back must name the last event that it knows, and be told why it is refused.
 *
 * @param {string} path
 * @param {{lastId?: string, signal: AbortSignal, onOpen?: () => void, onAlive?: () => void,
 *   onEvent: (event: {id: string, name: string, data: any}) => void}} options
 */
export async function follow(path, options) {
  const response = await call(path, {
    signal: options.signal,
    headers: {
      Accept: "text/event-stream",
      ...(options.lastId ? { "Last-Event-ID": options.lastId } : {}),
    },
  });
  options.onOpen?.();
  const body = response.body;
  if (!body) {
    return;
  }
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    options.onAlive?.();
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const event = parsed(block);
      if (event) {
        options.onEvent(event);
      }
    }
  }
}

/** @param {string} block */
function parsed(block) {
  let id = "";
  let name = "message";
  let data = "";
  for (const line of block.split("\n")) {
    if (line.startsWith("data:")) {
      data += line.slice(5).trim();
    } else if (line.startsWith("event:")) {
      name = line.slice(6).trim();
    } else if (line.startsWith("id:")) {
      id = line.slice(3).trim();
    }
  }
  return data ? { id, name, data: JSON.parse(data) } : null;
}
