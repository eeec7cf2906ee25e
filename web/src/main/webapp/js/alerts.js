// What needs a human, above all else on the page, with what to do about it.
import { html, nothing } from "../webjars/lit-html/3.3.1/lit-html.js";
import { repeat } from "../webjars/lit-html/3.3.1/directives/repeat.js";
import { count, time } from "./words.js";

const TITLES = {
  HOST_OFFLINE: "A host does not answer",
  OUTCOME_UNKNOWN: "It is not clear where a domain runs",
  QUARANTINED: "A domain runs on both hosts",
  JOURNAL_UNAVAILABLE: "The database does not answer",
  NOT_CONVERGING: "A guest changes its memory faster than it is sent",
  DEADLINE_PASSED: "The deadline has passed",
  STUCK: "Something takes too long",
  INTERNAL: "Drover itself failed",
};
// a guest or the record of all guests is at risk: before whatever is only late
const GRAVE = ["QUARANTINED", "OUTCOME_UNKNOWN", "JOURNAL_UNAVAILABLE", "HOST_OFFLINE", "INTERNAL"];
const rank = (failure) => (GRAVE.includes(failure) ? GRAVE.indexOf(failure) : GRAVE.length);

// one cause stops many domains at once: they make one alert
export function grouped(all) {
  const groups = new Map();
  for (const alert of all) {
    const key = `${alert.reason.failure} ${alert.evacuation ?? alert.migration ?? "server"}`;
    groups.set(key, [...(groups.get(key) ?? []), alert]);
  }
  return [...groups].map(([key, alerts]) => ({ key, alerts, failure: alerts[0].reason.failure, remedy: alerts[0].remedy }))
    .sort((a, b) => rank(a.failure) - rank(b.failure));
}

export const marker = (all) => (all.length === 0 ? nothing : html`
  <a class="badge text-bg-danger text-decoration-none" href="#alerts">${count(all.length, "alert", "alerts")}</a>`);

const subject = (alert) => (alert.domain ? `${alert.domain} on ${alert.host}` : alert.host ?? "this server");
const heading = ({ failure, alerts }) => `${TITLES[failure] ?? "Something went wrong"}:
  ${alerts.length === 1 ? subject(alerts[0]) : count(alerts.length, "domain", "domains")}`;

export const announcement = (all) => grouped(all).map(heading).join(". ");

export const alerts = (all, may, act) => (all.length === 0 ? nothing : html`
  <section id="alerts" class="mb-4" aria-labelledby="alerts-title">
    <h2 class="h5" id="alerts-title">Needs attention</h2>
    ${repeat(grouped(all), (group) => group.key, (group) => one(group, may, act))}
  </section>`);

const seenTo = (alert, act) => html`
  <button class="btn btn-sm btn-outline flex-shrink-0" data-verb="acknowledge" aria-label="Seen to… ${alert.domain}"
    @click=${() => act.acknowledge(alert)}>Seen to…</button>`;

function one(group, may, act) {
  const [first] = group.alerts;
  const told = Math.max(...group.alerts.map((alert) => alert.times));
  return html`
    <article class="alert alert-${GRAVE.includes(group.failure) ? "danger" : "warning"} mb-2" data-failure=${group.failure}>
      <h3 class="h6 text-break">${heading(group)}</h3>
      <ul class="list-unstyled scrolled mb-2">${repeat(group.alerts, (alert) => alert.migration ?? alert.evacuation ?? "server", (alert) => html`
        <li class="d-flex flex-wrap flex-md-nowrap align-items-start gap-2 mb-1" data-domain=${alert.domain ?? nothing}>
          <span class="text-break me-auto">${alert.reason.message}</span>${may && alert.acknowledgeable ? seenTo(alert, act) : nothing}</li>`)}</ul>
      <p class="mb-2"><strong>What to do:</strong> ${group.remedy}</p>
      <div class="d-flex flex-wrap align-items-center gap-2 small">
        <span class="me-auto">since ${time(first.since)}${told > 1 ? `, told ${told} times` : ""} · ${group.failure}</span>
        ${first.evacuation ? html`
          <button class="btn btn-sm btn-outline" data-verb="show" @click=${() => act.show(first.evacuation)}>Show the evacuation</button>
          <button class="btn btn-sm btn-outline" data-verb="audit" @click=${() => act.audit(first.evacuation)}>Audit trail</button>`
    : first.migration ? html`
          <button class="btn btn-sm btn-outline" data-verb="audit" @click=${() => act.migrationAudit({ id: first.migration, domain: first.domain })}>Audit trail</button>`
    : nothing}
      </div>
    </article>`;
}
