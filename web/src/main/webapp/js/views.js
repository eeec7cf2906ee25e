// What the page looks like, as functions from what the API answered. Values are inserted as text, never as markup: a
// domain's name is a stranger's input.
import { html, nothing } from "../webjars/lit-html/3.3.1/lit-html.js";
import { repeat } from "../webjars/lit-html/3.3.1/directives/repeat.js";

export const ENDED = new Set(["COMPLETED", "INCOMPLETE", "CANCELLED", "FAILED"]);
const COLOURS = {
  ONLINE: "success", OFFLINE: "danger", MAINTENANCE: "warning", RUNNING: "primary", COMPLETED: "success",
  BLOCKED: "warning", INCOMPLETE: "warning", FAILED: "danger", CANCELLED: "secondary", PAUSED: "warning",
};
// what needs a human stands above what goes by itself
const ORDER = ["FAILED", "BLOCKED", "RUNNING", "PLANNED", "CANCELLED", "COMPLETED"];
const WORDS = { FAILED: "failed", BLOCKED: "blocked", RUNNING: "under way", PLANNED: "to go", CANCELLED: "called off", COMPLETED: "moved" };

const badge = (state) => html`<span class="badge text-bg-${COLOURS[state] ?? "secondary"}">${state}</span>`;
const gibibytes = (mebibytes) => (mebibytes / 1024).toFixed(mebibytes < 10240 ? 1 : 0);
const percent = (part) => `${Math.round(part * 100)} %`;
const what = (evacuation) => `${evacuation.kind === "RETURN" ? "Return to" : "Evacuation of"} ${evacuation.host}`;

export const problem = (message, dismiss) => message ? html`
  <div class="alert alert-danger d-flex align-items-start gap-2">
    <span class="me-auto">${message}</span>
    <button type="button" class="btn-close" aria-label="Dismiss this message" @click=${dismiss}></button>
  </div>` : nothing;

export const link = (lost, time) => lost
  ? html`<span class="badge text-bg-danger">Connection lost</span> ${lost}${time ? ` What is shown is of ${time}.` : ""}`
  : html`up to date, ${time}`;

const noHosts = html`
  <div class="col-12"><p class="alert alert-info mb-0">No hosts are registered yet. Add one with
    <code>POST /drover/api/hosts {"name": "h1", "uri": "qemu+tcp://h1.example/system"}</code>.</p></div>`;

export const hosts = (all, evacuate) => all.length === 0 ? noHosts : repeat(all, (host) => host.name, (host) => hostCard(host, evacuate));

function hostCard(host, evacuate) {
  const used = host.memoryMiB - host.freeMemoryMiB;
  return html`
    <div class="col-12 col-md-6 col-xl-3"><article class="card h-100" data-host=${host.name} aria-label="host ${host.name}">
      <div class="card-body d-flex flex-column">
        <div class="d-flex align-items-center gap-2"><h3 class="h6 mb-0 me-auto text-break">${host.name}</h3>${badge(host.state)}</div>
        <div class="small text-body-secondary text-break">${host.uri}</div>
        ${host.problem ? html`<p class="alert alert-danger small py-2 my-2">${host.problem.message}</p>` : html`
          <progress class="my-2" max=${host.memoryMiB} value=${used} aria-label="memory in use on ${host.name}"></progress>
          <div class="small mb-2 figures">${host.domains} ${host.domains === 1 ? "domain" : "domains"},
            ${gibibytes(host.freeMemoryMiB)} of ${gibibytes(host.memoryMiB)} GiB free</div>
          ${domains(host)}`}
        <button class="btn btn-outline-danger btn-sm align-self-start mt-auto" aria-label="Evacuate ${host.name}…"
          ?disabled=${host.state === "OFFLINE" || host.domains === 0 || host.evacuating} @click=${() => evacuate(host.name)}>Evacuate…</button>
      </div></article></div>`;
}

const domains = (host) => host.list.length === 0 ? html`<p class="small text-body-secondary">Nothing runs here.</p>` : html`
  <ul class="list-unstyled small scrolled mb-2 figures" tabindex="0" aria-label="domains on ${host.name}">
    ${repeat(host.list, (domain) => domain.uuid, (domain) => html`
      <li class="text-break">${domain.name} · ${domain.memoryMiB} MiB · ${domain.state.toLowerCase()}</li>`)}
  </ul>`;

export const plan = (made, answer) => html`
  <h2 class="h5" id="plan-title">Empty ${made.host}: ${made.moves.length} to move, ${made.blocked.length} blocked</h2>
  ${made.blocked.map((blocked) => html`
    <div class="alert alert-warning py-2 mb-2"><strong>${blocked.domain} stays</strong>
      <ul class="mb-0">${blocked.reasons.map((reason) => html`<li>${reason.target}: ${reason.message}</li>`)}</ul></div>`)}
  ${made.limits.map((limit) => html`<div class="alert alert-info py-2 mb-2">On ${made.host}, ${limit.message}.</div>`)}
  ${made.moves.length === 0 ? html`<p>Nothing can be moved.</p>` : html`
    <div class="scrolled" tabindex="0" role="region" aria-label="what will move"><table class="table table-sm mb-0 figures">
      <thead><tr><th scope="col">Domain</th><th scope="col">To</th><th scope="col" class="text-end">MiB</th></tr></thead>
      <tbody>${made.moves.map((move) => html`
        <tr><td class="text-break">${move.domain}</td><td>${move.destination}</td><td class="text-end">${move.memoryMiB}</td></tr>`)}</tbody>
    </table></div>`}
  ${made.blocked.length > 0 && made.moves.length > 0 ? html`<p class="mt-2 mb-0">The host will not be empty: ${made.blocked.length} stay.</p>` : nothing}
  <div class="d-flex justify-content-end gap-2 mt-3">
    <button class="btn btn-secondary" autofocus @click=${() => answer(false)}>Leave it</button>
    <button class="btn btn-danger" id="plan-start" ?disabled=${made.moves.length === 0} @click=${() => answer(true)}>Start</button>
  </div>`;

function verbs(evacuation, act) {
  const button = (verb, label, question) => html`
    <button class="btn btn-outline-secondary" data-verb=${verb} @click=${() => act(evacuation, verb, question)}>${label}</button>`;
  const ended = ENDED.has(evacuation.state);
  return html`
    ${evacuation.state === "RUNNING" || evacuation.state === "PLANNING" ? button("pause", "Pause") : nothing}
    ${evacuation.state === "PAUSED" ? button("resume", "Resume") : nothing}
    ${!ended && evacuation.state !== "CANCELLING" ? button("cancel", "Cancel", `Stop emptying ${evacuation.host}? Every domain goes on where it is.`) : nothing}
    ${ended && evacuation.kind === "EVACUATION" && evacuation.migrations.some((m) => m.state === "COMPLETED")
      ? button("return", "Bring back", `Move the domains back to ${evacuation.host}?`) : nothing}`;
}

export function evacuation(one, act) {
  if (!one) return nothing;
  const count = (state) => one.migrations.filter((m) => m.state === state).length;
  const summary = [...ORDER].reverse().filter((state) => count(state) > 0).map((state) => `${count(state)} ${WORDS[state]}`).join(", ");
  const rows = [...one.migrations].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  return html`
    <section aria-labelledby="evacuation-title" id="evacuation" data-id=${one.id} class="card mb-4">
      <div class="card-header d-flex align-items-center gap-2 flex-wrap">
        <h2 class="h5 mb-0 me-auto" id="evacuation-title">${what(one)} ${badge(one.state)}</h2>
        <div class="btn-group btn-group-sm" role="group" aria-label="what to do with it">${verbs(one, act)}</div>
      </div>
      <div class="card-body">
        <div class="d-flex align-items-center gap-2 mb-2"><progress max="1" value=${one.progress} aria-label="progress of the evacuation"></progress>
          <span class="text-nowrap figures">${percent(one.progress)}</span></div>
        <p class="mb-2 figures">${summary || "Nothing to move."}</p>
        ${one.reason ? html`<p class="alert alert-${one.state === "COMPLETED" ? "info" : "warning"} py-2 mb-2">${one.reason.message}</p>` : nothing}
        <div class="table-responsive"><table class="table table-sm mb-0 figures">
          <caption class="visually-hidden">migrations of this evacuation, those that need attention first</caption>
          <thead><tr><th scope="col">Domain</th><th scope="col">From</th><th scope="col">To</th><th scope="col">State</th>
            <th scope="col" class="w-25">Progress</th><th scope="col" class="text-end">MiB</th><th scope="col" class="text-end">Seconds</th>
            <th scope="col" class="text-end">Downtime</th></tr></thead>
          <tbody id="migrations">${repeat(rows, (m) => m.id, migration)}</tbody>
        </table></div>
      </div>
    </section>`;
}

const migration = (m) => html`
  <tr data-domain=${m.domain}>
    <th scope="row" class="fw-normal text-break">${m.domain}${m.newName && m.newName !== m.domain ? ` (now ${m.newName})` : ""}
      ${m.reason ? html`<div class="small text-body-secondary">${m.reason.message}</div>` : nothing}</th>
    <td>${m.source}</td><td>${m.destination ?? "–"}</td><td>${badge(m.state)}</td>
    <td>${m.state === "RUNNING" ? html`<progress max="1" value=${m.progress} aria-label="progress of ${m.domain}"></progress>` : nothing}</td>
    <td class="text-end">${Math.round(m.bytes / 1048576)}</td><td class="text-end">${(m.durationMs / 1000).toFixed(1)}</td>
    <td class="text-end">${m.state === "COMPLETED" ? `${m.downtimeMs} ms` : "–"}</td>
  </tr>`;

export const history = (all, followed, follow) => all.length === 0
  ? html`<p class="text-body-secondary">No host has been evacuated yet. "Evacuate…" shows what would happen before anything does.</p>`
  : html`<div class="list-group">${repeat(all, (one) => one.id, (one) => html`
      <button class="list-group-item list-group-item-action d-flex gap-2 ${one.id === followed ? "active" : ""}"
        aria-current=${one.id === followed ? "true" : "false"} @click=${() => follow(one.id)}>
        <span class="me-auto text-break">${what(one)} · ${new Date(one.createdAt).toLocaleString()} · ${one.origin}</span>${badge(one.state)}
      </button>`)}</div>`;

export const announcement = (one) => (one ? `${what(one)}: ${one.state.toLowerCase()}` : "");
