// What the page shows comes from GET; events only say when to look again.
import { html, nothing, render } from "../webjars/lit-html/3.3.1/lit-html.js";
import { api } from "./api.js";
import * as alerts from "./alerts.js";
import * as dialogs from "./dialogs.js";
import * as evacuations from "./evacuations.js";
import { hosts as hostCards } from "./hosts.js";
import { count, ENDED, named, what } from "./words.js";

const $ = (id) => document.getElementById(id);
const dialog = $("dialog");
let user = null;
let followed = null;
let known = { hosts: [], domains: new Map(), evacuations: [], alerts: [], singles: [] };
let shownAt = "";
let redrawDialog = null;

const may = () => user?.role === "operator";

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
  redrawDialog = null;
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
    const one = known.evacuations.find((each) => each.id === id);
    return trail(one ? what(one) : id, () => api.audit(id),
      () => new Map(known.evacuations.find((each) => each.id === id)?.migrations.map((m) => [m.id, m.domain])));
  }),
  migrationAudit: (m) => doing(() => trail(m.domain, () => api.migrationAudit(m.id), () => new Map([[m.id, m.domain]]))),
};

// goes on growing while it is open
async function trail(subject, load, names) {
  let entries = await load();
  let people = false;
  const drawn = () => dialogs.audit(subject, entries, names(), people, close, (only) => { people = only; render(drawn(), dialog); });
  ask(drawn());
  redrawDialog = async () => {
    entries = await load();
    if (dialog.open) render(drawn(), dialog);
  };
}

// one part that cannot be had leaves the others up to date: without the database the alerts say so.
// Two looks may overlap: what an earlier one asked and got late must not put back what is gone
let looks = 0;
const keptBy = new Map();
async function keep(part, call, by) {
  const answer = await call();
  if (by < (keptBy.get(part) ?? 0)) return;
  keptBy.set(part, by);
  known[part] = answer;
}

async function load() {
  looks += 1;
  const by = looks;
  const parts = ["alerts", "hosts", "evacuations", "singles"].map((part) => keep(part, api[part], by));
  if (!user) parts.push(api.user().then((one) => { user = one; }));
  const failed = (await Promise.allSettled(parts)).find((part) => part.status === "rejected");
  const { hosts } = known;
  const lists = () => Promise.all(hosts.map((host) => (host.state === "OFFLINE" ? [] : api.domains(host.name).catch(() => []))));
  await keep("domains", async () => new Map((await lists()).map((list, i) => [hosts[i].name, list])), by);
  return failed?.reason;
}

const targets = (host) => known.hosts.filter((other) => other.name !== host.name && other.state !== "OFFLINE" && other.hypervisor === host.hypervisor);

function draw() {
  const underWay = known.evacuations.filter((one) => !ENDED.has(one.state));
  const current = known.evacuations.find((one) => one.id === followed) ?? underWay[0] ?? known.evacuations[0];
  // what was chosen stays chosen, even while the list does not have it yet
  followed ??= current?.id ?? null;
  const hosts = known.hosts.map((host) => ({
    ...host, list: known.domains.get(host.name) ?? [], targets: targets(host), evacuating: underWay.some((one) => one.host === host.name),
  }));
  render(alerts.marker(known.alerts), $("marker"));
  render(alerts.alerts(known.alerts, may(), act), $("attention"));
  render(hostCards(hosts, may(), act), $("hosts"));
  render(evacuations.evacuation(current, may(), act), $("current"));
  render(evacuations.history(known.evacuations, followed, may(), act), $("history"));
  render(evacuations.singles(known.singles, may(), act), $("single"));
  render(user ? html`${user.name}${may() ? nothing : " · role viewer: may look, not act"}` : nothing, $("user"));
  announce($("announcement"), evacuations.announcement(current));
  announce($("alarm"), alerts.announcement(known.alerts));
  const progress = current && !ENDED.has(current.state) ? `${Math.round(current.progress * 100)} % · ` : "";
  document.title = `${known.alerts.length > 0 ? `(${known.alerts.length}!) ` : ""}${progress}Drover`;
}

// a screen reader speaks whatever changes in there: the same words again would be noise
function announce(region, news) {
  if (region.textContent !== news) region.textContent = news;
}

function link(lost) {
  render(lost ? html`<span class="badge text-bg-danger">Not up to date</span> ${lost}${shownAt ? ` What is shown is of ${shownAt}.` : ""}`
    : html`up to date, ${shownAt}`, $("link"));
}

async function look() {
  const failed = await load();
  draw();
  if (redrawDialog) await redrawDialog();
  if (failed) throw failed;
  shownAt = new Date().toLocaleTimeString();
  link("");
}

// many events may come at once; one look, and half a second later another, answers all of them
const pause = () => new Promise((resolve) => { setTimeout(resolve, 500); });
let looking = false;
let again = false;
async function refresh() {
  if (looking) { again = true; return; }
  looking = true;
  try {
    do {
      again = false;
      await look();
      if (again) await pause();
    } while (again);
  } catch (problem) {
    link(`${problem.message}.`);
  } finally {
    looking = false;
  }
}

const events = api.events();
events.addEventListener("transition", refresh);
events.onopen = refresh;
events.onerror = () => link("Trying again.");
setInterval(refresh, 5000);
refresh();
