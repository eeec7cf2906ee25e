// What the page shows comes from GET; events only say when to look again.
import { html, nothing, render } from "../webjars/lit-html/3.3.1/lit-html.js";
import { api } from "./api.js";
import * as alerts from "./alerts.js";
import * as dialogs from "./dialogs.js";
import * as evacuations from "./evacuations.js";
import * as hosts from "./hosts.js";
import { begin, domainsOf, freshness, parts, refresh, user } from "./known.js";
import { Part } from "./part.js";
import { count, ENDED, named, percent, time, what } from "./words.js";

const $ = (id) => document.getElementById(id);
const dialog = $("dialog");
// what somebody has chosen here, and what was shown last
let followed = null;
let shown = null;
// one that is too old for the list of them
let older = null;
// the audit trail that is open in the dialog goes on growing
let openTrail = null;

const may = () => user.value?.role === "operator";

function say(message) {
  render(message ? html`
    <div class="alert alert-danger d-flex align-items-start gap-2">
      <span class="me-auto text-break">${message}</span>
      <button type="button" class="btn-close" aria-label="Dismiss this message" @click=${() => say("")}></button>
    </div>` : nothing, $("problem"));
}

let underWay = 0;
async function doing(action) {
  const busy = (more) => {
    underWay += more;
    render(underWay === 0 ? nothing : html`<span class="spinner-border spinner-border-sm"><span class="visually-hidden">The server is asked.</span></span>`, $("busy"));
  };
  busy(1);
  try {
    say("");
    await action();
  } catch (problem) {
    say(problem.message);
  } finally {
    busy(-1);
  }
}

let questions = 0;
function ask(template) {
  questions += 1;
  openTrail = null;
  render(template, dialog);
  if (!dialog.open) dialog.showModal();
  // the browser has looked for it before the template was there
  dialog.querySelector("[autofocus]")?.focus();
  return questions;
}

// what the server answers late is not drawn over what has been asked since; returns whether it was drawn
async function askWith(text, call, template) {
  const mine = ask(dialogs.waiting(text, close));
  const isOpen = () => dialog.open && questions === mine;
  try {
    const answer = await call();
    if (!isOpen()) return false;
    ask(template(answer));
    return true;
  } catch (problem) {
    if (isOpen()) close();
    throw problem;
  }
}

const close = () => dialog.close();
dialog.addEventListener("close", () => {
  // it may have been opened for something else since
  if (dialog.open) return;
  openTrail = null;
  render(nothing, dialog);
});

// the dialog is gone before the answer is there: a refusal is told behind it
const closeAnd = (action) => () => { close(); return doing(action); };

async function follow(call) {
  const { id } = await call();
  followed = id;
  refresh();
  await parts.evacuations.look();
  draw();
  if (followed !== id || dialog.open) return;
  $("evacuation")?.scrollIntoView({ block: "nearest" });
  $("evacuation-title")?.focus({ preventScroll: true });
}

async function show(id) {
  if (!find(id)) older = await api.evacuation(id);
  await follow(async () => ({ id }));
}

const find = (id) => parts.evacuations.value?.find((one) => one.id === id);

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
  evacuate: (host) => doing(() => askWith(`Where can the domains of ${host} go?`, () => api.plan(host),
    (made) => dialogs.plan(made, may(), close, closeAnd(() => follow(() => api.start(made.id)))))),
  show: (id) => doing(() => show(id)),
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
    refresh();
    await parts.singles.look();
    draw();
    $("singles")?.scrollIntoView({ block: "nearest" });
  })())),
  abort: (m) => ask(dialogs.question({
    title: `Abort the migration of ${m.domain}?`,
    text: `It goes on running on ${m.source}, unless it has moved by then.`,
    yes: "Abort it", no: "Let it go on",
  }, close, closeAnd(async () => {
    await api.abort(m.id);
    refresh();
  }))),
  acknowledge: (alert) => ask(dialogs.acknowledge(alert, close, (reason) => closeAnd(async () => {
    await api.acknowledge(alert.migration, reason);
    refresh();
  })())),
  audit: (id) => doing(() => trail(find(id) ? what(find(id)) : id, () => api.audit(id),
    () => new Map(find(id)?.migrations.map((m) => [m.id, m.domain])))),
  migrationAudit: (m) => doing(() => trail(m.domain, () => api.migrationAudit(m.id), () => new Map([[m.id, m.domain]]))),
};

async function trail(subject, load, names) {
  let people = false;
  const entries = new Part(load, () => { if (openTrail === entries) redraw(); });
  const drawn = () => dialogs.audit(subject, entries.value, names(), people, close, (only) => { people = only; redraw(); });
  const redraw = () => { if (dialog.open) render(drawn(), dialog); };
  const isDrawn = await askWith(`Audit trail: ${subject}`, async () => {
    await entries.look();
    if (entries.problem) throw entries.problem;
  }, drawn);
  if (isDrawn) openTrail = entries;
}

const targets = (host) => parts.hosts.value
  .filter((other) => other.name !== host.name && other.state !== "OFFLINE" && other.hypervisor === host.hypervisor)
  .sort((a, b) => (b.state === "ONLINE") - (a.state === "ONLINE"));

// what was chosen stays; what was not, until it has ended and another goes on
function current(all, running) {
  const last = all.find((one) => one.id === shown);
  const chosen = find(followed) ?? (older?.id === followed ? older : null);
  return chosen ?? (last && !ENDED.has(last.state) ? last : running[0] ?? last ?? all[0]);
}

function draw() {
  // what may be done is not offered before it is known who looks
  if (!user.at && !user.problem) return;
  const all = parts.evacuations.value ?? [];
  const standing = parts.alerts.value ?? [];
  const running = all.filter((one) => !ENDED.has(one.state));
  const one = current(all, running);
  shown = one?.id ?? null;
  const cards = parts.hosts.value?.map((host) => ({
    ...host, running: domainsOf(host), targets: targets(host), evacuating: running.some((each) => each.host === host.name),
  }));
  // there being nothing is said only when the server has said it
  const drawn = (part, template, into) => { if (part.at) render(template(), $(into)); };
  render(alerts.marker(standing), $("marker"));
  render(alerts.alerts(standing, may(), act), $("attention"));
  drawn(parts.hosts, () => hosts.hosts(cards, may(), act), "hosts");
  if (cards) tell($("hosts-title"), hosts.title(cards));
  render(evacuations.evacuation(one, may(), act), $("current"));
  drawn(parts.evacuations, () => evacuations.history(all, shown, may(), act), "history");
  render(evacuations.singles(parts.singles.value ?? [], may(), act), $("single"));
  drawn(user, () => html`${user.value.name}${may() ? nothing : " · role viewer: may look, not act"}`, "user");
  tell($("announcement"), evacuations.announcement(one));
  tell($("alarm"), alerts.announcement(standing));
  // whatever is shown, that something goes on is told
  const going = running.includes(one) ? one : running[0];
  document.title = `${standing.length > 0 ? `(${standing.length}!) ` : ""}${going ? `${percent(going.progress)} · ` : ""}Drover`;
  link("");
}

// many answers come at once
let toDraw = false;
function drawSoon() {
  openTrail?.refresh();
  if (toDraw) return;
  toDraw = true;
  setTimeout(() => { toDraw = false; draw(); });
}

// a screen reader speaks whatever changes: the same words again would be noise
function tell(region, news) {
  if (region.textContent !== news) region.textContent = news;
}

function link(lost) {
  const { since, problem, stale } = freshness();
  const why = lost || (problem ? `${problem.message}.` : stale ? "The server takes its time." : "");
  if (why) {
    render(html`<span class="badge text-bg-danger">Not up to date</span> ${why}${since ? ` What is shown is of ${time(since)}.` : ""}`, $("link"));
  } else {
    render(since ? html`up to date, ${time(since)}` : nothing, $("link"));
  }
}

begin(drawSoon, () => link("Trying again."));
