// What the page shows comes from GET; events only say when to look again.
import { html, nothing, render } from "../webjars/lit-html/3.3.1/lit-html.js";
import { api } from "./api.js";
import * as alerts from "./alerts.js";
import * as dialogs from "./dialogs.js";
import * as evacuations from "./evacuations.js";
import { hosts as hostCards } from "./hosts.js";
import { Part } from "./part.js";
import { count, ENDED, named, what } from "./words.js";

const $ = (id) => document.getElementById(id);
const dialog = $("dialog");
let followed = null;
// the audit trail that is open in the dialog goes on growing
let openTrail = null;

const user = new Part(api.user, draw);
const parts = {
  alerts: new Part(api.alerts, draw),
  hosts: new Part(api.hosts, draw),
  evacuations: new Part(api.evacuations, draw),
  singles: new Part(api.singles, draw),
};
// what runs on a host, by the host's name: one that hangs holds up no other
const domains = new Map();
const online = () => (parts.hosts.value ?? []).filter((host) => host.state !== "OFFLINE");
function domainsOf({ name }) {
  if (!domains.has(name)) domains.set(name, new Part(() => api.domains(name), draw));
  return domains.get(name);
}

const may = () => user.value?.role === "operator";

function say(message) {
  render(message ? html`
    <div class="alert alert-danger d-flex align-items-start gap-2">
      <span class="me-auto text-break">${message}</span>
      <button type="button" class="btn-close" aria-label="Dismiss this message" @click=${() => say("")}></button>
    </div>` : nothing, $("problem"));
}

async function doing(action) {
  try {
    say("");
    await action();
  } catch (problem) {
    say(problem.message);
  }
}

function ask(template) {
  render(template, dialog);
  if (!dialog.open) dialog.showModal();
  // the browser has looked for it before the template was there
  dialog.querySelector("[autofocus]")?.focus();
}

const close = () => dialog.close();
dialog.addEventListener("close", () => {
  openTrail = null;
  render(nothing, dialog);
});

// the dialog is gone before the answer is there: a refusal is told behind it
const closeAnd = (action) => () => { close(); return doing(action); };

async function follow(call) {
  followed = (await call()).id;
  await look();
  $("evacuation")?.scrollIntoView({ block: "nearest" });
}

const QUESTIONS = {
  cancel: (one) => ({
    title: `Cancel ${named(one)}?`,
    text: "What waits does not start, what is under way is aborted where the hypervisor can. Every domain goes on running where it is then; what had moved already stays there.",
    yes: "Cancel it", no: "Let it go on",
  }),
  return: (one) => ({
    title: `Bring ${count(evacuations.moved(one), "domain", "domains")} back to ${one.host}?`,
    text: "Each is moved live from where this evacuation brought it, if it is still there and there is room.",
    yes: "Bring back",
  }),
};

const act = {
  evacuate: (host) => doing(async () => {
    const made = await api.plan(host);
    ask(dialogs.plan(made, may(), close, closeAnd(() => follow(() => api.start(made.id)))));
  }),
  show: (id) => doing(() => follow(async () => ({ id }))),
  verb: (one, verb) => {
    if (verb === "force-close") {
      ask(dialogs.forceClose(one, close, (reason) => closeAnd(() => follow(() => api.forceClose(one.id, reason)))()));
    } else if (QUESTIONS[verb]) {
      ask(dialogs.question(QUESTIONS[verb](one), close, closeAnd(() => follow(() => api.verb(one.id, verb)))));
    } else {
      doing(() => follow(() => api.verb(one.id, verb)));
    }
  },
  move: (host, domain) => ask(dialogs.move(host, domain, close, (destination, definition) => closeAnd(async () => {
    await api.migrate(host.name, domain.uuid, destination, definition ? ["LIVE", "PERSIST_DEST", "UNDEFINE_SOURCE"] : ["LIVE"]);
    await look();
    $("singles")?.scrollIntoView({ block: "nearest" });
  })())),
  abort: (m) => ask(dialogs.question({
    title: `Abort the migration of ${m.domain}?`,
    text: `It goes on running on ${m.source}, unless it has moved by then.`,
    yes: "Abort it", no: "Let it go on",
  }, close, closeAnd(async () => {
    await api.abort(m.id);
    await look();
  }))),
  acknowledge: (alert) => ask(dialogs.acknowledge(alert, close, (reason) => closeAnd(async () => {
    await api.acknowledge(alert.migration, reason);
    await look();
  })())),
  audit: (id) => doing(() => {
    const one = () => parts.evacuations.value?.find((each) => each.id === id);
    return trail(one() ? what(one()) : id, () => api.audit(id), () => new Map(one()?.migrations.map((m) => [m.id, m.domain])));
  }),
  migrationAudit: (m) => doing(() => trail(m.domain, () => api.migrationAudit(m.id), () => new Map([[m.id, m.domain]]))),
};

async function trail(subject, load, names) {
  let people = false;
  const entries = new Part(load, () => { if (openTrail === entries && dialog.open) render(drawn(), dialog); });
  const drawn = () => dialogs.audit(subject, entries.value, names(), people, close, (only) => { people = only; render(drawn(), dialog); });
  await entries.look();
  if (entries.problem) throw entries.problem;
  openTrail = entries;
  ask(drawn());
}

const targets = (host) => parts.hosts.value
  .filter((other) => other.name !== host.name && other.state !== "OFFLINE" && other.hypervisor === host.hypervisor);

function draw() {
  // what may be done is not offered before it is known who looks
  if (!user.at && !user.problem) return;
  const known = parts.evacuations.value ?? [];
  const standing = parts.alerts.value ?? [];
  const underWay = known.filter((one) => !ENDED.has(one.state));
  const current = known.find((one) => one.id === followed) ?? underWay[0] ?? known[0];
  // what was chosen stays chosen, even while the list does not have it yet
  followed ??= current?.id ?? null;
  const hosts = parts.hosts.value?.map((host) => ({
    ...host, running: domainsOf(host), targets: targets(host), evacuating: underWay.some((one) => one.host === host.name),
  }));
  // there being nothing is said only when the server has said it
  const drawn = (part, template, into) => { if (part.at) render(template(), $(into)); };
  render(alerts.marker(standing), $("marker"));
  render(alerts.alerts(standing, may(), act), $("attention"));
  drawn(parts.hosts, () => hostCards(hosts, may(), act), "hosts");
  render(evacuations.evacuation(current, may(), act), $("current"));
  drawn(parts.evacuations, () => evacuations.history(known, followed, may(), act), "history");
  render(evacuations.singles(parts.singles.value ?? [], may(), act), $("single"));
  drawn(user, () => html`${user.value.name}${may() ? nothing : " · role viewer: may look, not act"}`, "user");
  announce($("announcement"), evacuations.announcement(current));
  announce($("alarm"), alerts.announcement(standing));
  const progress = current && !ENDED.has(current.state) ? `${Math.round(current.progress * 100)} % · ` : "";
  document.title = `${standing.length > 0 ? `(${standing.length}!) ` : ""}${progress}Drover`;
  const problem = [user, ...Object.values(parts)].map((part) => part.problem).find(Boolean);
  link(problem ? `${problem.message}.` : "");
}

// a screen reader speaks whatever changes in there: the same words again would be noise
function announce(region, news) {
  if (region.textContent !== news) region.textContent = news;
}

// as old as its oldest part
function link(lost) {
  const shown = [...Object.values(parts), ...online().map(domainsOf)];
  const since = shown.every((part) => part.at) ? new Date(Math.min(...shown.map((part) => part.at))).toLocaleTimeString() : "";
  if (lost) {
    render(html`<span class="badge text-bg-danger">Not up to date</span> ${lost}${since ? ` What is shown is of ${since}.` : ""}`, $("link"));
  } else {
    render(since ? html`up to date, ${since}` : nothing, $("link"));
  }
}

// all of it, after something was done here
async function look() {
  const hosts = parts.hosts.look().then(() => Promise.all(online().map((host) => domainsOf(host).look())));
  await Promise.all([hosts, parts.alerts.look(), parts.evacuations.look(), parts.singles.look()]);
}

function refresh() {
  if (!user.at) user.refresh();
  parts.hosts.refresh().then(() => online().forEach((host) => domainsOf(host).refresh()));
  [parts.alerts, parts.evacuations, parts.singles, openTrail].forEach((part) => part?.refresh());
}

const events = api.events();
events.addEventListener("transition", refresh);
events.onopen = refresh;
events.onerror = () => link("Trying again.");
setInterval(refresh, 5000);
refresh();
