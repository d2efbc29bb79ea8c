import { defineConfig } from "vite";

export default defineConfig({
  base: "/dash/",
  build: {
    outDir: "target/classes/console",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2023",
  },
});
