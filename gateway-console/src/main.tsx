import { render } from "preact";
import { App } from "./app/app.tsx";
import { apply } from "./app/theme.ts";
import "./app/style.css";

apply();
const root = document.getElementById("app");
if (root) {
  render(<App />, root);
}
