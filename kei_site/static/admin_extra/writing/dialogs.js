/* What the tools of the editor share: their words and addresses, and a dialog to choose from. */
import { crel } from "django-prose-editor/editor";

let opened = 0;

/* The words and addresses that the server gave to this editor. */
export function facts(editor) {
  return editor.extensionManager.extensions.find((each) => each.name === "writing").options;
}

/* Show a dialog with a search field; the answer is what was chosen, or null.
   `show` makes the words of a choice; `more` are other fields, by name and label. */
export function choose({ editor, title, url, show, label, more = {} }) {
  const { words } = facts(editor);
  const name = `writing-${++opened}`;
  const search = crel("input", { type: "search", id: name, autocomplete: "off" });
  const list = crel("ul", { className: "writing-choices" });
  const said = crel("p", { className: "writing-said", role: "status" });
  const fields = Object.entries(more).map(([key, { label: text, value }]) => {
    const input = crel("input", { type: "text", id: `${name}-${key}`, name: key, value: value || "" });
    return crel("div", { className: "prose-editor-dialog-field" }, [
      crel("label", { htmlFor: input.id, textContent: text }), input,
    ]);
  });
  const accept = crel("button", { type: "submit", textContent: words.insert });
  const cancel = crel("button", { type: "button", textContent: words.cancel });
  const form = crel("form", { method: "dialog" }, [
    crel("h3", { className: "prose-editor-dialog-title", id: `${name}-title`, textContent: title }),
    crel("div", { className: "prose-editor-dialog-field" }, [
      crel("label", { htmlFor: name, textContent: label }), search, said, list,
    ]),
    ...fields,
    crel("div", { className: "prose-editor-dialog-buttons" }, [accept, cancel]),
  ]);
  const dialog = crel("dialog", {
    className: "prose-editor-dialog writing-dialog", "aria-labelledby": `${name}-title`,
  }, [form]);
  document.body.append(dialog);

  const choices = new Map();
  let asked = 0;
  let timer;
  async function look() {
    const mine = ++asked;
    const answer = await fetch(`${url}?q=${encodeURIComponent(search.value)}`, {
      headers: { Accept: "application/json" },
    }).catch(() => null);
    if (mine !== asked) return;
    const found = answer && answer.ok ? (await answer.json()).choices : [];
    said.textContent = found.length ? "" : words.nothing;
    // What was chosen stays chosen where a longer search still finds it.
    const chosen = choices.get(new FormData(form).get("choice"))?.url;
    choices.clear();
    list.replaceChildren(...found.map((each, number) => {
      const id = `${name}-${number}`;
      choices.set(String(number), each);
      const radio = crel("input", { type: "radio", name: "choice", value: String(number), id, checked: each.url === chosen });
      return crel("li", {}, [radio, crel("label", { htmlFor: id }, show(each))]);
    }));
  }
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 200);
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  look();

  return new Promise((resolve) => {
    cancel.addEventListener("click", () => dialog.close());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const data = new FormData(form);
      const values = Object.fromEntries(Object.keys(more).map((key) => [key, data.get(key).trim()]));
      resolve({ choice: choices.get(data.get("choice")) || null, ...values });
      dialog.close();
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(null);
      editor.view.focus();
    });
    dialog.showModal();
  });
}
