// What is asked before anything happens, and the audit trail. Each is drawn into the page's one modal dialog.
import { html, nothing } from "../webjars/lit-html/3.3.1/lit-html.js";
import { gibibytes, named, time } from "./words.js";

const title = (text) => html`<h2 class="h5 text-break" id="dialog-title">${text}</h2>`;
const leave = (close, label) => html`<button type="button" class="btn btn-secondary" autofocus @click=${close}>${label}</button>`;
const buttons = (...some) => html`<div class="d-flex flex-wrap justify-content-end gap-2 mt-3">${some}</div>`;

/** Stands there until the server has answered. */
export const waiting = (text, close) => html`
  ${title(text)}
  <p class="mb-0" role="status"><span class="spinner-border spinner-border-sm" aria-hidden="true"></span> The server is asked.</p>
  ${buttons(leave(close, "Leave it"))}`;

export const plan = (made, may, close, start) => html`
  ${title(`Empty ${made.host}: ${made.moves.length} to move, ${made.blocked.length} blocked`)}
  ${made.blocked.map((blocked) => html`
    <div class="alert alert-warning py-2 mb-2"><strong>${blocked.domain} stays</strong>
      <ul class="mb-0">${blocked.reasons.map((each) => html`<li>${each.target}: ${each.message}</li>`)}</ul></div>`)}
  ${made.limits.map((limit) => html`<div class="alert alert-info py-2 mb-2">On ${made.host}, ${limit.message}.</div>`)}
  ${made.moves.length === 0 ? html`<p>Nothing can be moved.</p>` : html`
    <div class="scrolled" tabindex="0" role="region" aria-label="what will move"><table class="table table-sm mb-0 figures">
      <thead><tr><th scope="col">Domain</th><th scope="col">To</th><th scope="col" class="text-end">MiB</th></tr></thead>
      <tbody>${made.moves.map((move) => html`
        <tr><td class="text-break">${move.domain}</td><td>${move.destination}</td><td class="text-end">${move.memoryMiB}</td></tr>`)}</tbody>
    </table></div>`}
  ${made.blocked.length > 0 && made.moves.length > 0 ? html`<p class="mt-2 mb-0">The host will not be empty: ${made.blocked.length} stay.</p>` : nothing}
  ${may ? nothing : html`<p class="mt-2 mb-0">Starting it needs the role operator; yours is viewer.</p>`}
  ${buttons(leave(close, may ? "Leave it" : "Close"), may ? html`
    <button type="button" class="btn btn-danger" id="dialog-do" ?disabled=${made.moves.length === 0} @click=${start}>Start</button>` : nothing)}`;

export const question = (asked, close, go) => html`
  ${title(asked.title)}
  <p class="mb-0">${asked.text}</p>
  ${buttons(leave(close, asked.no ?? "Leave it"), html`<button type="button" class="btn btn-danger" id="dialog-do" @click=${go}>${asked.yes}</button>`)}`;

// what the server would refuse without a reason
const reasoned = (asked, close, go) => html`
  <form @submit=${(event) => { event.preventDefault(); go(new FormData(event.target).get("reason").trim()); }}>
    ${title(asked.title)}
    ${asked.text}
    <label class="form-label" for="reason">${asked.question} It stays in the audit trail, with your name.</label>
    <textarea class="form-control" id="reason" name="reason" rows="2" maxlength="1000" required autofocus
      @input=${(event) => event.target.setCustomValidity(event.target.value.trim() ? "" : asked.missing)}></textarea>
    ${buttons(html`<button type="button" class="btn btn-secondary" @click=${close}>${asked.no ?? "Leave it"}</button>`,
    html`<button type="submit" class="btn btn-danger" id="dialog-do">${asked.yes}</button>`)}
  </form>`;

// with the number of those that Drover would no longer follow
export const forceClose = (one, close, go) => {
  const running = one.migrations.filter((m) => m.state === "RUNNING").length;
  return reasoned({
    title: `Force-close ${named(one)}?`,
    text: html`
      <p>This closes Drover's record and nothing else: <strong>it touches no domain</strong>. It stops no migration, moves nothing back and
        destroys nothing. ${running === 0 ? "Nothing is under way now." : `${running} under way may go on or fail, and Drover no longer follows them:
        look on both hosts where each of those domains runs.`}</p>
      <p>Use it only when neither waiting nor Cancel ends it. It cannot be taken back.</p>`,
    question: "Why?",
    missing: "Say why the record is closed.",
    yes: "Force-close",
  }, close, go);
};

// of one domain: each was to be looked at by itself
export const acknowledge = (alert, close, go) => reasoned({
  title: `Has ${alert.domain} been seen to?`,
  text: html`
    <p class="text-break">${alert.reason.message}</p>
    <p>This ends the alert, for everybody and for good, and does nothing else: <strong>it touches no domain</strong> and looks at no host.
      Do it only when you know where ${alert.domain} runs, and that it runs only there, or that it is off and may be.</p>`,
  question: `What became of ${alert.domain}?`,
  missing: "Say what became of it.",
  yes: "Seen to", no: "Not yet",
}, close, go);

export const move = (host, domain, close, go) => html`
  <form @submit=${(event) => { event.preventDefault(); const form = new FormData(event.target); go(form.get("destination"), form.has("definition")); }}>
    ${title(`Move ${domain.name} away from ${host.name}`)}
    <label class="form-label" for="destination">To</label>
    <select class="form-select mb-3" id="destination" name="destination" autofocus>${host.targets.map((target) => html`
      <option value=${target.name}>${target.name}, ${gibibytes(target.freeMemoryMiB)} GiB free${target.state === "MAINTENANCE" ? ", but it is being emptied or kept empty" : ""}</option>`)}</select>
    <div class="form-check"><input class="form-check-input" type="checkbox" id="definition" name="definition" checked>
      <label class="form-check-label" for="definition">Its definition goes along, and stays there when it is shut down</label></div>
    <p class="mt-2 mb-0">It goes on running while its ${domain.memoryMiB} MiB are sent.</p>
    ${buttons(html`<button type="button" class="btn btn-secondary" @click=${close}>Leave it</button>`,
    html`<button type="submit" class="btn btn-primary" id="dialog-do">Move</button>`)}
  </form>`;

const SURFACES = { REST: "REST", PAGE: "this page", JMX: "JMX", BATCH: "batch job", DROVER: "by itself" };

/** @param names of the domains by their migrations' ids */
export const audit = (subject, entries, names, people, close, choose) => {
  const shown = people ? entries.filter((entry) => entry.surface !== "DROVER") : entries;
  return html`
    <div class="d-flex flex-wrap align-items-center gap-2 mb-2">
      ${title(`Audit trail: ${subject}`)}
      <div class="form-check form-switch ms-auto"><input class="form-check-input" type="checkbox" role="switch" id="people" .checked=${people}
        @change=${(event) => choose(event.target.checked)}><label class="form-check-label" for="people">Only what people did</label></div>
    </div>
    <div class="audit" tabindex="0" role="region" aria-label="the audit trail, oldest first">
      ${shown.length === 0 ? html`<p class="mb-0">Nothing.</p>` : html`
      <table class="table table-sm mb-0 figures stacked">
        <thead><tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">Through</th><th scope="col">What</th>
          <th scope="col">Of</th><th scope="col">State</th><th scope="col">Detail</th></tr></thead>
        <tbody id="entries">${shown.map((entry) => html`
          <tr data-what=${entry.what}><th scope="row" class="fw-normal text-nowrap">${time(entry.at)}</th>
            <td data-label="Who" class="text-break">${entry.who}</td><td data-label="Through">${SURFACES[entry.surface] ?? entry.surface}</td>
            <td data-label="What">${entry.what}</td><td data-label="Of" class="text-break">${entry.migration ? names.get(entry.migration) ?? entry.migration : "the whole"}</td>
            <td data-label="State">${entry.from && entry.from !== entry.to ? `${entry.from} → ${entry.to}` : entry.to}</td>
            <td data-label="Detail" class="text-break ${entry.detail ? "" : "empty"}">${entry.detail}</td></tr>`)}</tbody>
      </table>`}
    </div>
    ${buttons(leave(close, "Close"))}`;
};
