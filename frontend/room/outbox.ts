// Outbox: commands without an answer yet, kept on this machine so that closing the tab loses none.
import type { Args } from "./protocol";

export interface Kept {
  op: string;
  room: string;
  order: number;
  do: string;
  args: Args;
  base: number | null;
  /** Set once the server has refused it; it stays until the person has dealt with it. */
  refused?: { status: number; message: string; current?: Record<string, unknown> | null };
}

const STORE = "commands";
let opening: Promise<IDBDatabase> | null = null;
const alreadyGone = new Set<string>();

function database(): Promise<IDBDatabase> {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("followthrough-room", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(STORE, { keyPath: "op" }).createIndex("room", "room");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}

async function ask<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await database();
  return new Promise((resolve, reject) => {
    const request = act(db.transaction(STORE, mode).objectStore(STORE));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Those of `room` in the order they were made. */
export async function unansweredFor(room: string): Promise<Kept[]> {
  const rows = await ask<Kept[]>("readonly", (store) => store.index("room").getAll(room));
  return rows.filter((row) => !alreadyGone.has(row.op)).sort((a, b) => a.order - b.order);
}

/** False where the browser keeps nothing (private windows, full disks): then the page must say so. */
export async function keep(command: Kept): Promise<boolean> {
  try {
    await ask("readwrite", (store) => store.put(command));
    if (alreadyGone.has(command.op)) forget(command.op);
    return true;
  } catch {
    return false;
  }
}

export function forget(op: string): void {
  alreadyGone.add(op);
  ask("readwrite", (store) => store.delete(op)).catch(() => undefined);
}
