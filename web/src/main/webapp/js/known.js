// What the server has last said, part by part, and when it is asked again.
import { api } from "./api.js";
import { Part } from "./part.js";

const STALE_MS = 20_000;
const TICK_MS = 5_000;

let changed = () => {};
const part = (call) => new Part(call, () => changed());

export const user = part(api.user);
export const parts = {
  alerts: part(api.alerts),
  hosts: part(api.hosts),
  evacuations: part(api.evacuations),
  singles: part(api.singles),
};

const domains = new Map();

/** What runs on a host is asked for host by host: one that hangs holds up no other. */
export function domainsOf({ name }) {
  if (!domains.has(name)) domains.set(name, part(() => api.domains(name)));
  return domains.get(name);
}

const online = () => (parts.hosts.value ?? []).filter((host) => host.state !== "OFFLINE");

/** As old as its oldest part. A host that does not say what runs on it says so on its own card. */
export function freshness() {
  const shown = [...Object.values(parts), ...online().map(domainsOf).filter((each) => !each.problem)];
  const problem = [user, ...Object.values(parts)].map((each) => each.problem).find(Boolean);
  const since = shown.every((each) => each.at) ? Math.min(...shown.map((each) => each.at)) : null;
  return { since, problem, stale: since !== null && Date.now() - since > STALE_MS };
}

// what goes on by itself
function refreshProgress() {
  parts.alerts.refresh();
  parts.evacuations.refresh();
  parts.singles.refresh();
}

export function refresh() {
  if (!user.at) user.refresh();
  parts.hosts.refresh().then(() => online().forEach((host) => domainsOf(host).refresh()));
  refreshProgress();
}

/**
 * Keeps all of it up to date from now on.
 *
 * @param listener is called whenever something has changed, and now and then: what is shown grows old by itself
 * @param lost is called when the server's events have broken off
 */
export function begin(listener, lost) {
  changed = listener;
  listen(lost);
  setInterval(() => { refresh(); listener(); }, TICK_MS);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { listener(); refresh(); } });
  refresh();
}

function listen(lost) {
  const events = api.events();
  // progress moves no domain from host to host; hosts are asked at the hosts themselves
  events.addEventListener("transition", (event) => (JSON.parse(event.data).type === "PROGRESS" ? refreshProgress() : refresh()));
  events.onopen = refresh;
  events.onerror = () => {
    lost();
    // a server that answers, but with something else, is not asked again by the browser
    if (events.readyState === EventSource.CLOSED) setTimeout(() => listen(lost), TICK_MS);
  };
}
