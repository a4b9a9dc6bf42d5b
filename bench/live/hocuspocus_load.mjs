// The same load on Hocuspocus: each update carries one small map; everyone looks for its key in what arrives.
import { randomUUID } from "node:crypto";
import * as encoding from "lib0/encoding";
import WebSocket from "ws";
import { writeUpdate } from "y-protocols/sync";
import * as Y from "yjs";

const [port, clients, rate, seconds] = process.argv.slice(2).map(Number);
const room = randomUUID();
const SYNC = 0, AUTH = 2, TOKEN = 0;
const KEY = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const sent = new Map();
const waits = [];

const message = (write) => {
  const encoder = encoding.createEncoder();
  encoding.writeVarString(encoder, room);
  write(encoder);
  return encoding.toUint8Array(encoder);
};

const authenticate = message((to) => {
  encoding.writeVarUint(to, AUTH);
  encoding.writeVarUint(to, TOKEN);
  encoding.writeVarString(to, "");
  encoding.writeVarString(to, "bench");
});

function join() {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
  const document = new Y.Doc();
  document.on("update", (update) => {
    socket.send(message((to) => {
      encoding.writeVarUint(to, SYNC);
      writeUpdate(to, update);
    }));
  });
  socket.on("open", () => socket.send(authenticate));
  socket.on("message", (data) => {
    const now = performance.now();
    for (const [key] of data.toString("latin1").matchAll(KEY)) {
      const known = sent.get(key);
      if (known && known.socket !== socket) waits.push(now - known.at);
    }
  });
  return { socket, entries: document.getArray("entries") };
}

const pause = (milliseconds) => new Promise((resume) => setTimeout(resume, milliseconds));
const everyone = Array.from({ length: clients }, join);
await pause(2000);
const began = performance.now();
const count = Math.floor(rate * seconds);
for (let number = 0; number < count; number++) {
  const ahead = began + (number * 1000) / rate - performance.now();
  if (ahead > 1) await pause(ahead);
  const { socket, entries } = everyone[number % clients];
  const key = randomUUID();
  sent.set(key, { at: performance.now(), socket });
  entries.push([{ id: key, text: "connection pool at 100 %", at: "14:11" }]);
}
const expected = count * (clients - 1);
for (let looks = 0; looks < 100 && waits.length < expected; looks++) await pause(50);
waits.sort((a, b) => a - b);
console.log(JSON.stringify({ p99: (waits[Math.floor(waits.length * 0.99)] ?? Infinity) / 1000, delivered: waits.length / expected }));
process.exit(0);
