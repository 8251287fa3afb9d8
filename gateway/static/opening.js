// The form that opens a request: the contract's answer while one chooses, a draft that survives a lost connection, photos
// made small before they travel, equipment found by its QR label. Without a script the form works by steps.
const form = document.getElementById("opening");
const said = form.querySelector("[data-said]");
const coverage = document.getElementById("coverage");
const KEPT = ["key", "service", "place", "description"];
const LARGEST = 1600; // pixels of a photo's longer side
let asked = 0;

function tell(text) { said.textContent = text; said.hidden = !text; }

// -- what the contract says
async function ask() {
  const service = form.elements.service.value, turn = ++asked;
  if (!service) { coverage.replaceChildren(); return; }
  try {
    const answer = await fetch(`/portal/requests/new/coverage?service=${encodeURIComponent(service)}`);
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const text = await answer.text();
    if (turn !== asked) return; // another choice was made meanwhile
    coverage.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
  } catch {
    if (turn === asked && !coverage.querySelector("[value=send]")) tell(form.dataset.offline);
  }
}
form.elements.service.addEventListener("change", ask);

// -- the draft: with its key, so that what was sent and not answered is not opened twice
function keep() {
  const draft = Object.fromEntries(KEPT.map((name) => [name, form.elements[name].value]));
  try { localStorage.setItem(form.dataset.draft, JSON.stringify(draft)); } catch { /* a full or forbidden store */ }
}
function restore() {
  let draft = null;
  try { draft = JSON.parse(localStorage.getItem(form.dataset.draft)); } catch { /* none */ }
  if (!draft || !draft.description) return;
  for (const name of KEPT) {
    const field = form.elements[name];
    if (name !== "key" && field.value) continue; // what the page knows goes first
    if (field.tagName !== "SELECT" || [...field.options].some((option) => option.value === draft[name])) field.value = draft[name];
  }
  tell(form.dataset.restored);
}
form.addEventListener("input", keep);
addEventListener("online", () => { if (!said.hidden) { tell(form.dataset.back); ask(); } });

// -- photos
const photos = form.elements.photo, thumbs = form.querySelector("[data-thumbs]");
let small = [];

async function shrink(file) {
  if (!file.type.startsWith("image/")) return file;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LARGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.82));
    if (!blob) return file;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", file.name);
    thumbs.append(canvas);
    return blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file;
  } catch { return file; } // one that the browser cannot read: the server says what is wrong
}
photos.addEventListener("change", () => {
  thumbs.replaceChildren();
  const chosen = [...photos.files];
  small = chosen.map(shrink);
});

// -- sending
form.addEventListener("submit", async (event) => {
  const step = event.submitter?.value ?? "send";
  if (step !== "send") return;
  event.preventDefault();
  keep();
  const data = new FormData(form);
  data.set("step", "send");
  data.delete("photo");
  for (const photo of await Promise.all(small)) data.append("photo", photo, photo.name);
  const buttons = form.querySelectorAll("button");
  buttons.forEach((button) => { button.disabled = true; });
  tell(form.dataset.sending);
  try {
    const answer = await fetch(form.action, { method: "POST", body: data });
    if (answer.redirected) {
      if (/\/portal\/requests\/[^/?]+\?/.test(answer.url)) localStorage.removeItem(form.dataset.draft);
      location.assign(answer.url);
      return;
    }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const why = fresh.querySelector("[role=alert]");
    const again = fresh.getElementById("coverage");
    if (again) coverage.replaceChildren(...again.childNodes);
    form.parentElement.querySelectorAll("[role=alert]").forEach((old) => old.remove());
    if (why) form.before(why);
    else if (!again) { location.assign(answer.url); return; }
    tell("");
    coverage.querySelectorAll("[data-unscripted]").forEach((button) => button.remove());
  } catch { tell(form.dataset.offline); }
  buttons.forEach((button) => { button.disabled = false; });
  said.scrollIntoView({ block: "center" });
});

// -- the equipment's label
const scan = form.querySelector("[data-scan]");
async function read(detector, video) {
  while (!video.hidden) {
    const [found] = await detector.detect(video).catch(() => []);
    if (found) return found.rawValue;
    await new Promise((next) => setTimeout(next, 150));
  }
  return null;
}
function pick(text) {
  let label = text.trim();
  try { label = new URL(text).searchParams.get("label") ?? label; } catch { /* the label itself */ }
  const option = form.querySelector(`option[data-label="${CSS.escape(label)}"]`);
  if (!option) return false;
  option.selected = true;
  keep();
  return true;
}
async function start() {
  const video = scan.querySelector("video"), told = scan.querySelector("[data-scan-said]");
  told.textContent = "";
  let stream = null;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.srcObject = stream;
    video.hidden = false;
    await video.play();
    const text = await read(new BarcodeDetector({ formats: ["qr_code"] }), video);
    if (text !== null && !pick(text)) told.textContent = scan.dataset.none;
    else if (text !== null) form.elements.place.focus();
  } catch { told.textContent = scan.dataset.refused; }
  stream?.getTracks().forEach((track) => track.stop());
  video.hidden = true;
}
if ("BarcodeDetector" in window && navigator.mediaDevices) {
  scan.hidden = false;
  scan.querySelector("[data-scan-start]").addEventListener("click", start);
}

restore();
ask();
