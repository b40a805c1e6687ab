/* How long the text is, while it is being written; counted as the site counts reading time. */
import { Extension, crel } from "django-prose-editor/editor";
import { facts } from "writing/dialogs";

const WORDS_A_MINUTE = 230;
const HANGUL = /[가-힣]/g;

export const LiveCount = Extension.create({
  name: "liveCount",
  onCreate() {
    this.storage.line = crel("p", { className: "writing-count" });
    this.editor.view.dom.after(this.storage.line);
    show(this.editor, this.storage.line);
  },
  onUpdate() {
    show(this.editor, this.storage.line);
  },
});

function show(editor, line) {
  const { words } = facts(editor);
  const text = editor.getText({ blockSeparator: " " });
  const syllables = (text.match(HANGUL) || []).length;
  const other = text.replace(HANGUL, " ").trim();
  const count = other ? other.split(/\s+/).length : 0;
  const minutes = Math.max(1, Math.round((count + syllables / 2) / WORDS_A_MINUTE));
  const said = syllables > count
    ? words.characters.replace("{n}", text.replace(/\s/g, "").length.toLocaleString())
    : words.words.replace("{n}", count.toLocaleString());
  line.textContent = `${said} · ${words.minutes.replace("{n}", minutes)}`;
}
