/* All that the allow-list of the server knows and the editor does not: kept as it is. */
import { Extension, Mark, Node, mergeAttributes } from "django-prose-editor/editor";

const attribute = (name) => ({
  default: null,
  parseHTML: (element) => element.getAttribute(name),
  renderHTML: (values) => (values[name] ? { [name]: values[name] } : {}),
});

const kept = (name, tag, ...attributes) =>
  Mark.create({
    name,
    // Ahead of marks that would take the tag for one of theirs: del is no s.
    priority: 200,
    excludes: "",
    addAttributes: () => Object.fromEntries(attributes.map((each) => [each, attribute(each)])),
    parseHTML: () => [{ tag }],
    renderHTML: ({ HTMLAttributes }) => [tag.replace(/:.*/, ""), mergeAttributes(HTMLAttributes), 0],
  });

export const Abbreviation = kept("abbreviation", "abbr", "title");
export const Anchor = kept("anchor", "a:not([href])");
export const Cited = kept("cited", "cite");
export const Deleted = kept("deleted", "del");
export const Inserted = kept("inserted", "ins");
export const Marked = kept("marked", "mark");
export const Quoted = kept("quoted", "q");
export const Small = kept("small", "small");
export const Span = kept("span", "span");

export const DefinitionList = Node.create({
  name: "definitionList",
  group: "block",
  content: "(definitionTerm | definition)+",
  parseHTML: () => [{ tag: "dl" }],
  renderHTML: ({ HTMLAttributes }) => ["dl", HTMLAttributes, 0],
});

export const DefinitionTerm = Node.create({
  name: "definitionTerm",
  content: "inline*",
  defining: true,
  parseHTML: () => [{ tag: "dt" }],
  renderHTML: ({ HTMLAttributes }) => ["dt", HTMLAttributes, 0],
});

export const Definition = Node.create({
  name: "definition",
  content: "block+",
  defining: true,
  parseHTML: () => [{ tag: "dd" }],
  renderHTML: ({ HTMLAttributes }) => ["dd", HTMLAttributes, 0],
});

const WITH_ID = [
  "abbreviation", "anchor", "blockquote", "bold", "bulletList", "caption", "cited", "code",
  "codeBlock", "definition", "definitionList", "definitionTerm", "deleted", "embed", "figure",
  "heading", "horizontalRule", "image", "inlineImage", "inserted", "italic", "link", "listItem",
  "marked", "orderedList", "paragraph", "quoted", "small", "span", "strike", "subscript",
  "superscript", "table", "tableCell", "tableHeader", "tableRow", "underline",
];

export const KeptAttributes = Extension.create({
  name: "keptAttributes",
  addGlobalAttributes: () => [
    { types: WITH_ID, attributes: { id: attribute("id"), lang: attribute("lang"), dir: attribute("dir") } },
    { types: ["tableHeader"], attributes: { scope: attribute("scope") } },
  ],
});

/* The words and addresses of the server, for all tools. */
export const Writing = Extension.create({
  name: "writing",
  addOptions: () => ({ words: {}, urls: {} }),
});
