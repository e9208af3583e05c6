// The chat in a browser.  Every fragment of HTML comes from the server, in the stream as in the page;
// this module puts it in its place, and sends what the customer does until the server has taken it.

const $ = (id) => document.getElementById(id);
const page = document.documentElement;
const { csrf } = document.body.dataset;
const messages = $("messages"), scroller = $("scroll"), composer = $("composer"), say = $("say"), dots = $("dots");
let cursor = document.body.dataset.cursor;
const kosovoTime = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Belgrade", hour: "2-digit", minute: "2-digit" });
let byKeyboard = false;

const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
const fragment = (html) => {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.firstElementChild;
};

addEventListener("keydown", () => { byKeyboard = true; }, true);
addEventListener("pointerdown", () => { byKeyboard = false; }, true);

// --- Where the eye is --------------------------------------------------------------------------------

// The page follows the talk until the customer scrolls away by hand; what the page scrolls does not count.
let following = true, byHand = 0;
for (const deed of ["wheel", "touchmove", "pointerdown", "keydown"]) {
  scroller.addEventListener(deed, () => { byHand = Date.now(); }, { passive: true });
}
// A message that is taller than the screen is read from its beginning, not from its last button.
const toEnd = () => {
  const last = messages.lastElementChild;
  const room = scroller.clientHeight - 24;
  if (!last || !dots.hidden || last.offsetHeight <= room) scroller.scrollTop = scroller.scrollHeight;
  else scroller.scrollTop += last.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 12;
};
scroller.addEventListener("scroll", () => {
  const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;
  if (atEnd) following = true;
  else if (Date.now() - byHand < 1000) following = false;
  $("down").hidden = atEnd;
});
new ResizeObserver(() => { if (following) toEnd(); }).observe(scroller);
messages.addEventListener("load", () => { if (following) toEnd(); }, true);
$("down").addEventListener("click", () => { toEnd(); say.focus({ preventScroll: true }); });

// --- Messages ----------------------------------------------------------------------------------------

const place = (item) => {
  const id = Number(item.dataset.id ?? Infinity);
  const later = [...messages.querySelectorAll(".message")].find((other) => Number(other.dataset.id ?? Infinity) > id);
  messages.insertBefore(item, later ?? null);
  const before = item.previousElementSibling;
  if (item.dataset.day && (!before || (before.dataset.day ?? item.dataset.day) !== item.dataset.day)) {
    const day = document.createElement("li");
    day.className = "day";
    day.dataset.day = item.dataset.day;
    day.append(Object.assign(document.createElement("span"), { textContent: item.dataset.dayName }));
    messages.insertBefore(day, item);
  }
};

const keysOf = (item) => [...item.querySelectorAll(".key")];

// A keyboard of the same shape is changed key by key: the focus stays where it is, and so does the page.
const change = (old, item) => {
  const [was, is] = [keysOf(old), keysOf(item)];
  const focused = was.indexOf(document.activeElement);
  const sameShape = was.length > 0 && was.length === is.length && was.every((key, n) => key.tagName === is[n].tagName);
  if (sameShape && old.querySelector(".bubble").innerHTML === item.querySelector(".bubble").innerHTML) {
    was.forEach((key, n) => {
      for (const { name } of [...key.attributes]) if (!is[n].hasAttribute(name)) key.removeAttribute(name);
      for (const { name, value } of [...is[n].attributes]) if (key.getAttribute(name) !== value) key.setAttribute(name, value);
      if (key.innerHTML !== is[n].innerHTML) key.innerHTML = is[n].innerHTML;
    });
    for (const name of ["data-changed", "lang"]) old.setAttribute(name, item.getAttribute(name) ?? "");
    return;
  }
  old.replaceWith(item);
  if (is.length) item.scrollIntoView({ block: "nearest" });
  if (focused >= 0) (is[Math.min(focused, is.length - 1)] ?? scroller).focus({ preventScroll: true });
};

const show = (html) => {
  const item = fragment(html);
  const { id, changed, client } = item.dataset;
  const old = $(item.id) ?? (client ? messages.querySelector(`[data-client="${client}"]`) : null);
  if (old?.dataset.id && Number(old.dataset.changed) >= Number(changed)) return;
  if (old?.dataset.id) {
    change(old, item);
    still();
  } else {
    const newest = Math.max(0, ...[...messages.querySelectorAll(".message[data-id]")].map((m) => Number(m.dataset.id)));
    if (old) old.remove(); else item.classList.add("fresh");
    place(item);
    if (!item.classList.contains("mine")) answered(item, Number(id) > newest);
  }
  $("start").hidden = true;
  if (item.lang && !item.classList.contains("mine")) speak(item.lang);
  if (following) toEnd();
};

// Who works with the keyboard finds the new question's first button under their fingers.
const answered = (item, isNewest) => {
  still();
  const lost = document.activeElement === document.body || document.activeElement === scroller;
  if (isNewest && byKeyboard && lost) (keysOf(item)[0] ?? scroller).focus({ preventScroll: true });
};

let typingEnds;
const typing = () => {
  const status = $("status");
  status.dataset.calm ??= status.textContent;
  status.textContent = status.dataset.typing;
  status.classList.add("busy");
  dots.hidden = false;
  if (following) toEnd();
  clearTimeout(typingEnds);
  typingEnds = setTimeout(still, 20_000);
};
const still = () => {
  clearTimeout(typingEnds);
  clearTimeout(impatience);
  const status = $("status");
  if (status.dataset.calm) status.textContent = status.dataset.calm;
  delete status.dataset.calm;
  status.classList.remove("busy");
  dots.hidden = true;
};

// --- What the customer does, kept until the server has it ---------------------------------------------

const KEPT = "unsent";
const queue = (() => {
  try { return JSON.parse(sessionStorage.getItem(KEPT)) ?? []; } catch { return []; }
})();
const keep = () => { try { sessionStorage.setItem(KEPT, JSON.stringify(queue)); } catch { /* kept in memory then */ } };

let sending = false, retryTimer, impatience, failures = 0;

// What changes in place is not followed: the finger stays where it is.
const post = (deed, stays = false) => {
  queue.push({ id: newId(), ...deed });
  keep();
  if (deed.text) showOwn(queue.at(-1));
  if (!stays) following = true;
  if (deed.text) toEnd();
  flush();
};

const showOwn = ({ id, text }) => {
  if (messages.querySelector(`[data-client="${id}"]`)) return;
  const item = $("own").content.firstElementChild.cloneNode(true);
  item.dataset.client = id;
  item.querySelector(".text").textContent = text;
  item.querySelector(".stamp").textContent = kosovoTime.format(new Date());
  item.classList.add("waiting", "fresh");
  item.querySelector(".again").addEventListener("click", () => { fate(id, "waiting"); queue.push({ id, text }); keep(); flush(); });
  $("start").hidden = true;
  place(item);
};

const fate = (id, state) => {
  const item = messages.querySelector(`[data-client="${id}"]:not([data-id])`);
  if (!item) return;
  item.classList.remove("waiting", "late", "failed");
  if (state !== "sent") item.classList.add(...state.split(" "));
  const words = item.querySelector(".fate").dataset;
  item.querySelector(".fate").textContent = state === "failed" ? words.failed : state === "waiting late" ? words.waiting : "";
  item.querySelector(".again").hidden = state !== "failed";
  if (following) toEnd();
};

// One after the other, in order; the same id again after a failure, so that nothing is done twice.
const flush = async () => {
  clearTimeout(retryTimer);
  if (sending || !queue.length) return;
  sending = true;
  const deed = queue[0];
  const result = await send(deed);
  sending = false;
  if (result === "later") {
    failures += 1;
    if (failures > 1) fate(deed.id, "waiting late");
    retryTimer = setTimeout(flush, Math.min(15_000, 500 * 2 ** failures) * (0.75 + Math.random() / 2));
    return;
  }
  failures = 0;
  queue.shift();
  keep();
  fate(deed.id, result);
  release(deed);
  trouble("");
  if (result === "sent") { clearTimeout(impatience); impatience = setTimeout(typing, 700); }
  flush();
};

const send = async (deed) => {
  let response;
  try {
    response = await fetch("/chat", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf },
      body: JSON.stringify(deed),
      signal: AbortSignal.timeout(15_000),
    });
  } catch {
    trouble("offline");
    return "later";
  }
  if (response.ok) return "sent";
  if (response.status === 403) return renew();
  if (response.status === 429 || response.status >= 500) {
    trouble("slow");
    return "later";
  }
  return "failed";
};

// Another tab was given another cookie: the page is made anew, the unsent words stay.
const renew = () => {
  const last = Number(sessionStorage.getItem("renewed"));
  if (Date.now() - last < 30_000) return "failed";
  sessionStorage.setItem("renewed", Date.now());
  location.reload();
  return "later";
};

const trouble = (kind) => {
  const banner = $("banner");
  banner.hidden = !kind;
  if (kind) banner.textContent = banner.dataset[kind];
};

const release = (deed) => {
  for (const key of document.querySelectorAll(".key.pressed")) if (key.value === deed.tap) key.classList.remove("pressed");
};

// --- Forms become posts that do not leave the page ---------------------------------------------------

document.addEventListener("submit", (event) => {
  event.preventDefault();
  const { submitter, target } = event;
  if (target === composer) return speakUp();
  if (submitter?.name === "arrive") return post({ id: "arrival", arrive: submitter.value });
  if (submitter?.name !== "tap" || submitter.classList.contains("pressed")) return;
  submitter.classList.add("pressed");
  submitter.closest("details")?.removeAttribute("open");
  post({ tap: submitter.value, message: Number(target.elements.message?.value ?? 0) }, "stays" in submitter.dataset);
  if (!target.elements.message) submitter.classList.remove("pressed");
});

const speakUp = () => {
  const text = say.value.trim();
  if (!text) return say.focus();
  say.value = "";
  grow();
  post({ text });
};

const grow = () => {
  if (CSS.supports("field-sizing", "content")) return;
  say.rows = Math.min(6, say.value.split("\n").length);
};
say.addEventListener("input", grow);
say.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  speakUp();
});

// --- The page's own words, in the language of the chat -----------------------------------------------

const speak = async (tag) => {
  if (tag === page.lang) return;
  page.lang = tag;
  try {
    const other = new DOMParser().parseFromString(await (await fetch("/chat")).text(), "text/html");
    page.dataset.lang = other.documentElement.dataset.lang;
    still();
    for (const from of other.querySelectorAll("[data-w]")) reword(from);
    for (const choice of $("languages").querySelectorAll("[data-code]")) {
      choice.toggleAttribute("aria-current", choice.dataset.code === page.dataset.lang);
    }
  } catch { page.lang = ""; /* the next message tries again */ }
};

const reword = (from) => {
  const to = document.querySelector(`[data-w="${from.dataset.w}"]`) ?? $("own").content.querySelector(`[data-w="${from.dataset.w}"]`);
  if (!to) return;
  for (const name of ["aria-label", "title", "placeholder", "data-typing", "data-offline", "data-slow", "data-waiting", "data-failed"]) {
    if (from.hasAttribute(name)) to.setAttribute(name, from.getAttribute(name));
  }
  if (!from.children.length && from.textContent.trim() && to !== say && to.id !== "banner") to.textContent = from.textContent;
};

// --- What the server has to say ----------------------------------------------------------------------

let stream, streamTries = 0;
const listen = () => {
  stream?.close();
  stream = new EventSource(`/chat/events?after=${encodeURIComponent(cursor)}`);
  const on = (name, act) => stream.addEventListener(name, (event) => { cursor = event.lastEventId || cursor; act(event.data); });
  on("message", show);
  on("phone", showNote);
  on("typing", typing);
  stream.onopen = () => { streamTries = 0; trouble(""); flush(); };
  stream.onerror = () => {
    stream.close();
    streamTries += 1;
    if (streamTries > 1 || !navigator.onLine) trouble("offline");
    setTimeout(listen, Math.min(10_000, 400 * 2 ** streamTries));
  };
};
addEventListener("online", () => { listen(); flush(); });
addEventListener("offline", () => trouble("offline"));
addEventListener("pagehide", () => stream?.close());
addEventListener("pageshow", (event) => { if (event.persisted) listen(); });

// --- The demo's phone --------------------------------------------------------------------------------

let unread = 0;
const phoneOpen = () => location.hash === "#phone" || getComputedStyle($("to-phone")).display === "none";
const showNote = (html) => {
  const item = fragment(html);
  if ($(item.id)) return;
  item.classList.add("fresh");
  $("notes").append(item);
  $("no-notes").hidden = true;
  item.scrollIntoView({ block: "nearest" });
  if (!phoneOpen()) unread += 1;
  count();
};
const count = () => { const badge = $("badge"); badge.textContent = unread; badge.hidden = !unread; };
const closePhone = () => { if (location.hash === "#phone") { location.hash = "#chat"; $("to-phone").focus(); } };
if ($("phone")) {
  count();
  addEventListener("hashchange", () => { if (phoneOpen()) { unread = 0; count(); $("close-phone").focus(); } });
  $("phone").addEventListener("click", (event) => { if (event.target === $("phone")) closePhone(); });
}

// --- Small things ------------------------------------------------------------------------------------

$("theme").addEventListener("click", () => {
  const dark = page.dataset.theme ? page.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  page.dataset.theme = dark ? "light" : "dark";
  try { localStorage.setItem("theme", page.dataset.theme); } catch { /* it lasts for this page then */ }
});
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if ($("languages").open) { $("languages").open = false; $("languages").querySelector("summary").focus(); }
  closePhone();
});
addEventListener("click", (event) => { if (!$("languages").contains(event.target)) $("languages").open = false; });

// --- Begin -------------------------------------------------------------------------------------------

toEnd();
for (const deed of queue) if (deed.text) showOwn(deed);
listen();
if (document.body.dataset.empty && !queue.length) post({ id: "arrival", arrive: document.body.dataset.guess });
setTimeout(() => $("start").classList.add("stuck"), 6_000);
if (matchMedia("(hover: hover)").matches) say.focus({ preventScroll: true });
