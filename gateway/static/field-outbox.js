// What a technician entered, kept in the phone (IndexedDB) until the server has it. Each entry has a key of its own: the
// server does it once, however often it is sent. Entries belong to a user: another one on the same phone does not send them.
const outbox = (() => {
  const NAME = "vigencia-field", STORE = "entries";
  let opened = null;

  function base() {
    opened ??= new Promise((resolve, reject) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "key" });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => { opened = null; reject(asked.error); };
    });
    return opened;
  }

  async function within(mode, work) {
    const transaction = (await base()).transaction(STORE, mode);
    const asked = work(transaction.objectStore(STORE));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }

  const put = (entry) => within("readwrite", (store) => store.put(entry));
  const drop = (key) => within("readwrite", (store) => store.delete(key));
  const all = async (user) => (await within("readonly", (store) => store.getAll()))
    .filter((entry) => entry.user === user)
    .sort((one, other) => one.occurred_at.localeCompare(other.occurred_at));

  function key() {
    if (crypto.randomUUID) return crypto.randomUUID();
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // "sent" | "offline" | "login": how far it came. A file goes before the entry that names it.
  async function send(user) {
    const waiting = (await all(user)).filter((entry) => !entry.refused);
    if (!waiting.length) return "sent";
    const ready = [];
    for (const entry of waiting) {
      if (entry.file && !entry.fields.sha256) {
        const answer = await fetch("/console/field/files", { method: "POST", body: entry.file, headers: { "Content-Type": entry.fields.media_type } });
        if (answer.redirected || answer.status === 401) return "login";
        if (answer.status === 422 || answer.status === 413) { await put({ ...entry, refused: String(answer.status) }); continue; }
        if (!answer.ok) return "offline";
        entry.fields.sha256 = (await answer.json()).sha256;
        await put(entry);
      }
      ready.push(entry);
    }
    for (let from = 0; from < ready.length; from += 100) {
      const some = ready.slice(from, from + 100);
      const entries = some.map(({ key, kind, visit_id, occurred_at, fields }) => ({ key, kind, visit_id, occurred_at, ...fields }));
      const answer = await fetch("/console/field/outbox", { method: "POST", body: JSON.stringify({ entries }), headers: { "Content-Type": "application/json" } });
      if (answer.redirected || answer.status === 401) return "login";
      if (!answer.ok) return "offline";
      for (const said of (await answer.json()).entries) {
        const entry = some.find((each) => each.key === said.key);
        if (said.status === "done") await drop(said.key);
        else if (said.status === "refused") await put({ ...entry, refused: said.detail || said.code });
        else if (said.code === "outbox.file-missing") { delete entry.fields.sha256; await put(entry); }
      }
    }
    return (await all(user)).some((entry) => !entry.refused) ? "offline" : "sent";
  }

  return { put, drop, all, key, send };
})();
