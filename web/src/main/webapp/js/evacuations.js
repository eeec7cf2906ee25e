// Evacuations and single migrations, and the verbs that their states allow.
import { html, nothing } from "../webjars/lit-html/3.3.1/lit-html.js";
import { repeat } from "../webjars/lit-html/3.3.1/directives/repeat.js";
import { badge, ENDED, named, percent, reason, time, what } from "./words.js";

// what needs a human stands above what goes by itself
const ORDER = ["FAILED", "BLOCKED", "RUNNING", "PLANNED", "CANCELLED", "COMPLETED"];
const WORDS = { FAILED: "failed", BLOCKED: "blocked", RUNNING: "under way", PLANNED: "to go", CANCELLED: "called off", COMPLETED: "moved" };
// as EvacuationStep has them; the server has the last word
const VERBS = [
  { verb: "pause", label: "Pause", from: ["PLANNING", "RUNNING"] },
  { verb: "resume", label: "Resume", from: ["PAUSED"] },
  { verb: "cancel", label: "Cancel…", from: ["PLANNING", "RUNNING", "PAUSED"] },
  { verb: "force-close", label: "Force-close…", danger: true, from: ["PLANNING", "RUNNING", "PAUSED", "CANCELLING"] },
];

export const moved = (one) => one.migrations.filter((m) => m.state === "COMPLETED").length;
const canReturn = (one) => ENDED.has(one.state) && one.kind === "EVACUATION" && moved(one) > 0;

function verbs(one, may, act) {
  // after the first click of a double click another verb may stand in the same place
  const button = (verb, label, danger) => html`
    <button class="btn btn-sm btn-outline-${danger ? "danger" : "secondary"}" data-verb=${verb}
      @click=${(event) => event.detail > 1 || act.verb(one, verb)}>${label}</button>`;
  return html`
    ${may ? VERBS.filter((each) => each.from.includes(one.state)).map((each) => button(each.verb, each.label, each.danger)) : nothing}
    ${may && canReturn(one) ? button("return", "Bring back…") : nothing}
    <button class="btn btn-sm btn-outline-secondary" data-verb="audit" @click=${() => act.audit(one.id)}>Audit trail</button>`;
}

function summary(one) {
  const number = (state) => one.migrations.filter((m) => m.state === state).length;
  return [...ORDER].reverse().filter((state) => number(state) > 0).map((state) => `${number(state)} ${WORDS[state]}`).join(", ") || "Nothing to move.";
}

export function evacuation(one, may, act) {
  if (!one) return nothing;
  return html`
    <section aria-labelledby="evacuation-title" id="evacuation" data-id=${one.id} class="card mb-4">
      <div class="card-header d-flex align-items-center gap-2 flex-wrap">
        <h2 class="h5 mb-0 me-auto" id="evacuation-title" tabindex="-1">${what(one)} ${badge(one.state)}</h2>
        <div class="d-flex flex-wrap gap-2" role="group" aria-label="what to do with it">${verbs(one, may, act)}</div>
      </div>
      <div class="card-body">
        ${ENDED.has(one.state) ? nothing : html`
          <div class="d-flex align-items-center gap-2 mb-2"><progress max="1" value=${one.progress} aria-label="progress of the evacuation"></progress>
            <span class="text-nowrap figures">${percent(one.progress)}</span></div>`}
        <p class="mb-2 figures">${summary(one)}</p>
        ${one.reason ? html`<p class="alert alert-${one.state === "COMPLETED" ? "info" : "warning"} py-2 mb-2 text-break">${one.reason.message}</p>` : nothing}
        ${table("migrations", "migrations of this evacuation, those that need attention first", one.migrations, may, act)}
      </div>
    </section>`;
}

function table(id, caption, rows, may, act) {
  if (rows.length === 0) return nothing;
  const sorted = [...rows].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  return html`
    <table class="table table-sm mb-0 figures stacked">
      <caption class="visually-hidden">${caption}</caption>
      <thead><tr><th scope="col">Domain</th><th scope="col">From</th><th scope="col">To</th><th scope="col">State</th>
        <th scope="col">Progress</th><th scope="col" class="text-end">MiB</th><th scope="col" class="text-end">Seconds</th>
        <th scope="col" class="text-end">Downtime</th><th scope="col"><span class="visually-hidden">what to do with it</span></th></tr></thead>
      <tbody id=${id}>${repeat(sorted, (m) => m.id, (m) => row(m, may, act))}</tbody>
    </table>`;
}

const row = (m, may, act) => html`
  <tr data-domain=${m.domain} data-id=${m.id}>
    <th scope="row" class="fw-normal text-break">${m.domain}${m.newName && m.newName !== m.domain ? ` (now ${m.newName})` : ""}${reason(m.reason)}</th>
    <td data-label="From">${m.source}</td><td data-label="To">${m.destination ?? "–"}</td><td data-label="State">${badge(m.state)}</td>
    <td data-label="Progress" class=${m.state === "RUNNING" ? "w-25" : "empty"}>${m.state === "RUNNING" ? html`<progress max="1" value=${m.progress} aria-label="progress of ${m.domain}"></progress>` : nothing}</td>
    <td data-label="MiB" class="text-end">${Math.round(m.bytes / 1048576)}</td><td data-label="Seconds" class="text-end">${(m.durationMs / 1000).toFixed(1)}</td>
    <td data-label="Downtime" class="text-end">${m.state === "COMPLETED" ? `${m.downtimeMs} ms` : "–"}</td>
    <td class="text-end text-nowrap">
      ${may && (m.state === "RUNNING" || m.state === "PLANNED") ? html`
        <button class="btn btn-link btn-sm py-0" data-verb="abort" aria-label="Abort the migration of ${m.domain}…" @click=${() => act.abort(m)}>Abort…</button>` : nothing}
      <button class="btn btn-link btn-sm py-0" data-verb="audit" aria-label="Audit trail of ${m.domain}" @click=${() => act.migrationAudit(m)}>Audit</button>
    </td>
  </tr>`;

const LATEST = 10;

export function history(all, followed, may, act) {
  if (all.length === 0) {
    return html`<p class="text-body-secondary">No host has been evacuated yet. "Evacuate…" shows what would happen before anything does.</p>`;
  }
  const list = (some) => html`<ul class="list-group">${repeat(some, (one) => one.id, (one) => item(one, followed, may, act))}</ul>`;
  // those under way are never hidden
  const underWay = all.filter((one) => !ENDED.has(one.state));
  const shown = [...underWay, ...all.filter((one) => ENDED.has(one.state)).slice(0, LATEST)];
  const older = all.filter((one) => !shown.includes(one));
  return html`${list(shown)}${older.length > 0 ? html`
    <details class="mt-2"><summary>${older.length} older</summary>${list(older)}</details>` : nothing}`;
}

const item = (one, followed, may, act) => html`
  <li class="list-group-item d-flex flex-wrap align-items-center gap-2" data-evacuation=${one.id} aria-current=${one.id === followed ? "true" : "false"}>
    <button class="btn btn-link p-0 text-start text-break me-auto ${one.id === followed ? "fw-bold" : ""}" @click=${() => act.show(one.id)}>
      ${what(one)} · ${time(one.createdAt)} · ${one.origin}</button>
    ${ENDED.has(one.state) ? nothing : html`<span class="figures">${percent(one.progress)}</span>`}${badge(one.state)}
    ${one.id === followed || ENDED.has(one.state) ? nothing : html`
      <div class="d-flex flex-wrap gap-2" role="group" aria-label="what to do with ${named(one)}">${verbs(one, may, act)}</div>`}
  </li>`;

const LATEST_SINGLES = 50;
const SETTLED = new Set(["COMPLETED", "CANCELLED"]);

export function singles(all, may, act) {
  if (all.length === 0) return nothing;
  // those that need attention or are under way are never hidden
  const settled = all.filter((m) => SETTLED.has(m.state));
  const shown = [...all.filter((m) => !SETTLED.has(m.state)), ...settled.slice(0, LATEST_SINGLES)];
  return html`
    <section aria-labelledby="singles-title" class="mt-4">
      <h2 class="h5" id="singles-title">Single migrations</h2>
      ${table("singles", "migrations that belong to no evacuation, those that need attention first", shown, may, act)}
      ${shown.length < all.length ? html`<p class="mt-2 mb-0 text-body-secondary">${all.length - shown.length} older that have ended are not shown.</p>` : nothing}
    </section>`;
}

export const announcement = (one) => (one ? `${what(one)}: ${one.state.toLowerCase()}` : "");
