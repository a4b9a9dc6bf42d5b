// Hocuspocus with every update on disk before the next is taken: node:sqlite, WAL, synchronous=FULL.
import { Server } from "@hocuspocus/server";
import { DatabaseSync } from "node:sqlite";

const [port, file] = process.argv.slice(2);
const database = new DatabaseSync(file);
database.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE updates (id INTEGER PRIMARY KEY, document TEXT, content BLOB)");
const append = database.prepare("INSERT INTO updates (document, content) VALUES (?, ?)");

const server = new Server({
  port: Number(port),
  address: "127.0.0.1",
  quiet: true,
  stopOnSignals: true,
  async onChange({ documentName, update }) {
    append.run(documentName, update);
  },
});
await server.listen();
