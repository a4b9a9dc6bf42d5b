// The row of buttons over a text: one stop for Tab, arrows move along it.
import type { Command, EditorState } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { redo, undo } from "y-prosemirror";
import { blockOf, hasMark, isInside, linkAt, linking, listing, marking, quoting } from "./commands";

interface Tool {
  sign: string;
  name: string;
  keys?: string;
  does: Command;
  on?: (state: EditorState) => boolean;
}

const MAC = /Mac|iPhone|iPad/.test(navigator.platform);
const keysOf = (keys: string) => (MAC ? keys.replace("Ctrl", "⌘") : keys);

const insertAt: Command = (state, dispatch) => {
  const before = state.selection.$from.nodeBefore;
  dispatch?.(state.tr.insertText(before?.isText && !/\s$/.test(before.text ?? "") ? " @" : "@"));
  return true;
};

const tools = (openLink: Command): Tool[] => [
  { sign: "B", name: "Bold", keys: "Ctrl+B", does: marking("strong"), on: (state) => hasMark(state, "strong") },
  { sign: "I", name: "Italic", keys: "Ctrl+I", does: marking("em"), on: (state) => hasMark(state, "em") },
  { sign: "</>", name: "Code", keys: "Ctrl+E", does: marking("code"), on: (state) => hasMark(state, "code") },
  { sign: "H", name: "Heading", keys: "Ctrl+Alt+2", does: blockOf("heading", "2"), on: (state) => isInside(state, "heading", "2") },
  { sign: "h", name: "Smaller heading", keys: "Ctrl+Alt+3", does: blockOf("heading", "3"), on: (state) => isInside(state, "heading", "3") },
  { sign: "•", name: "List", keys: "Ctrl+Shift+8", does: listing("bullet_list"), on: (state) => isInside(state, "bullet_list") },
  { sign: "1", name: "Numbered list", keys: "Ctrl+Shift+7", does: listing("ordered_list"), on: (state) => isInside(state, "ordered_list") },
  { sign: "”", name: "Quote", keys: "Ctrl+Shift+9", does: quoting, on: (state) => isInside(state, "blockquote") },
  { sign: "{ }", name: "Code block", does: blockOf("code_block"), on: (state) => isInside(state, "code_block") },
  { sign: "Link", name: "Link", keys: "Ctrl+K", does: openLink, on: (state) => linkAt(state) !== "" },
  { sign: "@", name: "Mention a person, an action or an entry", does: insertAt },
  { sign: "↶", name: "Undo", keys: "Ctrl+Z", does: undo },
  { sign: "↷", name: "Redo", keys: "Ctrl+Shift+Z", does: redo },
];

export interface Toolbar {
  element: HTMLElement;
  /** Shows what is on where the cursor stands. */
  update: (state: EditorState) => void;
  focus: Command;
  openLink: Command;
}

/** `more` stands at the end of the row. */
export function toolbar(view: () => EditorView, more: HTMLElement[]): Toolbar {
  const element = document.createElement("div");
  const link = linkRow(view);
  const openLink: Command = (state) => link.open(linkAt(state));
  const row = document.createElement("div");
  row.className = "text-tools";
  row.setAttribute("role", "toolbar");
  row.setAttribute("aria-label", "Formatting");
  const made = tools(openLink).map((tool) => ({ tool, button: buttonOf(tool, view) }));
  const stops = [...made.map(({ button }) => button), ...more];
  row.append(...stops);
  roam(row, stops, view);
  element.append(row, link.element);
  const update = (state: EditorState) => {
    for (const { tool, button } of made) if (tool.on) button.setAttribute("aria-pressed", String(tool.on(state)));
  };
  const focus: Command = () => (stops.find((stop) => stop.tabIndex === 0)?.focus(), true);
  return { element, update, focus, openLink };
}

function buttonOf(tool: Tool, view: () => EditorView): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  const sign = document.createElement("span");
  sign.ariaHidden = "true";
  sign.textContent = tool.sign;
  button.append(sign);
  button.setAttribute("aria-label", tool.name);
  button.title = tool.keys ? `${tool.name} (${keysOf(tool.keys)})` : tool.name;
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    const now = view();
    tool.does(now.state, now.dispatch, now);
    if (!now.dom.parentElement?.querySelector("form:focus-within")) now.focus();
  });
  return button;
}

function roam(row: HTMLElement, stops: HTMLElement[], view: () => EditorView): void {
  const stand = (at: number) => stops.forEach((stop, each) => (stop.tabIndex = each === at ? 0 : -1));
  stand(0);
  row.addEventListener("keydown", (event) => {
    const at = stops.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: stops.length - 1 }[event.key];
    if (event.key === "Escape") view().focus();
    if (to === undefined) return;
    event.preventDefault();
    const next = (to + stops.length) % stops.length;
    stand(next);
    stops[next]!.focus();
  });
}

function linkRow(view: () => EditorView) {
  const element = document.createElement("form");
  element.className = "link-row";
  element.hidden = true;
  element.noValidate = true;
  element.innerHTML = '<input type="url" aria-label="Address of the link" placeholder="https://…" autocomplete="off"><button class="btn small primary">Link</button><button type="button" class="btn small quiet">No link</button>';
  const field = element.querySelector("input")!;
  const finish = (address: string | null) => {
    element.hidden = true;
    const now = view();
    if (address !== null) linking(address)(now.state, now.dispatch);
    now.focus();
  };
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    finish(field.value.trim());
  });
  element.querySelector("[type=button]")!.addEventListener("click", () => finish(""));
  element.addEventListener("keydown", (event) => event.key === "Escape" && (event.stopPropagation(), finish(null)));
  const open = (address: string) => {
    element.hidden = false;
    field.value = address;
    field.select();
    field.focus();
    return true;
  };
  return { element, open };
}
