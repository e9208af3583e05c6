// A one-time page in a browser.  Everything works without this module; with it, rules tick off as one types,
// what is typed can be shown, and Telegram is told what a page inside of it has to tell.

const $ = (id) => document.getElementById(id);
const page = document.documentElement;

// --- Inside Telegram (https://core.telegram.org/bots/webapps): the few words we need of its script -----

const launch = new URLSearchParams(location.hash.slice(1));
const proxy = window.TelegramWebviewProxy;
const desktop = window.external && "notify" in window.external;
const framed = parent !== window;
const inTelegram = Boolean(proxy || desktop || framed);

const tell = (eventType, eventData = {}) => {
  if (proxy) proxy.postEvent(eventType, JSON.stringify(eventData));
  else if (desktop) window.external.notify(JSON.stringify({ eventType, eventData }));
  else if (framed) parent.postMessage(JSON.stringify({ eventType, eventData }), "https://web.telegram.org");
};

// Telegram's own choice of light or dark, where the customer has made none on our pages.
const isDark = (colour) => {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
};
const followTelegram = () => {
  try {
    const colour = JSON.parse(launch.get("tgWebAppThemeParams"))?.bg_color;
    if (/^#[0-9a-f]{6}$/i.test(colour) && !page.dataset.theme) page.dataset.theme = isDark(colour) ? "dark" : "light";
  } catch { /* no colours, or none we can read: the system's choice stands */ }
};

const close = () => tell("web_app_close");

// --- Rules that tick off ------------------------------------------------------------------------------

const form = $("asked");
const inputs = form ? [...form.querySelectorAll(".typed input")] : [];
const fieldOf = (input) => input.closest(".field");
const rulesOf = (input) => [...fieldOf(input).querySelectorAll(".rules li")];
const repeating = (input) => inputs.filter((other) => other.dataset.same === input.name);

const holds = (rule, input) => {
  const typed = input.value.normalize("NFKC");
  if ("repeats" in rule.dataset) return typed !== "" && typed === form.elements[input.dataset.same].value.normalize("NFKC");
  try {
    return new RegExp(rule.dataset.pattern, "u").test(typed);
  } catch { return true; /* the server knows better than this browser */ }
};

const tick = (input) => {
  for (const rule of rulesOf(input)) {
    const met = holds(rule, input);
    rule.classList.toggle("met", met);
    const state = ` (${rule.parentElement.dataset[met ? "met" : "unmet"]})`;
    const said = rule.querySelector(".unseen");
    if (said.textContent !== state) said.textContent = state;
  }
};

const complain = (input, words) => {
  fieldOf(input).classList.toggle("wrong", Boolean(words));
  fieldOf(input).querySelector(".problem").textContent = words;
  if (words) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
};

const trouble = (input) => {
  if (!input.value) return form.dataset.empty;
  const broken = rulesOf(input).filter((rule) => !holds(rule, input));
  if (!broken.length) return "";
  return broken.every((rule) => "repeats" in rule.dataset) ? form.dataset.different : form.dataset.lacking;
};

// --- Showing what is typed ----------------------------------------------------------------------------

const show = (button, shown) => {
  button.setAttribute("aria-pressed", shown);
  $(button.getAttribute("aria-controls")).type = shown ? "text" : "password";
};

// --- Sending, once ------------------------------------------------------------------------------------

const submit = $("submit");
let sent = false;

const rest = () => { sent = false; submit.removeAttribute("aria-disabled"); };

const send = (event) => {
  if (sent) return event.preventDefault();
  const wrong = inputs.filter((input) => { const words = trouble(input); complain(input, words); tick(input); return words; });
  if (wrong.length) {
    event.preventDefault();
    wrong[0].focus();
    return;
  }
  // Shown letters would be kept by browsers as if they were an address.
  for (const button of form.querySelectorAll(".reveal")) show(button, false);
  sent = true;
  submit.setAttribute("aria-disabled", "true");
  const saving = $("saving");
  if (saving) saving.textContent = saving.dataset.text;
};

const expire = () => {
  $("expired").hidden = false;
  form.hidden = true;
};

const begin = () => {
  form.noValidate = true;
  form.addEventListener("submit", send);
  addEventListener("pageshow", (event) => { if (event.persisted) rest(); });
  for (const input of inputs) {
    input.addEventListener("input", () => {
      complain(input, "");
      for (const one of [input, ...repeating(input).filter((other) => other.value)]) tick(one);
    });
  }
  for (const button of form.querySelectorAll(".reveal")) {
    button.addEventListener("click", () => show(button, button.getAttribute("aria-pressed") !== "true"));
  }
  setTimeout(expire, Number(form.dataset.seconds) * 1000);
  if (launch.get("tgWebAppData")) form.elements.init_data.value = launch.get("tgWebAppData");
  const noProblem = !document.querySelector(".alarm:not([hidden]), .field.wrong");
  if (noProblem && matchMedia("(hover: hover) and (pointer: fine)").matches) inputs[0]?.focus();
};

// A file cannot be saved in there: the customer's own browser opens the page.
const goElsewhere = () => {
  const box = $("elsewhere");
  form.hidden = true;
  box.hidden = false;
  box.querySelector("button").addEventListener("click", () => {
    tell("web_app_open_link", { url: location.href.split("#")[0] });
    close();
  });
};

// --- Begin --------------------------------------------------------------------------------------------

if (form) begin();
if (inTelegram) {
  followTelegram();
  tell("web_app_ready");
  tell("web_app_expand");
  if ($("elsewhere")) goElsewhere();
  for (const link of document.querySelectorAll("[data-outside]")) link.hidden = true;
  for (const button of document.querySelectorAll("[data-close]")) {
    button.hidden = false;
    button.addEventListener("click", close);
  }
  if ("done" in document.body.dataset) setTimeout(close, 2500);
}
