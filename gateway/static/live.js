// Keeps an open page fresh. The body's data-live-url tells when something changed; then the page is read again, and every
// part with data-live (and an id) is replaced, unless somebody is writing in it. Countdowns and the signs work alone.
const url = document.body.dataset.liveUrl;
const state = document.querySelector("[data-live-state]");
const PAUSE = 2000; // milliseconds between two readings, however much happens
let waiting = null, last = 0;

const busy = (part) => part.contains(document.activeElement) && document.activeElement.matches("input, textarea, select")
  || [...part.querySelectorAll("textarea, input[type=text]")].some((field) => field.value !== field.defaultValue)
  || part.querySelector("details[open] form") !== null;

async function refresh() {
  waiting = null;
  last = Date.now();
  const parts = [...document.querySelectorAll("[data-live][id]")].filter((part) => !busy(part));
  if (!parts.length) return;
  const here = new URL(location.href);
  here.searchParams.delete("wait");
  here.searchParams.delete("done");
  const answer = await fetch(here, { headers: { "X-Vigencia-Live": "1" } });
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of parts) {
    const next = fresh.getElementById(part.id);
    if (!next || busy(part) || next.outerHTML === part.outerHTML) continue;
    const row = part.querySelector("[data-row].here")?.id, held = part.contains(document.activeElement);
    part.replaceWith(next);
    if (!row) continue;
    document.getElementById(row)?.classList.add("here");
    if (held) document.getElementById(row)?.querySelector("a")?.focus({ preventScroll: true });
  }
  count();
}

// a page in the background waits until somebody looks at it
function soon() {
  if (waiting !== null) return;
  waiting = document.hidden ? "shown" : setTimeout(() => refresh().catch(() => {}), Math.max(250, last + PAUSE - Date.now()));
}

function listen() {
  const source = new EventSource(url);
  source.addEventListener("open", () => { if (state) state.hidden = false; });
  source.addEventListener("error", () => { if (state) state.hidden = true; });
  source.addEventListener("changed", soon);
  document.addEventListener("visibilitychange", () => { if (waiting === "shown" && !document.hidden) { waiting = null; soon(); } });
  addEventListener("pagehide", () => source.close());
}
if (url && "EventSource" in window) listen();

function said(seconds) {
  const minutes = Math.floor(Math.abs(seconds) / 60), days = Math.floor(minutes / 1440), hours = Math.floor(minutes / 60) % 24;
  return days ? `${days} d ${hours} h` : hours ? `${hours} h ${String(minutes % 60).padStart(2, "0")} min` : `${minutes} min`;
}
function count() {
  for (const place of document.querySelectorAll("[data-due]")) {
    const seconds = (Date.parse(place.dataset.due) - Date.now()) / 1000;
    place.textContent = (seconds < 0 ? place.dataset.late : place.dataset.left).replace("{}", said(seconds));
    place.classList.toggle("late-text", seconds < 0);
    place.classList.toggle("soon-text", seconds >= 0 && seconds < 3600);
  }
}
count();
setInterval(count, 20_000);
