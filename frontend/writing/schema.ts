// What a text may hold; the server refuses anything else (docs/live-protocol.md, "Texts").
import { isAddress, isMention } from "./addresses";
import { Schema, type Attrs, type MarkSpec, type NodeSpec } from "prosemirror-model";

const attribute = (name: string, fallback: string) => ({ attrs: { [name]: { default: fallback } } });
const text = (value: unknown) => String(value ?? "");
/** What somebody else's document holds is followed only where a link may lead. */
const leadingTo = (address: unknown): { href?: string } => (isAddress(text(address)) ? { href: text(address) } : {});

const block = (tag: string, more: Partial<NodeSpec> = {}): NodeSpec => ({ group: "block", content: "block+", parseDOM: [{ tag }], toDOM: () => [tag, 0], ...more });

const nodes: Record<string, NodeSpec> = {
  doc: { content: "block+" },
  paragraph: block("p", { content: "inline*" }),
  heading: block("h2", {
    content: "(text | mention | image)*",
    defining: true,
    ...attribute("level", "2"),
    parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${level}`, attrs: { level: String(level) } })),
    toDOM: (node) => [`h${node.attrs.level}`, 0],
  }),
  bullet_list: block("ul", { content: "list_item+" }),
  ordered_list: block("ol", {
    content: "list_item+",
    ...attribute("start", "1"),
    parseDOM: [{ tag: "ol", getAttrs: (dom) => ({ start: dom.getAttribute("start") ?? "1" }) }],
    toDOM: (node) => ["ol", { start: node.attrs.start }, 0],
  }),
  list_item: { content: "block+", defining: true, parseDOM: [{ tag: "li" }], toDOM: () => ["li", 0] },
  blockquote: block("blockquote", { defining: true }),
  code_block: block("pre", {
    content: "text*",
    marks: "",
    code: true,
    defining: true,
    ...attribute("language", ""),
    parseDOM: [{ tag: "pre", preserveWhitespace: "full" }],
    toDOM: () => ["pre", ["code", 0]],
  }),
  rule: block("hr", { content: "", toDOM: () => ["hr"] }),
  verbatim: block("div", {
    content: "",
    atom: true,
    ...attribute("source", ""),
    parseDOM: [{ tag: "pre[data-verbatim]", priority: 60, getAttrs: (dom) => ({ source: dom.textContent }) }],
    toDOM: (node) => ["pre", { "data-verbatim": "", title: "A table in Markdown: it can be moved and removed here" }, text(node.attrs.source)],
  }),
  text: { group: "inline" },
  hard_break: { group: "inline", inline: true, selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
  mention: {
    group: "inline",
    inline: true,
    atom: true,
    attrs: { href: {}, label: {} },
    parseDOM: [{ tag: "a[data-mention]", priority: 60, getAttrs: (dom) => (isMention(dom.getAttribute("href") ?? "") ? { href: dom.getAttribute("href"), label: dom.textContent } : false) }],
    toDOM: (node) => ["a", { ...leadingTo(node.attrs.href), "data-mention": "", class: "mention" }, text(node.attrs.label)],
  },
  image: {
    group: "inline",
    inline: true,
    attrs: { src: {}, alt: { default: "" } },
    parseDOM: [{ tag: "img[src^=http]", getAttrs: (dom) => (isAddress(dom.getAttribute("src") ?? "") ? { src: dom.getAttribute("src"), alt: dom.getAttribute("alt") ?? "" } : false) }],
    toDOM: (node) => ["a", { ...leadingTo(node.attrs.src), class: "picture" }, text(node.attrs.alt) || "picture"],
  },
};

const mark = (tag: string, ...others: string[]): MarkSpec => ({ parseDOM: [tag, ...others].map((each) => ({ tag: each })), toDOM: () => [tag, 0] });

const marks: Record<string, MarkSpec> = {
  link: {
    attrs: { href: {} },
    inclusive: false,
    parseDOM: [{ tag: "a[href]:not([data-mention])", getAttrs: (dom) => (isAddress(dom.getAttribute("href") ?? "") ? { href: dom.getAttribute("href") } : false) }],
    toDOM: (node) => ["a", { ...leadingTo(node.attrs.href), rel: "noopener noreferrer" }, 0],
  },
  strike: mark("s", "del"),
  strong: mark("strong", "b"),
  em: mark("em", "i"),
  code: mark("code"),
};

export const schema = new Schema({ nodes, marks });

export const node = (name: string) => schema.nodes[name]!;
export const markOf = (name: string) => schema.marks[name]!;
export type { Attrs };
