// The words and marks that every part of the page shares.
import { html, nothing } from "../webjars/lit-html/3.3.1/lit-html.js";

export const ENDED = new Set(["COMPLETED", "INCOMPLETE", "CANCELLED", "FAILED"]);
const COLOURS = {
  ONLINE: "success", OFFLINE: "danger", MAINTENANCE: "warning", RUNNING: "primary", COMPLETED: "success",
  BLOCKED: "warning", INCOMPLETE: "warning", FAILED: "danger", CANCELLED: "secondary", PAUSED: "warning",
};

export const badge = (state) => html`<span class="badge text-bg-${COLOURS[state] ?? "secondary"}">${state}</span>`;
export const gibibytes = (mebibytes) => (mebibytes / 1024).toFixed(mebibytes < 10240 ? 1 : 0);
// nothing is all done before it is
export const percent = (part) => `${Math.floor(part * 100)} %`;
export const what = (evacuation) => `${evacuation.kind === "RETURN" ? "Return to" : "Evacuation of"} ${evacuation.host}`;
export const named = (evacuation) => `the ${what(evacuation).replace(/^./, (first) => first.toLowerCase())}`;
export const count = (number, one, several) => `${number} ${number === 1 ? one : several}`;

// with the date only where it is not today's: at night the day changes
export function time(text) {
  const at = new Date(text);
  return at.toDateString() === new Date().toDateString() ? at.toLocaleTimeString() : at.toLocaleString();
}

export const reason = (given) => (given ? html`<div class="small fw-normal text-body-secondary text-break">${given.message}</div>` : nothing);
