// The technician's page: every entry goes into the outbox first and is sent when there is a signal; photos are made smaller
// here, a signature is drawn here, a label's QR is read here where the browser can.
const field = document.getElementById("field");
const user = field.dataset.user;
const say = (word, with_ = "") => field.dataset[`w${word[0].toUpperCase()}${word.slice(1)}`].replace("{}", with_);
const LONGEST = 1600, QUALITY = 0.8, AGAIN = 20_000; // pixels, of a JPEG, milliseconds
let sending = false, asked = false, how = "sent", had = false;

async function add(visit_id, kind, fields = {}, file = null) {
  await outbox.put({ key: outbox.key(), user, kind, visit_id, occurred_at: new Date().toISOString(), fields, file });
  navigator.storage?.persist?.();
  await show();
  send();
}

async function send() {
  asked = true;
  if (sending) return; // what came meanwhile goes next
  sending = true;
  while (asked) {
    asked = false;
    try { how = await outbox.send(user); } catch { how = "offline"; }
    await show();
  }
  sending = false;
}

const kindOf = (entry) => entry.kind === "document" ? entry.fields.document_kind : entry.kind;

async function show() {
  const entries = await outbox.all(user);
  const waiting = entries.filter((entry) => !entry.refused).length;
  had ||= waiting > 0;
  const box = document.querySelector("[data-outbox]");
  const offline = !navigator.onLine || how === "offline";
  box.hidden = !waiting && !had && navigator.onLine;
  box.classList.toggle("sent", !waiting && navigator.onLine);
  box.querySelector("[data-outbox-count]").textContent = waiting ? say("pending", waiting) : navigator.onLine ? say("sent") : "";
  box.querySelector("[data-outbox-why]").textContent = how === "login" && waiting ? say("login") : (offline && waiting) || !navigator.onLine ? say("offline") : "";
  box.querySelector("[data-outbox-send]").hidden = !waiting;
  for (const visit of document.querySelectorAll("[data-visit]")) {
    const own = entries.filter((entry) => entry.visit_id === visit.dataset.visit);
    visit.querySelector("[data-waiting]").replaceChildren(...own.map(row));
    for (const form of visit.querySelectorAll("form[data-entry]")) {
      if (["start", "finish", "miss"].includes(form.dataset.entry)) (form.closest("details") || form).hidden = own.some((entry) => !entry.refused && hides(entry.kind, form.dataset.entry));
    }
  }
}

// who has begun does not say that nobody was there; what is over is over
const hides = (kind, form) => kind === form || ["finish", "miss"].includes(kind) || (kind === "start" && form === "miss");

function row(entry) {
  const line = document.createElement("li");
  const at = new Date(entry.occurred_at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  line.textContent = `${say(kindOf(entry))} ${at} · ${entry.refused ? `${say("refused")} ${entry.refused}` : say("waits")}`;
  if (entry.refused) {
    line.className = "refused";
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "button small";
    drop.textContent = say("drop");
    drop.addEventListener("click", async () => { await outbox.drop(entry.key); await show(); });
    line.append(drop);
  }
  return line;
}

function read(form) {
  const given = Object.fromEntries([...new FormData(form)].filter(([name, value]) => !["key", "back"].includes(name) && String(value).trim()));
  if (form.dataset.entry === "finish") {
    const checked = [...form.querySelectorAll("[data-checks] input:checked")].map((box) => box.value);
    const typed = (given.checklist || "").split("\n").map((line) => line.trim()).filter(Boolean);
    delete given.checklist;
    if (checked.length + typed.length) given.checklist = [...checked, ...typed];
  }
  if (given.quantity) given.quantity = given.quantity.replace(",", ".");
  return given;
}

field.addEventListener("submit", async (event) => {
  const form = event.target, visit = form.closest("[data-visit]")?.dataset.visit;
  if (form.dataset.entry) {
    event.preventDefault();
    await add(visit, form.dataset.entry, read(form));
    form.reset();
    form.closest("details")?.removeAttribute("open");
  } else if ("sign" in form.dataset) {
    event.preventDefault();
    const board = form.querySelector("canvas");
    form.querySelector("[data-sign-said]").textContent = board.dataset.drawn ? "" : say("empty");
    if (!board.dataset.drawn) return;
    await keep(visit, "signature", await made(board, "image/png"), "assinatura.png");
    form.reset();
    form.closest("details")?.removeAttribute("open");
  } else if ("scan" in form.dataset) {
    event.preventDefault();
    find(form.elements.label.value);
  }
});

// -- files
const made = (canvas, type) => new Promise((resolve) => canvas.toBlob(resolve, type, QUALITY));
const keep = (visit, document_kind, file, name) => add(visit, "document", { document_kind, name, size: file.size, media_type: file.type }, file);

async function smaller(file) {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  const share = Math.min(1, LONGEST / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * share));
  canvas.height = Math.max(1, Math.round(image.height * share));
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return made(canvas, "image/jpeg");
}

field.addEventListener("change", async (event) => {
  const input = event.target, file = input.files?.[0];
  if (!file) return;
  if ("photo" in input.dataset) {
    const visit = input.closest("[data-visit]").dataset.visit;
    try { await keep(visit, "photo", await smaller(file), `foto-${Date.now()}.jpg`); } catch { told(say("badphoto")); }
  } else if (input.closest("[data-scan-photo]")) {
    try {
      const [code] = await new BarcodeDetector({ formats: ["qr_code"] }).detect(await createImageBitmap(file));
      code ? find(code.rawValue) : told(say("unread"));
    } catch { told(say("unread")); }
  }
  input.value = "";
});

// -- labels: a QR holds the label, or an address that ends with it
const told = (words) => { document.querySelector("[data-scan-said]").textContent = words; };
function find(text) {
  const label = decodeURIComponent(text.trim().split("/").pop().split("?")[0]);
  let found = null;
  for (const device of field.querySelectorAll(".device")) {
    const here = label !== "" && device.dataset.label.toLowerCase() === label.toLowerCase();
    device.classList.toggle("found", here);
    if (here) found ??= device;
  }
  told(found ? say("found", found.dataset.name) : say("unknown", label));
  found?.scrollIntoView({ block: "center" });
}

// -- the signature
for (const board of field.querySelectorAll("canvas.sign")) {
  const pen = board.getContext("2d");
  const clear = () => { pen.fillStyle = "#fff"; pen.fillRect(0, 0, board.width, board.height); delete board.dataset.drawn; };
  const at = (event) => { const box = board.getBoundingClientRect(); return [(event.clientX - box.left) * board.width / box.width, (event.clientY - box.top) * board.height / box.height]; };
  Object.assign(pen, { lineWidth: 3, lineCap: "round", lineJoin: "round", strokeStyle: "#111" });
  clear();
  board.addEventListener("pointerdown", (event) => { board.setPointerCapture(event.pointerId); pen.beginPath(); pen.moveTo(...at(event)); });
  board.addEventListener("pointermove", (event) => { if (!board.hasPointerCapture(event.pointerId)) return; pen.lineTo(...at(event)); pen.stroke(); board.dataset.drawn = "1"; });
  board.closest("form").addEventListener("reset", clear);
}

// -- beginnings
for (const part of field.querySelectorAll("[data-with-script], [data-scan]")) part.hidden = false;
if ("BarcodeDetector" in window) for (const part of field.querySelectorAll("[data-scan-photo]")) part.hidden = false;
document.querySelector("[data-outbox-send]").addEventListener("click", send);
addEventListener("online", send);
addEventListener("offline", show);
document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
setInterval(async () => { if ((await outbox.all(user)).some((entry) => !entry.refused)) send(); }, AGAIN);
document.querySelector(".c-out").addEventListener("submit", () => navigator.serviceWorker?.controller?.postMessage({ forget: true }));
show().then(send);
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register(field.dataset.worker, { scope: "/console/field" }).catch(() => {});
  navigator.serviceWorker.ready.then((kept) => { kept.active.postMessage({ keep: ["/console/field", ...field.dataset.days.trim().split(" ").filter(Boolean)] }); field.dataset.kept = "1"; });
}
