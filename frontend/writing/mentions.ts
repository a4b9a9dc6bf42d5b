// Typing @ offers people, actions and timeline entries; what is chosen becomes a link with its name.
import { Plugin, type EditorState } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import type { Action, Entry, Owner } from "../room/protocol";
import { people, recordsOf } from "../room/store";
import { schema } from "./schema";

interface Choice {
  href: string;
  label: string;
  aside: string;
}

const MAX_SUGGESTIONS = 8;
const MAX_QUERY_CHARACTERS = 60;
const QUERY = /(?:^|[\s(])@([\p{L}\p{N}:.\-]*(?: [\p{L}\p{N}:.\-]+)?)$/u;
let lists = 0;

/** `room` is the incident's key. */
export const mentions = (room: string) => new Plugin({ view: (view) => new Offer(view, room), props: { handleKeyDown: (view, event) => offers.get(view)?.pressed(event) ?? false } });

const offers = new WeakMap<EditorView, Offer>();

class Offer {
  private readonly list = document.createElement("ul");
  private readonly id = `mentions-${++lists}`;
  private choices: Choice[] = [];
  private at = 0;
  private dismissed: string | null = null;

  constructor(
    private readonly view: EditorView,
    private readonly room: string,
  ) {
    offers.set(view, this);
    this.list.id = this.id;
    this.list.className = "mention-list";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Who or what to mention");
    this.list.popover = "manual";
    view.dom.after(this.list);
    view.dom.addEventListener("blur", () => this.show([]));
  }

  update(): void {
    const query = queryIn(this.view.state);
    if (query === null || query === this.dismissed || !this.view.hasFocus()) return this.show([]);
    this.dismissed = null;
    this.show(matching(query, this.room));
  }

  destroy(): void {
    this.list.remove();
  }

  pressed(event: KeyboardEvent): boolean {
    if (!this.choices.length || event.isComposing) return false;
    if (event.key === "ArrowDown") this.move(1);
    else if (event.key === "ArrowUp") this.move(-1);
    else if (event.key === "Enter" || event.key === "Tab") this.choose(this.choices[this.at]!);
    else if (event.key === "Escape") this.dismiss();
    else return false;
    return true;
  }

  private dismiss(): void {
    this.dismissed = queryIn(this.view.state);
    this.show([]);
  }

  private move(by: number): void {
    this.at = (this.at + by + this.choices.length) % this.choices.length;
    this.draw();
  }

  private choose({ href, label }: Choice): void {
    const { state } = this.view;
    const query = queryIn(state) ?? "";
    const to = state.selection.from;
    const mention = schema.nodes.mention!.create({ href, label });
    this.view.dispatch(state.tr.replaceWith(to - query.length - 1, to, [mention, schema.text(" ")]));
    this.view.focus();
  }

  private show(choices: Choice[]): void {
    if (choices.map(({ href }) => href).join() !== this.choices.map(({ href }) => href).join()) this.at = 0;
    this.choices = choices;
    if (!choices.length) {
      this.view.dom.removeAttribute("aria-activedescendant");
      if (this.list.matches(":popover-open")) this.list.hidePopover();
      return;
    }
    this.draw();
    if (!this.list.matches(":popover-open")) this.list.showPopover();
    this.place();
  }

  private place(): void {
    const { left, top, bottom } = this.view.coordsAtPos(this.view.state.selection.from);
    const height = this.list.offsetHeight + 4;
    this.list.style.left = `${Math.max(8, Math.min(left, innerWidth - this.list.offsetWidth - 8))}px`;
    this.list.style.top = `${bottom + height < innerHeight ? bottom + 4 : Math.max(8, top - height)}px`;
  }

  private draw(): void {
    this.list.replaceChildren(...this.choices.map((choice, at) => this.row(choice, at)));
    this.view.dom.setAttribute("aria-controls", this.id);
    this.view.dom.setAttribute("aria-activedescendant", `${this.id}-${this.at}`);
  }

  private row(choice: Choice, at: number): HTMLLIElement {
    const row = document.createElement("li");
    row.id = `${this.id}-${at}`;
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", String(at === this.at));
    const aside = document.createElement("small");
    aside.textContent = choice.aside;
    row.append(`${choice.label} `, aside);
    row.addEventListener("mousedown", (event) => {
      event.preventDefault();
      this.choose(choice);
    });
    return row;
  }
}

/** What was typed after the @ before the cursor; null where there is none. */
function queryIn(state: EditorState): string | null {
  const { $from, empty } = state.selection;
  if (!empty || $from.parent.type.spec.code) return null;
  const before = $from.parent.textBetween(Math.max(0, $from.parentOffset - MAX_QUERY_CHARACTERS), $from.parentOffset, undefined, "\ufffc");
  return QUERY.exec(before)?.[1] ?? null;
}

function matching(query: string, room: string): Choice[] {
  const words = query.toLowerCase().split(" ").filter(Boolean);
  const fits = ({ label, aside }: Choice) => words.every((word) => `${label} ${aside}`.toLowerCase().includes(word));
  const actions = [...recordsOf("actions.actionitem").values()].filter(({ removed, key }) => !removed && key).map(ofAction);
  const entries = [...recordsOf("timeline.entry").values()].filter(({ removed }) => !removed).map((entry) => ofEntry(entry, room));
  return [...people.value.map(ofPerson), ...actions, ...entries].filter(fits).slice(0, MAX_SUGGESTIONS);
}

const ofPerson = ({ id, name }: Owner): Choice => ({ href: `/people/?who=${id}`, label: `@${name}`, aside: "" });
const ofAction = ({ key, text }: Action): Choice => ({ href: `/actions/${key}/`, label: key, aside: short(text) });

function ofEntry({ id, text, happened_at, zone }: Entry, room: string): Choice {
  const time = new Date(happened_at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone });
  return { href: `/incidents/${room}/room/#entry-${id}`, label: `${time} ${short(text)}`, aside: "entry" };
}

const short = (text: string) => (text.length > MAX_QUERY_CHARACTERS ? `${text.slice(0, MAX_QUERY_CHARACTERS - 1)}…` : text);
