// Bundles the style sheets and scripts into the package's static/build, with a manifest of their hashed names.
import { build } from "esbuild";
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.join(here, "../src/followthrough/static/build");
const entries = { "app": "styles/app.css", "room-style": "styles/room.css", "page": "page/main.ts", "room": "room/main.tsx", "summary": "summary/main.ts" };

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const result = await build({
  absWorkingDir: here,
  entryPoints: Object.entries(entries).map(([name, file]) => ({ in: file, out: name })),
  bundle: true,
  minify: true,
  sourcemap: false,
  format: "esm",
  splitting: true,
  target: ["es2022", "chrome123", "firefox121", "safari17.5"],
  outdir: out,
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  chunkNames: "part-[hash]",
  loader: { ".woff2": "file" },
  jsx: "automatic",
  jsxImportSource: "preact",
  metafile: true,
  logLevel: "warning",
});
const manifest = {};
for (const [file, { entryPoint }] of Object.entries(result.metafile.outputs)) {
  if (!entryPoint) continue;
  const name = Object.keys(entries).find((key) => entries[key] === entryPoint);
  if (name) manifest[name + path.extname(file)] = path.basename(file);
}
// The PDF is set in the same face; typst reads TrueType only.
await mkdir(path.join(out, "fonts"));
for (const weight of ["400Regular", "600SemiBold", "700Bold"]) {
  const font = `Inter_${weight}.ttf`;
  await copyFile(path.join(here, "node_modules/@expo-google-fonts/inter", weight, font), path.join(out, "fonts", font));
}
await writeFile(path.join(out, "manifest.json"), JSON.stringify(manifest));
