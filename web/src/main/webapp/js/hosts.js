// The hosts and what runs on them.
import { html, nothing } from "../webjars/lit-html/3.3.1/lit-html.js";
import { repeat } from "../webjars/lit-html/3.3.1/directives/repeat.js";
import { badge, count, gibibytes, time } from "./words.js";

const noHosts = html`
  <div class="col-12"><p class="alert alert-info mb-0">No hosts are registered yet. Add one with
    <code>POST /drover/api/hosts {"name": "h1", "uri": "qemu+tcp://h1.example/system"}</code>.</p></div>`;

const isOffline = (host) => host.state === "OFFLINE";

/** How many do not answer, if any. */
export function title(all) {
  const silent = all.filter(isOffline).length;
  return silent === 0 ? "Hosts" : `Hosts · ${silent} of ${all.length} ${silent === 1 ? "does" : "do"} not answer`;
}

export function hosts(all, may, act) {
  if (all.length === 0) return noHosts;
  return repeat([...all.filter(isOffline), ...all.filter((host) => !isOffline(host))], (host) => host.name, (host) => card(host, may, act));
}

function card(host, may, act) {
  const used = host.memoryMiB - host.freeMemoryMiB;
  return html`
    <div class="col-12 col-md-6 col-xl-3"><article class="card h-100" data-host=${host.name} aria-label="host ${host.name}">
      <div class="card-body d-flex flex-column">
        <div class="d-flex align-items-center gap-2"><h3 class="h6 mb-0 me-auto text-break">${host.name}</h3>${badge(host.state)}</div>
        <div class="small text-body-secondary text-break">${host.uri}</div>
        ${host.problem ? html`<p class="alert alert-danger small py-2 my-2 text-break">${host.problem.message}</p>${whatRan(host.running)}` : html`
          <progress class="my-2" max=${host.memoryMiB} value=${used} aria-label="memory in use on ${host.name}"></progress>
          <div class="small mb-2 figures">${count(host.domains, "domain", "domains")},
            ${gibibytes(host.freeMemoryMiB)} of ${gibibytes(host.memoryMiB)} GiB free</div>
          ${domains(host, may, act)}`}
        <button class="btn btn-outline-${may ? "danger" : "secondary"} btn-sm align-self-start mt-auto" aria-label="${may ? "Evacuate" : "Plan the evacuation of"} ${host.name}…"
          ?disabled=${isOffline(host) || host.domains === 0 || host.evacuating} @click=${() => act.evacuate(host.name)}>
          ${may ? "Evacuate…" : "Plan…"}</button>
      </div></article></div>`;
}

const muted = (text) => html`<p class="small text-body-secondary">${text}</p>`;

// the first question about a host that has gone away
const whatRan = ({ at, value }) => (!value?.length ? nothing : html`
  <p class="small text-body-secondary mb-1">At ${time(at)} there ran:</p>
  <p class="small text-body-secondary scrolled text-break" tabindex="0" role="region" aria-label="domains that ran there">${value.map((domain) => domain.name).join(", ")}</p>`);

function domains(host, may, act) {
  const { problem, value } = host.running;
  if (problem) return html`<p class="alert alert-warning small py-2 my-2 text-break">What runs here is not known. ${problem.message}.</p>`;
  if (!value) return muted("Asking what runs here.");
  return value.length === 0 ? muted("Nothing runs here.") : list(host, value, may, act);
}

const list = (host, running, may, act) => html`
  <ul class="list-unstyled small scrolled mb-2 figures" tabindex="0" aria-label="domains on ${host.name}">
    ${repeat(running, (domain) => domain.uuid, (domain) => html`
      <li class="d-flex align-items-center gap-2" data-domain=${domain.name}>
        <span class="text-break me-auto">${domain.name} · ${domain.memoryMiB} MiB${domain.state === "RUNNING" ? "" : ` · ${domain.state.toLowerCase()}`}</span>
        ${may && host.targets.length > 0 && domain.state === "RUNNING" ? html`<button class="btn btn-link btn-sm p-0 pe-2" data-verb="move" aria-label="Move ${domain.name}…"
          @click=${() => act.move(host, domain)}>Move…</button>` : nothing}</li>`)}
  </ul>`;
