// The words in changes that the server refused, for giving them back to whoever wrote them.
import * as Y from "yjs";
import { fromBase64 } from "./base64";

/** What was typed in these updates, in order. */
export function wordsOf(updates: string[]): string {
  const structs = updates.flatMap((update) => Y.decodeUpdate(fromBase64(update)).structs);
  return structs.map((struct) => wordsIn(struct as Y.Item)).join("").trim();
}

function wordsIn({ content }: Y.Item): string {
  if (content instanceof Y.ContentString) return content.str;
  return content instanceof Y.ContentType ? "\n" : "";
}
