/* Footnotes: a number in the text and its note at the end, which always go together.

   Each note has a key for as long as the editor is open; numbers are counted anew after
   every change. A note whose number was cut is put aside and comes back with the number. */
import { Document as AnyDocument, Node, Plugin, pm } from "django-prose-editor/editor";
import { facts } from "writing/dialogs";

const { Fragment } = pm.model;
const { NodeSelection, TextSelection } = pm.state;

/* Two windows may have a note 1 each: what is copied from one is nothing to the other. */
const HERE = newKey();

export const Document = AnyDocument.extend({ content: "block+ footnotes?" });

export const FootnoteReference = Node.create({
  name: "footnoteReference",
  group: "inline",
  inline: true,
  atom: true,
  addAttributes: () => ({ key: { rendered: false }, number: { default: "", rendered: false } }),
  parseHTML: () => [{
    tag: "sup",
    priority: 110,
    getAttrs: (element) => {
      const link = element.querySelector(':scope > a[href^="#fn-"]');
      if (!link || link.textContent !== element.textContent) return false;
      return { key: link.dataset.key || HERE + link.getAttribute("href").slice(1), number: link.textContent };
    },
  }],
  renderHTML: ({ node: { attrs } }) => [
    "sup",
    ["a", { href: `#fn-${attrs.number}`, id: `fnref-${attrs.number}`, "data-key": attrs.key }, String(attrs.number)],
  ],
});

export const Footnote = Node.create({
  name: "footnote",
  content: "block+",
  defining: true,
  isolating: true,
  addAttributes: () => ({ key: { rendered: false }, number: { default: "", rendered: false } }),
  parseHTML: () => [{
    tag: "li",
    context: "footnotes/",
    priority: 110,
    getAttrs: (element) => ({ key: element.dataset.key || HERE + element.id, number: element.id.slice(3) }),
  }],
  renderHTML: ({ node: { attrs } }) => ["li", { id: `fn-${attrs.number}`, "data-key": attrs.key }, 0],
});

export const Footnotes = Node.create({
  name: "footnotes",
  content: "footnote+",
  defining: true,
  isolating: true,
  selectable: false,

  addStorage: () => ({ aside: new Map() }),

  parseHTML: () => [{ tag: "ol.footnotes", priority: 110 }],
  renderHTML: () => ["ol", { class: "footnotes" }, 0],

  addCommands() {
    return {
      insertFootnote: () => ({ editor, state, dispatch }) => {
        const { $from } = state.selection;
        const type = state.schema.nodes.footnoteReference;
        const isInNotes = $from.depth > 0 && $from.node(1).type.name === "footnotes";
        if (isInNotes || !$from.parent.inlineContent || $from.parent.type.spec.code) return false;
        if (!dispatch) return true;
        const key = newKey();
        // At the end of what is selected, which the note is about.
        dispatch(state.tr.insert(state.selection.to, type.create({ key })));
        setTimeout(() => goToNote(editor.view, key));
        return true;
      },
    };
  },

  addMenuItems({ menu, buttons }) {
    const { words } = facts(this.editor);
    menu.defineItem({
      name: "footnote",
      groups: "insert",
      button: buttons.text("¹", words.footnote),
      enabled: (editor) => editor.can().insertFootnote(),
      command: (editor) => editor.chain().focus().insertFootnote().run(),
    });
  },

  addKeyboardShortcuts() {
    return {
      "Mod-Alt-f": ({ editor }) => editor.commands.insertFootnote(),
      Enter: ({ editor }) => {
        const { selection } = editor.state;
        if (!(selection instanceof NodeSelection) || selection.node.type.name !== "footnoteReference") return false;
        return goToNote(editor.view, selection.node.attrs.key);
      },
    };
  },

  addProseMirrorPlugins() {
    const { aside } = this.storage;
    return [
      new Plugin({
        props: {
          handleDoubleClickOn: (view, _position, node) =>
            node.type.name === "footnoteReference" && goToNote(view, node.attrs.key),
          /* Notes that are pasted wait for their numbers. */
          transformPasted: (slice) => withoutNotes(slice, aside),
        },
        appendTransaction: (transactions, before, now) =>
          transactions.some((each) => each.docChanged) ? settle(before.doc, now, aside) : null,
      }),
    ];
  },
});

export function newKey() {
  return `new-${Math.random().toString(36).slice(2)}`;
}

function read(doc) {
  const references = [];
  doc.descendants((node, position) => {
    if (node.type.name === "footnoteReference") references.push({ node, position });
  });
  const last = doc.lastChild;
  const list = last && last.type.name === "footnotes" ? last : null;
  const notes = new Map();
  if (list) list.forEach((note) => notes.set(note.attrs.key, note));
  return { references, list, notes, keys: new Set(references.map(({ node }) => node.attrs.key)) };
}

/* Bring numbers and notes in line with each other after a change. */
function settle(before, { doc, schema, tr }, aside) {
  const was = read(before);
  const is = read(doc);
  for (const [key, note] of was.notes) if (!is.notes.has(key)) aside.set(key, note);
  // Who takes a note away takes its numbers away.
  const gone = (key) => !is.notes.has(key) && was.notes.has(key) && was.keys.has(key);
  const kept = is.references.filter(({ node }) => !gone(node.attrs.key));
  const order = [...new Set(kept.map(({ node }) => node.attrs.key))];
  const number = new Map(order.map((key, index) => [key, String(index + 1)]));

  const notes = order.map((key) => is.notes.get(key) || aside.get(key)
    || schema.nodes.footnote.create({ key }, schema.nodes.paragraph.create()));
  // A note that never had a number is somebody's words all the same.
  for (const [key, note] of is.notes) {
    if (number.has(key)) continue;
    if (was.keys.has(key)) aside.set(key, note);
    else notes.push(note);
  }
  const wanted = notes.map((note, index) =>
    note.type.create({ ...note.attrs, number: String(index + 1) }, note.content, note.marks));
  const list = wanted.length ? schema.nodes.footnotes.create(null, Fragment.from(wanted)) : null;

  for (const { node, position } of is.references) {
    const right = number.get(node.attrs.key);
    if (right && right !== node.attrs.number) {
      tr.setNodeMarkup(position, null, { ...node.attrs, number: right });
    }
  }
  const start = is.list ? doc.content.size - is.list.nodeSize : doc.content.size;
  if (list && is.list) {
    if (!list.eq(is.list)) tr.replaceWith(start, doc.content.size, list);
  } else if (list) {
    tr.insert(start, list);
  } else if (is.list) {
    tr.delete(start, doc.content.size);
  }
  for (const { node, position } of [...is.references].reverse()) {
    if (gone(node.attrs.key)) tr.delete(position, position + node.nodeSize);
  }
  return tr.docChanged ? tr : null;
}

function withoutNotes(slice, aside) {
  const kept = [];
  slice.content.forEach((node) => {
    if (node.type.name === "footnotes") node.forEach((note) => aside.set(note.attrs.key, note));
    else kept.push(node);
  });
  if (kept.length === slice.content.childCount) return slice;
  const content = Fragment.from(kept);
  return pm.model.Slice.maxOpen(content);
}

function goToNote(view, key) {
  let found = null;
  view.state.doc.descendants((node, position) => {
    if (node.type.name === "footnote" && node.attrs.key === key) found = position;
  });
  if (found === null) return false;
  const near = TextSelection.near(view.state.doc.resolve(found + 2));
  view.dispatch(view.state.tr.setSelection(near).scrollIntoView());
  view.focus();
  return true;
}
