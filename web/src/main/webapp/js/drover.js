// What the page shows comes from GET; events only say when to look again.
import { render } from "../webjars/lit-html/3.3.1/lit-html.js";
import { api } from "./api.js";
import * as views from "./views.js";

const $ = (id) => document.getElementById(id);
let followed = null;
let shownAt = "";

function say(message) {
  render(views.problem(message, () => say("")), $("problem"));
}

async function doing(action) {
  try {
    say("");
    await action();
  } catch (problem) {
    say(problem.message);
  }
}

function link(lost) {
  render(views.link(lost, shownAt), $("link"));
}

const evacuate = (host) => doing(async () => {
  const made = await api.plan(host);
  const dialog = $("plan");
  const answer = (start) => {
    dialog.close();
    if (start) follow(() => api.start(made.id));
  };
  render(views.plan(made, answer), dialog);
  dialog.showModal();
});

const follow = (call) => doing(async () => {
  followed = (await call()).id;
  await look();
  $("evacuation")?.scrollIntoView({ block: "nearest" });
});

function act(evacuation, verb, question) {
  if (!question || confirm(question)) follow(() => api.verb(evacuation.id, verb));
}

async function look() {
  const [hosts, evacuations] = await Promise.all([api.hosts(), api.evacuations()]);
  const lists = await Promise.all(hosts.map((host) => (host.state === "OFFLINE" ? [] : api.domains(host.name).catch(() => []))));
  const underWay = evacuations.filter((one) => !views.ENDED.has(one.state));
  const current = evacuations.find((one) => one.id === followed) ?? underWay[0] ?? evacuations[0];
  followed = current?.id ?? null;
  const withDomains = hosts.map((host, i) => ({ ...host, list: lists[i], evacuating: underWay.some((one) => one.host === host.name) }));
  render(views.hosts(withDomains, evacuate), $("hosts"));
  render(views.evacuation(current, act), $("current"));
  render(views.history(evacuations, followed, (id) => follow(async () => ({ id }))), $("history"));
  const news = views.announcement(current);
  // a screen reader speaks whatever changes in there: the same words again would be noise
  if ($("announcement").textContent !== news) $("announcement").textContent = news;
  document.title = current && !views.ENDED.has(current.state) ? `${Math.round(current.progress * 100)} % · Drover` : "Drover";
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
