// One WebSocket to the room: reconnects with backoff, keeps the clock corrected and notices a silent line.
import { signal } from "@preact/signals";
import type { FromServer, ToServer } from "./protocol";

export type Line = "connecting" | "open" | "offline" | "over";

export const line = signal<Line>("connecting");
/** Why the room will not come back by itself, in words for the person. */
export const overReason = signal("");
/** Why the room does not let this page in for now, in the server's words; it is tried again by itself. */
export const waitReason = signal("");

const PING_EVERY_MS = 15_000;
const SILENCE_MS = 35_000;
const MAX_BACKOFF_MS = 20_000;
const TRY_LATER = 1013;
const TOO_FAST = 4429;
const FINAL: Record<number, string> = {
  4400: "This page is older than the server. Reload it; your unsent changes are kept on this machine.",
  4401: "You are signed out. Your unsent changes are kept on this machine; sign in again to send them.",
  4404: "This room is not open to you, or no longer exists.",
};

interface Listener {
  opened(): void;
  received(message: FromServer): void;
}

let socket: WebSocket | null = null;
let attempts = 0;
let heardAt = 0;
let retry = 0;
let beat = 0;
let address = "";
let listener: Listener;
let clockOffset = 0;
let bestRoundTrip = Infinity;

/** The server's clock, in milliseconds since 1970. */
export const serverNow = (): number => Date.now() + clockOffset;

export function connect(path: string, to: Listener): void {
  address = path.replace(/^\//, `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/`);
  listener = to;
  addEventListener("online", reconnectNow);
  addEventListener("offline", drop);
  addEventListener("pagehide", drop);
  addEventListener("pageshow", (event) => event.persisted && reconnectNow());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && checkLine());
  open();
}

/** Sends if the line is open; whoever needs certainty keeps the message until it is answered. */
export function send(message: ToServer): boolean {
  if (socket?.readyState !== WebSocket.OPEN) return false;
  socket.send(JSON.stringify(message));
  return true;
}

function open(): void {
  clearTimeout(retry);
  const mine = new WebSocket(address);
  socket = mine;
  mine.onopen = () => mine === socket && opened();
  mine.onmessage = (event: MessageEvent<string>) => mine === socket && received(event.data);
  mine.onclose = (event) => mine === socket && closed(event);
}

function opened(): void {
  heardAt = Date.now();
  bestRoundTrip = Infinity;
  clearInterval(beat);
  beat = window.setInterval(checkLine, PING_EVERY_MS);
  listener.opened();
  ping();
}

function received(data: string): void {
  heardAt = Date.now();
  const message = JSON.parse(data) as FromServer;
  if (message.t === "pong") return correctClock(message.at, message.now);
  if (message.t === "welcome") {
    attempts = 0;
    waitReason.value = "";
    if (bestRoundTrip === Infinity) clockOffset = message.now - Date.now();
    line.value = "open";
  }
  listener.received(message);
}

function correctClock(sentAt: number, now: number): void {
  const roundTrip = Date.now() - sentAt;
  if (roundTrip >= bestRoundTrip) return;
  bestRoundTrip = roundTrip;
  clockOffset = now + roundTrip / 2 - Date.now();
}

function checkLine(): void {
  if (socket?.readyState !== WebSocket.OPEN) return;
  if (Date.now() - heardAt > SILENCE_MS) drop();
  else ping();
}

const ping = () => send({ t: "ping", at: Date.now() });

function closed(event: CloseEvent): void {
  const final = FINAL[event.code];
  if (event.code === TRY_LATER) waitReason.value = event.reason;
  if (final) end(final);
  else retryLater(event.code === TOO_FAST || event.code === TRY_LATER ? 4 : 1);
}

/** Lets go of a line that may be dead without waiting for its farewell. */
function drop(): void {
  const dead = socket;
  retryLater(1);
  dead?.close();
}

function retryLater(slower: number): void {
  clearInterval(beat);
  clearTimeout(retry);
  socket = null;
  if (line.value === "over") return;
  line.value = "offline";
  const ceiling = Math.min(MAX_BACKOFF_MS, 400 * 2 ** attempts++) * slower;
  retry = window.setTimeout(open, ceiling * (0.5 + Math.random() / 2));
}

export function reconnectNow(): void {
  if (line.value === "over" || socket) return;
  attempts = 0;
  open();
}

function end(reason: string): void {
  line.value = "over";
  overReason.value = reason;
  clearInterval(beat);
  socket?.close();
  socket = null;
}
