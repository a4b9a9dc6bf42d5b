// The live room's page.
import { render } from "preact";
import "./focus_presence";
import { page } from "./page";
import "./pointer";
import { Shell } from "./shell";
import { join } from "./store";

if (page.root) {
  join(page.number, page.socket);
  render(<Shell />, page.root);
}
