/* Pictures from the site's own library, with a caption; figures of anything else are kept. */
import { Node, crel, mergeAttributes } from "django-prose-editor/editor";
import { choose, facts } from "writing/dialogs";

const fromTag = (name) => ({ default: null, parseHTML: (element) => element.getAttribute(name) });
const picture = {
  atom: true,
  draggable: true,
  addAttributes: () => ({ src: fromTag("src"), alt: fromTag("alt"), width: fromTag("width"), height: fromTag("height") }),
  renderHTML: ({ HTMLAttributes }) => ["img", mergeAttributes(HTMLAttributes)],
};
const IN_A_LINE = ["paragraph", "heading", "definitionTerm", "caption", "listItem", "tableCell", "tableHeader", "definition"];

export const Image = Node.create({
  ...picture,
  name: "image",
  group: "block",
  parseHTML: () => [{ tag: "img[src]" }],
});

export const InlineImage = Node.create({
  ...picture,
  name: "inlineImage",
  group: "inline",
  inline: true,
  parseHTML: () => [{ tag: "img[src]", priority: 110, context: IN_A_LINE.map((each) => `${each}/`).join("|") }],
});

export const Caption = Node.create({
  name: "caption",
  content: "inline*",
  isolating: true,
  defining: true,
  parseHTML: () => [{ tag: "figcaption" }],
  renderHTML: ({ HTMLAttributes }) => ["figcaption", mergeAttributes(HTMLAttributes), 0],
});

export const Figure = Node.create({
  name: "figure",
  group: "block",
  content: "(caption block+) | (block+ caption?)",
  marks: "link",
  isolating: true,
  draggable: true,
  parseHTML: () => [{ tag: "figure" }],
  renderHTML: ({ HTMLAttributes }) => ["figure", mergeAttributes(HTMLAttributes), 0],

  addCommands() {
    return {
      insertFigure: () => ({ editor, dispatch }) => {
        if (dispatch) openLibrary(editor);
        return true;
      },
    };
  },
});

async function openLibrary(editor) {
  const { words, urls } = facts(editor);
  const answer = await choose({
    editor,
    title: words.figure,
    label: words.findPicture,
    url: urls.pictures,
    more: { caption: { label: words.caption } },
    show: (each) => [
      crel("img", { src: each.url, alt: "", width: 96, height: 64, loading: "lazy" }),
      crel("span", {}, [crel("b", { textContent: each.alt }), crel("small", { textContent: each.credit })]),
    ],
  });
  if (!answer || !answer.choice) return;
  const { url, alt, width, height } = answer.choice;
  const content = [{ type: "image", attrs: { src: url, alt, width: String(width), height: String(height) } }];
  const caption = answer.caption;
  content.push({ type: "caption", content: caption ? [{ type: "text", text: caption }] : [] });
  editor.chain().focus().insertContent({ type: "figure", content }).run();
}
