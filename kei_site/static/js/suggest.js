/* Suggestions while somebody types: the editable combobox with a listbox of WAI-ARIA 1.2. */
"use strict";

{
  const WAIT = 120;
  const KEPT = 50;
  /* Two letters, or one of a script whose letters are syllables or words. */
  const ENOUGH = /[\p{L}\p{N}].*[\p{L}\p{N}]|[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]/u;

  const box = document.getElementById("q");
  const list = document.getElementById("suggestions");
  const said = document.getElementById("suggestions-said");
  const answers = new Map();
  let options = [];
  let active = -1;
  let timer;
  let request;

  function close() {
    stop();
    activate(-1);
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    said.textContent = "";
  }

  function stop() {
    clearTimeout(timer);
    request?.abort();
  }

  function activate(index) {
    options[active]?.setAttribute("aria-selected", "false");
    active = index;
    const option = options[active];
    if (!option) {
      box.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    box.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  async function ask() {
    const typed = box.value.trim();
    const answer = ENOUGH.test(typed) ? answers.get(typed) || await fetchAnswer(typed) : null;
    if (!answer) return;
    answers.delete(typed);
    answers.set(typed, answer);
    if (answers.size > KEPT) answers.delete(answers.keys().next().value);
    if (document.activeElement === box) show(answer);
  }

  /* Without an answer there is nothing to show: the form works all the same. */
  async function fetchAnswer(typed) {
    const { signal } = request = new AbortController();
    try {
      const query = new URLSearchParams({ q: typed });
      const response = await fetch(`${box.form.dataset.suggest}?${query}`, { signal });
      if (response.ok) return await response.json();
    } catch {}
    if (!signal.aborted) close();
    return null;
  }

  function show(answer) {
    activate(-1);
    options = [];
    list.replaceChildren(...answer.groups.map(groupElement));
    list.scrollTop = 0;
    list.hidden = options.length === 0;
    box.setAttribute("aria-expanded", String(!list.hidden));
    said.textContent = answer.said;
  }

  function groupElement({ label, items }, number) {
    const heading = element("div", { className: "label", id: `suggestions-${number}` }, label);
    const group = element("div", { role: "group" }, heading, ...items.map(optionElement));
    group.setAttribute("aria-labelledby", heading.id);
    return group;
  }

  function optionElement({ label, url, detail, lang }) {
    const facts = { href: url, role: "option", id: `suggestion-${options.length}`, tabIndex: -1 };
    const name = element("span", lang ? { lang } : {}, label);
    const option = element("a", facts, name, " ", element("small", {}, detail));
    option.setAttribute("aria-selected", "false");
    options.push(option);
    return option;
  }

  function element(name, facts, ...content) {
    const made = Object.assign(document.createElement(name), facts);
    made.append(...content);
    return made;
  }

  function press(key) {
    const last = options.length - 1;
    if (list.hidden) {
      if (key !== "ArrowDown" && key !== "ArrowUp") return false;
      ask();
    } else if (key === "ArrowDown") activate(active < last ? active + 1 : 0);
    else if (key === "ArrowUp") activate(active > 0 ? active - 1 : last);
    else if (key === "Escape") close();
    else if (active < 0) return false;
    else if (key === "Home") activate(0);
    else if (key === "End") activate(last);
    else if (key === "Enter") options[active].click();
    else return false;
    return true;
  }

  /* The value holds a syllable that is still being composed, and is asked with it. */
  box.addEventListener("input", () => {
    stop();
    activate(-1);
    if (ENOUGH.test(box.value)) timer = setTimeout(ask, WAIT);
    else close();
  });
  /* While composing, keys belong to the input method; Safari tells of the last one by its code. */
  box.addEventListener("keydown", (event) => {
    const changed = event.shiftKey || event.ctrlKey || event.metaKey || event.altKey;
    const composing = event.isComposing || event.keyCode === 229;
    if (!composing && !changed && press(event.key)) event.preventDefault();
  });
  box.addEventListener("blur", close);
  /* A click on a suggestion leaves the cursor where it is. */
  list.addEventListener("mousedown", (event) => event.preventDefault());
  window.addEventListener("pageshow", close);

  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
}
