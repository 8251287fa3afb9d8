// Answers for the technician's page where there is no signal: the page as it was last read, its styles and scripts. It asks
// the network first. It keeps nothing else, and forgets the pages when nobody is logged in. Entries are field-outbox.js' matter.
const SHELL = "vigencia-shell-1", PAGES = "vigencia-pages-1", PATIENCE = 5000; // milliseconds
const ASSETS = ["vigencia.css", "console.css", "field.css", "console.js", "live.js", "field-outbox.js", "field.js", "vigencia.svg"].map((name) => `/static/${name}`);

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((shell) => shell.addAll(ASSETS)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (![SHELL, PAGES].includes(name)) await caches.delete(name);
  await self.clients.claim();
})()));

// pages are named by their day alone
function address(url) {
  const there = new URL(url);
  const on = there.searchParams.get("on");
  return there.pathname + (on ? `?on=${on}` : "");
}

async function remember(url, answer) {
  if (answer.ok && !answer.redirected) await (await caches.open(PAGES)).put(address(url), answer);
  else if (answer.redirected || answer.type === "opaqueredirect" || answer.status === 403) await caches.delete(PAGES);
}

function patiently(request) {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("too slow")), PATIENCE);
    fetch(request).then(resolve, reject);
  });
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  const asset = ASSETS.includes(url.pathname), page = url.pathname === "/console/field";
  if (!asset && !page) return;
  event.respondWith((async () => {
    try {
      const answer = await patiently(event.request);
      const copy = answer.clone();
      event.waitUntil(page ? remember(url, copy) : caches.open(SHELL).then((shell) => copy.ok && shell.put(url.pathname, copy)));
      return answer;
    } catch (lost) {
      const kept = await caches.match(page ? address(url) : url.pathname, { ignoreVary: true });
      if (kept) return kept;
      throw lost;
    }
  })());
});

// the page says which days are worth keeping, and when somebody leaves
self.addEventListener("message", (event) => {
  if (event.data.forget) event.waitUntil(caches.delete(PAGES));
  for (const path of event.data.keep || []) event.waitUntil(fetch(path).then((answer) => remember(new URL(path, location.origin), answer)).catch(() => {}));
});
