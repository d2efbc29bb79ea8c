import { render } from "preact";
import "./style/base.css";
import "./style/shell.css";
import "./style/parts.css";
import "./style/pages.css";
import { signedIn, whoAmI } from "./api.ts";
import { listenToKeys } from "./keys.ts";
import { followLinks } from "./router.ts";
import { Shell } from "./shell.tsx";
import { applyTheme } from "./theme.ts";

applyTheme();
listenToKeys();
followLinks();
whoAmI().catch(() => signedIn.set(null));
render(<Shell />, document.getElementById("root") as HTMLElement);
