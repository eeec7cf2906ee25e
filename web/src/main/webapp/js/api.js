// The REST API of the public contract. An error carries the problem document's own words.
const base = new URL("api/", location.origin + location.pathname.replace(/[^/]*$/, ""));

export class Problem extends Error {}

// for a host that hangs the server itself waits for half as long
const PATIENCE_MS = 60_000;

// a look that is not answered is taken again; what was asked to be done may still be done
const patience = (method) => (method === "GET" ? AbortSignal.timeout(PATIENCE_MS) : undefined);

async function call(method, path, body) {
  const response = await fetch(new URL(path, base), {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
    // a browser that may keep an answer lets a second question wait for the first
    cache: "no-store",
    signal: patience(method),
  }).catch((problem) => {
    throw new Problem(problem.name === "TimeoutError" ? `No answer to ${method} ${path} within ${PATIENCE_MS / 1000} s` : "The server cannot be reached");
  });
  const answer = response.headers.get("Content-Type")?.includes("json") ? await response.json() : null;
  if (!response.ok) {
    throw new Problem(answer ? `${answer.title}: ${answer.detail} (code ${answer.code})` : `HTTP ${response.status}`);
  }
  return answer;
}

// a browser has six connections to a server: those hosts that hang may not have them all
const HOSTS_AT_A_TIME = 2;
const waiting = [];
let asking = 0;

async function inTurn(ask) {
  if (asking < HOSTS_AT_A_TIME) asking += 1;
  else await new Promise((turn) => { waiting.push(turn); });
  try {
    return await ask();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else asking -= 1;
  }
}

export const api = {
  user: () => call("GET", "user"),
  hosts: () => call("GET", "hosts"),
  domains: (host) => inTurn(() => call("GET", `hosts/${encodeURIComponent(host)}/domains`)),
  plan: (host) => call("POST", "plans", { host }),
  start: (plan) => call("POST", "evacuations", { plan }),
  evacuations: () => call("GET", "evacuations"),
  evacuation: (id) => call("GET", `evacuations/${id}`),
  verb: (id, verb) => call("POST", `evacuations/${id}/${verb}`),
  forceClose: (id, reason) => call("POST", `evacuations/${id}/force-close`, { reason }),
  audit: (id) => call("GET", `evacuations/${id}/audit`),
  alerts: () => call("GET", "alerts"),
  singles: () => call("GET", "migrations"),
  migrate: (source, domain, destination, flags) => call("POST", "migrations", { source, domain, destination, flags }),
  abort: (id) => call("DELETE", `migrations/${id}`),
  acknowledge: (id, reason) => call("POST", `migrations/${id}/acknowledge`, { reason }),
  migrationAudit: (id) => call("GET", `migrations/${id}/audit`),
  events: () => new EventSource(new URL("events", base)),
};
