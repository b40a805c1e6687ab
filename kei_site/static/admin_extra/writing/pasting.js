/* What is pasted from elsewhere goes to the server first, which knows what Word and Google Docs mean. */
import { Extension, Plugin, pm } from "django-prose-editor/editor";
import { facts } from "writing/dialogs";
import { newKey } from "writing/footnotes";

const OURS = /data-pm-slice/;

export const CleanPaste = Extension.create({
  name: "cleanPaste",
  addProseMirrorPlugins() {
    const { editor } = this;
    return [
      new Plugin({
        props: {
          handleDOMEvents: {
            /* Before the editor looks at it: it would build what is pasted, handlers and all. */
            paste: (view, event) => {
              const markup = event.clipboardData?.getData("text/html");
              const isCode = view.state.selection.$from.parent.type.spec.code;
              if (!markup || isCode || OURS.test(markup)) return false;
              event.preventDefault();
              const words = event.clipboardData.getData("text/plain");
              cleaned(markup, facts(editor).urls.paste).then((clean) => {
                if (editor.isDestroyed) return;
                // Without the server the words alone are what is safe to take.
                if (clean === null) view.pasteText(words);
                else insert(editor, clean);
              });
              return true;
            },
          },
        },
      }),
    ];
  },
});

async function cleaned(markup, url) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]");
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "text/html", "X-CSRFToken": token ? token.value : "" },
    body: markup,
  }).catch(() => null);
  return answer && answer.ok ? answer.text() : null;
}

function insert(editor, markup) {
  const { body } = new DOMParser().parseFromString(markup, "text/html");
  const notes = body.querySelector("ol.footnotes");
  if (notes) {
    for (const note of notes.children) {
      const key = newKey();
      for (const link of body.querySelectorAll(`sup > a[href="#${CSS.escape(note.id)}"]`)) link.dataset.key = key;
      note.dataset.key = key;
    }
    const holder = document.implementation.createHTMLDocument("").createElement("div");
    holder.append(document.createElement("p"), notes);
    const doc = pm.model.DOMParser.fromSchema(editor.schema).parse(holder);
    doc.lastChild.forEach((note) => editor.storage.footnotes.aside.set(note.attrs.key, note));
  }
  editor.view.pasteHTML(body.innerHTML);
}
