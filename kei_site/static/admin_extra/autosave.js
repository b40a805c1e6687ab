/* Keeps what is typed into a form, says who else has it open, and warns before it is left. */
"use strict";

(() => {
  const status = document.getElementById("autosave");
  const form = document.querySelector("#content-main > form");
  if (!status || !form) return;

  const EVERY = 4000;
  const PRESENCE = 20000;
  const MACHINERY = new Set(["csrfmiddlewaretoken", "_base", "_copy"]);
  const field = (name) => form.elements.namedItem(name);

  // What the form held before anything was typed; null while nobody has touched it.
  let before = "dirty" in status.dataset ? "" : null;
  let kept = null;
  let seen = 0;
  let leaving = false;
  let running = null;

  function typed() {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && !MACHINERY.has(name)) fields.append(name, value);
    }
    return fields;
  }

  function isDirty(now = typed().toString()) {
    return before !== null && now !== before;
  }

  function touch() {
    if (before === null) before = typed().toString();
  }

  // Beside the buttons, and not read aloud every few seconds.
  const note = document.createElement("span");
  note.className = "unsaved__kept";
  form.querySelector(".submit-row")?.append(note);

  function sayKept() {
    const now = new Date().toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
    note.textContent = status.dataset.kept.replace("%s", now);
  }

  function say(words) {
    if (status.textContent !== words) status.textContent = words;
  }

  async function send(fields, keepalive) {
    fields.append("_base", field("_base").value);
    fields.append("_copy", field("_copy").value);
    running = new AbortController();
    const answer = await fetch(status.dataset.url, {
      method: "POST",
      body: fields,
      headers: { "X-CSRFToken": field("csrfmiddlewaretoken").value },
      redirect: "manual",
      keepalive,
      signal: running.signal,
    });
    if (answer.type === "opaqueredirect" || answer.status === 403) {
      say(status.dataset.signedOut);
      return false;
    }
    const told = await answer.json();
    // Only the text that this form shows may be overwritten by it, or forgotten when it is saved.
    if (told.known !== undefined) field("_copy").value = told.known;
    say(told.said);
    return answer.ok;
  }

  async function keep(keepalive = false) {
    if (running || leaving || !status.dataset.url) return;
    const fields = typed();
    const now = fields.toString();
    const isNew = isDirty(now) && now !== kept;
    if (!isNew && (document.hidden || Date.now() - seen < PRESENCE)) return;
    const body = isNew ? fields : new URLSearchParams({ _ping: "1" });
    try {
      // A browser sends no more than this for a page that is going away.
      if ((await send(body, keepalive && now.length < 60000)) && isNew) {
        kept = now;
        sayKept();
      }
      seen = Date.now();
    } catch (error) {
      if (error.name !== "AbortError") say(status.dataset.unreachable);
    } finally {
      running = null;
    }
  }

  for (const event of ["focusin", "pointerdown", "keydown"]) {
    form.addEventListener(event, touch, { capture: true });
  }
  form.addEventListener("submit", (event) => {
    // A preview opens beside the form.
    if (event.submitter?.formTarget === "_blank") return;
    leaving = true;
    running?.abort();
  });
  // The form stays when what was submitted is a download, or the browser went back to it.
  window.addEventListener("pageshow", () => {
    leaving = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && isDirty()) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => keep(document.hidden));
  window.setInterval(keep, EVERY);
  keep();
})();
