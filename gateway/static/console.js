// The console's keyboard. Nothing here is needed: every key is a shortcut to a link or a field of the page.
const typing = (at) => at.closest("input, textarea, select, dialog[open]") !== null;
const rows = () => [...document.querySelectorAll("[data-row]")];
let went = 0;

function move(step) {
  const all = rows();
  if (!all.length) return;
  const here = all.findIndex((row) => row.classList.contains("here"));
  const next = all[Math.min(all.length - 1, Math.max(0, here < 0 ? 0 : here + step))];
  all.forEach((row) => row.classList.toggle("here", row === next));
  next.querySelector("a").focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function open(target) {
  if (!target) return;
  if (target.tagName === "DETAILS") { target.open = true; target.querySelector("input:not([type=hidden]), textarea, select")?.focus(); target.scrollIntoView({ block: "center" }); }
  else if (target.matches("input, textarea, select")) { target.closest("details")?.setAttribute("open", ""); target.focus(); target.scrollIntoView({ block: "center" }); }
  else target.click();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const here = document.querySelector("[data-row].here");
  const after = Date.now() - went < 1500;
  went = 0;
  if (after) {
    const link = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    if (link) { event.preventDefault(); link.click(); }
    return;
  }
  switch (event.key) {
    case "g": went = Date.now(); return;
    case "/": event.preventDefault(); document.getElementById("q")?.focus(); return;
    case "?": document.querySelector(".c-help")?.showModal(); return;
    case "j": move(1); return;
    case "k": move(-1); return;
    case "Enter": if (event.target === document.body) here?.querySelector("a")?.click(); return;
    case "o": here?.querySelector("a")?.click(); return;
    case "n": open(document.querySelector('[data-go="n"]')); return;
    default: {
      const target = here?.querySelector(`[data-key="${CSS.escape(event.key)}"]`) || document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
      if (target) { event.preventDefault(); open(target); }
    }
  }
});

for (const button of document.querySelectorAll("[data-help]")) {
  button.hidden = false;
  button.addEventListener("click", () => document.querySelector(".c-help")?.showModal());
}
// a filter that is chosen is applied at once
document.addEventListener("change", (event) => { if (event.target.closest("form[data-send]") && event.target.matches("select")) event.target.form.requestSubmit(); });
// what a hash names is opened: a form that was refused, a section that a link leads to
function openNamed() {
  const named = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (named?.tagName === "DETAILS") open(named);
}
openNamed();
addEventListener("hashchange", openNamed);
for (const button of document.querySelectorAll("[data-print]")) { button.hidden = false; button.addEventListener("click", () => window.print()); }
// what was waited for and done is told once: the address that is kept or sent to somebody goes without it
const address = new URL(location.href);
if (address.searchParams.has("wait") || address.searchParams.has("done")) {
  address.searchParams.delete("wait");
  address.searchParams.delete("done");
  history.replaceState(null, "", address);
}
