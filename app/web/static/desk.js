// What the pages can do besides links and forms: act on a row without loading the page, tell of new
// calls, search as one types, keys, and the question before a session ends. All else works without.
"use strict";

const body = document.body;
const said = document.getElementById("said");
const news = document.getElementById("news");
const contact = document.getElementById("contact");
const ending = document.getElementById("ending");
const keys = document.getElementById("keys");
const title = document.title;
const JSON_ONLY = { Accept: "application/json" };

function say(words) {
  const line = document.createElement("p");
  line.textContent = words;
  said.replaceChildren(line);
}

// Asks the server; what is on the page stays there whatever happens.
async function ask(address, options = {}) {
  try {
    const answer = await fetch(address, { credentials: "same-origin", ...options });
    if (contact) contact.hidden = true;
    if (answer.status === 403 && address !== "/sign-in") watch();
    return answer;
  } catch {
    if (contact?.hidden) {
      const now = new Date().toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
      contact.textContent = `No contact since ${now}. What you have typed is still here.`;
      contact.hidden = false;
    }
    return null;
  }
}

function post(address, fields, kind = "") {
  return ask(address, { method: "POST", body: new URLSearchParams(fields), headers: { "X-Part": kind } });
}

// ---- Acting on a row ----

async function act(row, fields) {
  const form = row.querySelector("form");
  if (row.dataset.busy) return;
  row.dataset.busy = "yes";
  const version = form.elements.version.value;
  const answer = await post(form.action, { version, back: form.elements.back.value, ...fields }, "row");
  delete row.dataset.busy;
  if (!answer || answer.status === 403) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const rows = [...page.querySelectorAll(".row")];
  if (!rows.length) {
    say(page.querySelector("[role=alert], h1")?.textContent || "That did not work; load the page again.");
    return;
  }
  for (const fresh of rows) {
    document.querySelector(`.row[data-call-id="${fresh.dataset.callId}"]`)?.replaceWith(fresh);
  }
  say(rows[0].dataset.said || "");
  rows[0].querySelector(".acts button")?.focus();
}

function openPanel(row, name, button) {
  const open = row.querySelector(".row__panel");
  const again = open?.dataset.name === name;
  open?.remove();
  row.querySelectorAll("[aria-expanded]").forEach((other) => other.removeAttribute("aria-expanded"));
  if (again) return;
  const panel = document.createElement("form");
  panel.className = "row__panel";
  panel.dataset.name = name;
  panel.append(document.getElementById(name).content.cloneNode(true));
  if (name === "more") {
    const box = document.createElement("div");
    box.className = "acts";
    box.append(...panel.childNodes);
    panel.append(box);
    fitMore(row, panel);
  }
  const described = row.querySelector(".row__name a").id;
  panel.querySelectorAll("button").forEach((each) => each.setAttribute("aria-describedby", described));
  row.append(panel);
  button?.setAttribute("aria-expanded", "true");
  panel.querySelector("button:not([hidden])").focus();
}

// Which of the acts behind More make sense for a row.
function fitMore(row, panel) {
  const flagged = row.classList.contains("row--flagged");
  const show = (act, shown) => { panel.querySelector(`[value="${act}"]`).hidden = !shown; };
  show("flag", !flagged);
  show("unflag", flagged);
  show("release", row.dataset.held === "mine");
  show("take", row.dataset.held !== "mine");
  if (row.dataset.held === "other") panel.querySelector('[value="take"]').textContent = "Take over";
  panel.querySelector("a").href = row.querySelector(".row__name a").href;
}

function press(row, name, button) {
  if (name === "more") openPanel(row, "more", button);
  else if (name === "no_answer" || name === "left_message") openPanel(row, `times-${name}`, button);
  else act(row, { do: name });
}

document.addEventListener("submit", async (event) => {
  const { target: form, submitter: button } = event;
  const row = form.closest(".row");
  if (row) {
    event.preventDefault();
    if (!form.matches(".row__panel") || (button.name === "do" && button.value.endsWith("_message"))) {
      press(row, button.value, button);
    } else {
      act(row, Object.fromEntries(new FormData(form, button)));
    }
  } else if (form.dataset.live) {
    event.preventDefault();
    search(form);
  } else if (form.method === "post" && !form.dataset.sure) {
    // Asked first: a form that cannot be sent would take what was typed with it.
    event.preventDefault();
    const answer = await ask("/session", { headers: JSON_ONLY });
    if (!answer) return;
    const { name } = await answer.json();
    if (body.dataset.person && name !== body.dataset.person) return void showEnding("out");
    form.dataset.sure = "yes";
    form.requestSubmit(button);
    delete form.dataset.sure;
  }
});

// ---- New calls ----

let heard = "";
async function look() {
  const answer = await ask(news.dataset.ask, heard ? { headers: { "If-None-Match": heard } } : {});
  if (answer?.status !== 200) return;
  heard = answer.headers.get("ETag") || "";
  const found = await answer.json();
  const parts = [];
  if (found.new) parts.push(`${found.new} new ${found.new === 1 ? "call" : "calls"}`);
  if (found.changed) parts.push(`${found.changed} ${found.changed === 1 ? "change" : "changes"} by others`);
  const words = parts.join(", ");
  const [bar, told] = [news.firstElementChild, news.querySelector("span")];
  if (words === told.textContent) return;
  told.textContent = words;
  bar.hidden = !words;
  document.title = found.new ? `(${found.new}) ${title}` : title;
}
if (news) setInterval(look, 4000);

// ---- Searching as one types; words and numbers stay out of the address bar ----

const SECRET = ["q", "customer_number", "phone_number"];

function kept(fields) {
  const shown = [...fields].filter(([name, value]) => value && !SECRET.includes(name));
  return location.pathname + (shown.length ? `?${new URLSearchParams(shown)}` : "");
}

let latest = 0;
async function load(fields, whereTo) {
  const mine = (latest += 1);
  const answer = await post(location.pathname, fields, "results");
  if (!answer || mine !== latest) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!answer.ok) return void say(page.querySelector("h1 + p")?.textContent || "");
  whereTo.replaceChildren(...page.getElementById("results").childNodes);
  history.replaceState(null, "", kept(fields));
  say(whereTo.querySelector("p").textContent.replace(/:\s*$/, ""));
}

function search(form) {
  const fields = [...new FormData(form)].filter(([, value]) => value);
  load(new URLSearchParams(fields), document.getElementById(form.dataset.live));
}

const live = document.querySelector("form[data-live]");
if (live) {
  let soon;
  live.addEventListener("input", () => {
    clearTimeout(soon);
    soon = setTimeout(search, 250, live);
  });
  document.getElementById(live.dataset.live).addEventListener("click", async (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.matches("[data-copy]")) {
      event.preventDefault();
      await navigator.clipboard?.writeText(new URL(link.href).href);
      say("The link is copied, without words and numbers.");
    } else if (link.pathname === location.pathname && link.matches(".pages a, .chips li a")) {
      event.preventDefault();
      const fields = new URLSearchParams(link.search);
      for (const field of live.elements) {
        if (field.type === "checkbox") field.checked = fields.getAll(field.name).includes(field.value);
        else if (field.name) field.value = fields.get(field.name) || field.querySelector?.("option")?.value || "";
      }
      load(fields, document.getElementById(live.dataset.live));
    }
  });
}
document.querySelectorAll("form[role=search]").forEach((form) => { form.method = "post"; });

// ---- Keys ----

const ACTS = { d: "done", f: "flag", t: "take", n: "no_answer", m: "left_message" };

function step(by) {
  const names = [...document.querySelectorAll(".row__name a, td.name a")];
  const here = document.activeElement.closest?.(".row, tr");
  const at = names.findIndex((name) => here?.contains(name));
  names[at < 0 ? 0 : Math.min(Math.max(at + by, 0), names.length - 1)]?.focus();
}

function undo() {
  const row = document.querySelector(".row [value^=undo]")?.closest(".row");
  const last = [...document.querySelectorAll("[value^=undo]")];
  const here = document.activeElement.closest?.(".row")?.querySelector("[value^=undo]");
  if (row) (here || last.sort((a, b) => b.value.slice(5) - a.value.slice(5))[0]).click();
  else last[0]?.click();
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea, dialog");
  if (event.key === "Escape") document.querySelector(".row__panel")?.closest(".row").querySelector("[aria-expanded]")?.focus();
  if (event.key === "Escape") document.querySelectorAll(".row__panel").forEach((panel) => panel.remove());
  if (typing || event.ctrlKey || event.altKey || event.metaKey || body.dataset.singleKeys !== "on") return;
  const row = document.activeElement.closest?.(".row");
  const one = document.querySelector(`.call [name=do][value="${ACTS[event.key]}"]`);
  if (event.key === "/") document.getElementById("find")?.focus();
  else if (event.key === "?") keys?.showModal();
  else if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
  else if (event.key === "u") undo();
  else if (ACTS[event.key] && row?.querySelector("[value=done]")) press(row, ACTS[event.key]);
  else if (one) one.click();
  else return;
  event.preventDefault();
});

// ---- Before a session ends ----

const WORDS = {
  idle: "You will be signed out soon: nothing has been done here for a while.",
  length: "This day of work ends soon. Your password begins a new one; what you have typed stays here.",
  out: "You have been signed out. Your password brings you back; what you have typed is still here.",
};

function showEnding(why) {
  if (!ending) return;
  document.getElementById("ending-words").textContent = WORDS[why];
  document.getElementById("ending-password").hidden = why === "idle";
  if (!ending.open) ending.showModal();
}

async function watch() {
  const answer = await ask("/session", { headers: JSON_ONLY });
  if (!answer?.ok) return;
  const left = await answer.json();
  if (left.name !== body.dataset.person) showEnding("out");
  else if (left.length_s <= 120) showEnding("length");
  else if (left.idle_s <= 120) showEnding("idle");
  else if (ending.open) ending.close();
}

ending?.addEventListener("submit", async (event) => {
  event.preventDefault();
  event.stopPropagation();
  const password = document.querySelector("#ending-password input");
  const again = !document.getElementById("ending-password").hidden;
  const fields = again ? { name: body.dataset.person, password: password.value } : {};
  const answer = await ask(again ? "/sign-in" : "/session", {
    method: "POST", body: new URLSearchParams(fields), headers: JSON_ONLY,
  });
  password.value = "";
  if (answer?.ok) ending.close();
  else if (answer) document.getElementById("ending-words").textContent = "That is not the password, or there were too many tries.";
});
if (ending) {
  watch();
  setInterval(watch, 20000);
}
