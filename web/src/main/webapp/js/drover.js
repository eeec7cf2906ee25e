// What the page shows comes from GET; events only say when to look again.
import { api } from "./api.js";

const $ = (id) => document.getElementById(id);
const ENDED = new Set(["COMPLETED", "INCOMPLETE", "CANCELLED", "FAILED"]);
const COLOURS = {
  ONLINE: "success", OFFLINE: "danger", MAINTENANCE: "warning", RUNNING: "primary", COMPLETED: "success",
  BLOCKED: "warning", INCOMPLETE: "warning", FAILED: "danger", CANCELLED: "secondary", PAUSED: "warning",
};
let followed = null;

// Everything is built from text nodes: a domain's name is a stranger's input.
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const badge = (state) => element("span", { class: `badge text-bg-${COLOURS[state] ?? "secondary"}` }, state);

function say(problem) {
  $("problem").textContent = problem ? problem.message : "";
  $("problem").classList.toggle("d-none", !problem);
}

async function doing(action) {
  try {
    say(null);
    await action();
  } catch (problem) {
    say(problem);
  }
}

function hostCard(host, domains) {
  const used = host.memoryMiB ? Math.round((100 * (host.memoryMiB - host.freeMemoryMiB)) / host.memoryMiB) : 0;
  const bar = element("div", { class: "progress-bar" });
  bar.style.width = `${used}%`;
  return element("div", { class: "col-12 col-md-6 col-xl-3" }, element("article", { class: "card h-100", "data-host": host.name },
    element("div", { class: "card-body" },
      element("div", { class: "d-flex align-items-center gap-2" },
        element("h3", { class: "h6 mb-0 me-auto" }, host.name), badge(host.state)),
      element("div", { class: "small text-body-secondary text-break" }, host.uri),
      element("div", { class: "progress memory my-2", role: "progressbar", "aria-label": `memory of ${host.name}`, "aria-valuenow": used }, bar),
      element("div", { class: "small mb-2" }, host.problem ? host.problem.message
        : `${host.domains} domains, ${Math.round(host.freeMemoryMiB / 1024)} of ${Math.round(host.memoryMiB / 1024)} GiB free`),
      element("ul", { class: "list-unstyled small domains mb-2" }, ...domains.map((domain) =>
        element("li", {}, `${domain.name} · ${domain.memoryMiB} MiB · ${domain.state.toLowerCase()}`))),
      element("button", { class: "btn btn-outline-danger btn-sm", disabled: host.state === "OFFLINE" || host.domains === 0,
        onclick: () => doing(() => askFor(host.name)) }, "Evacuate…"))));
}

async function askFor(host) {
  const plan = await api.plan(host);
  $("plan-title").textContent = `Empty ${host}: ${plan.moves.length} to move, ${plan.blocked.length} blocked`;
  $("plan-body").replaceChildren(
    element("ul", { class: "domains" }, ...plan.moves.map((move) => element("li", {}, `${move.domain} → ${move.destination}`))),
    ...plan.blocked.map((blocked) => element("div", { class: "alert alert-warning py-2 mb-2" },
      element("strong", {}, `${blocked.domain} stays`),
      element("ul", { class: "mb-0" }, ...blocked.reasons.map((reason) => element("li", {}, `${reason.target}: ${reason.message}`))))),
    ...plan.limits.map((limit) => element("div", { class: "alert alert-info py-2 mb-2" }, `On ${host}, ${limit.message}.`)));
  $("plan-start").disabled = plan.moves.length === 0;
  const dialog = $("plan");
  dialog.onclose = () => {
    if (dialog.returnValue === "start") {
      doing(async () => {
        followed = (await api.start(plan.id)).id;
        await look();
      });
    }
  };
  dialog.returnValue = "no";
  dialog.showModal();
}

function verbs(evacuation) {
  const button = (verb, label, question) => element("button", { class: "btn btn-outline-secondary", "data-verb": verb,
    onclick: () => {
      if (!question || confirm(question)) doing(async () => { const now = await api.verb(evacuation.id, verb); followed = now.id; await look(); });
    } }, label);
  const all = [];
  if (evacuation.state === "RUNNING" || evacuation.state === "PLANNING") all.push(button("pause", "Pause"));
  if (evacuation.state === "PAUSED") all.push(button("resume", "Resume"));
  if (!ENDED.has(evacuation.state) && evacuation.state !== "CANCELLING") {
    all.push(button("cancel", "Cancel", "Stop emptying this host? Every domain goes on where it is."));
  }
  if (ENDED.has(evacuation.state) && evacuation.kind === "EVACUATION" && evacuation.migrations.some((m) => m.state === "COMPLETED")) {
    all.push(button("return", "Bring back", `Move the domains back to ${evacuation.host}?`));
  }
  return all;
}

function showEvacuation(evacuation) {
  $("evacuation").classList.toggle("d-none", !evacuation);
  if (!evacuation) return;
  $("evacuation").dataset.id = evacuation.id;
  const percent = Math.round(evacuation.progress * 100);
  $("evacuation-title").replaceChildren(
    `${evacuation.kind === "RETURN" ? "Return to" : "Evacuation of"} ${evacuation.host} `, badge(evacuation.state));
  $("verbs").replaceChildren(...verbs(evacuation));
  $("bar").style.width = `${percent}%`;
  $("bar").textContent = `${percent} %`;
  $("bar").parentElement.setAttribute("aria-valuenow", percent);
  $("verdict").textContent = evacuation.reason ? evacuation.reason.message : "";
  $("migrations").replaceChildren(...evacuation.migrations.map((m) => element("tr", { "data-domain": m.domain },
    element("td", {}, m.newName && m.newName !== m.domain ? `${m.domain} (now ${m.newName})` : m.domain), element("td", {}, m.source),
    element("td", {}, m.destination ?? "–"), element("td", {}, badge(m.state)), element("td", {}, `${Math.round(m.progress * 100)} %`),
    element("td", { class: "text-end" }, Math.round(m.bytes / 1048576)), element("td", { class: "text-end" }, (m.durationMs / 1000).toFixed(1)),
    element("td", { class: "text-end" }, `${m.downtimeMs} ms`), element("td", { class: "small" }, m.reason?.message ?? ""))));
}

async function look() {
  const [hosts, evacuations] = await Promise.all([api.hosts(), api.evacuations()]);
  const domains = await Promise.all(hosts.map((host) => (host.state === "OFFLINE" ? [] : api.domains(host.name).catch(() => []))));
  $("hosts").replaceChildren(...hosts.map((host, i) => hostCard(host, domains[i])));
  const current = evacuations.find((one) => one.id === followed) ?? evacuations.find((one) => !ENDED.has(one.state)) ?? evacuations[0];
  followed = current?.id ?? null;
  showEvacuation(current);
  $("history").replaceChildren(...evacuations.map((one) => element("button", {
    class: `list-group-item list-group-item-action d-flex gap-2${one.id === followed ? " active" : ""}`,
    onclick: () => { followed = one.id; doing(look); } },
    element("span", { class: "me-auto" }, `${one.kind === "RETURN" ? "return to " : ""}${one.host} · ${new Date(one.createdAt).toLocaleString()} · ${one.origin}`),
    badge(one.state))));
  link("up to date");
}

function link(state) {
  $("link").textContent = `${state}, ${new Date().toLocaleTimeString()}`;
}

// many events may come at once; one look after another answers all of them
let looking = false;
let again = false;
async function refresh() {
  if (looking) { again = true; return; }
  looking = true;
  try {
    do {
      again = false;
      await look();
    } while (again);
  } catch (problem) {
    link(`not reachable (${problem.message}); last update was before`);
  } finally {
    looking = false;
  }
}

const events = api.events();
events.addEventListener("transition", refresh);
events.onopen = refresh;
events.onerror = () => link("connection lost, trying again");
setInterval(refresh, 5000);
refresh();
