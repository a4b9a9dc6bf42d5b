// A text's own Yjs document (CRDT) in this page: what is typed is kept and sent as commands.
import { effect, signal } from "@preact/signals";
import * as Y from "yjs";
import { line, send } from "../room/connection";
import type { Prose, TextUpdate } from "../room/protocol";
import { followTexts, gathering, run, waiting } from "../room/store";
import { fromBase64, toBase64 } from "./base64";

export const ROOT = "prose";
const GATHER_MS = 200;
const GATHER_OFFLINE_MS = 500;
const THEIRS = "theirs";

export class YjsDocument {
  doc = new Y.Doc();
  /** Becomes true once the text is here; a new document after a refusal begins with false again. */
  readonly ready = signal(false);
  /** Why nobody may write here (any more), "" if they may. */
  readonly locked = signal("");
  private typed: Uint8Array[] = [];
  private timer = 0;
  private applied = new Set<string>();

  constructor(readonly of: string) {
    this.follow();
    followTexts({ opened: () => this.open(), told: (prose) => this.told(prose), heard: (updates) => this.heard(updates), lost: (name) => this.lost(name) });
    for (const event of ["beforeunload", "pagehide"]) addEventListener(event, () => this.flush(), { capture: true });
    effect(() => this.takeOwn());
  }

  get text(): Y.XmlFragment {
    return this.doc.getXmlFragment(ROOT);
  }

  /** Keeps and sends what was typed, at once. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = 0;
    if (!this.typed.length) return;
    const update = toBase64(Y.mergeUpdates(this.typed));
    void run("prose.write", { of: this.of, update });
    this.forget();
  }

  private forget(): void {
    if (this.typed.length) gathering.value--;
    this.typed = [];
  }

  /** Asks for what is missing here, and whether it may be written. */
  open(): void {
    const vector = this.ready.value ? toBase64(Y.encodeStateVector(this.doc)) : undefined;
    send({ t: "open", of: this.of, vector });
  }

  private told(prose: Prose): void {
    if (prose.of !== this.of) return;
    this.locked.value = prose.refused ?? prose.locked ?? "";
    if (prose.update === undefined) return;
    Y.applyUpdate(this.doc, fromBase64(prose.update), THEIRS);
    this.ready.value = true;
    this.takeOwn();
  }

  private heard(updates: TextUpdate[]): void {
    for (const { of, update } of updates) if (of === this.of) Y.applyUpdate(this.doc, fromBase64(update), THEIRS);
  }

  /** What this person wrote in an earlier visit and the server does not have yet. */
  private takeOwn(): void {
    for (const { op, do: what, args } of waiting.value) {
      if (what !== "prose.write" || args.of !== this.of || this.applied.has(op) || !this.ready.value) continue;
      this.applied.add(op);
      Y.applyUpdate(this.doc, fromBase64(String(args.update)), THEIRS);
    }
  }

  /** What was typed after a refused change rests on it, so the text begins anew as the server has it. */
  private lost(name: string): void {
    if (name !== this.of) return;
    clearTimeout(this.timer);
    this.timer = 0;
    this.forget();
    this.ready.value = false;
    this.doc = new Y.Doc();
    this.follow();
    this.open();
  }

  private follow(): void {
    const { doc } = this;
    doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin === THEIRS || doc !== this.doc) return;
      if (!this.typed.length) gathering.value++;
      this.typed.push(update);
      this.timer ||= window.setTimeout(() => this.flush(), line.value === "open" ? GATHER_MS : GATHER_OFFLINE_MS);
    });
  }
}

const papers = new Map<string, YjsDocument>();

/** The paper of a text; it stays for as long as the page. */
export function documentOf(of: string): YjsDocument {
  const known = papers.get(of) ?? new YjsDocument(of);
  papers.set(of, known);
  return known;
}
