import { useCell } from "./cell.ts";
import { keysOn, shortcuts, turnKeys } from "./keys.ts";
import { Dialog } from "../ui/dialog.tsx";

/** All shortcuts that are in force, from the table that is listened to. */
export function HelpSheet({ onClose }: { onClose: () => void }) {
  const all = useCell(shortcuts);
  const on = useCell(keysOn);
  const groups = [...new Set(all.map((one) => one.group))].reverse();
  return (
    <Dialog title="Keys" onClose={onClose}>
      <div class="sheet">
        {groups.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {all
                .filter((one) => one.group === group)
                .map((one) => (
                  <div key={one.keys + one.what}>
                    <dt>{one.keys.split(" ").map((key) => <kbd key={key}>{key.replace("Ctrl+k", "Ctrl K").replace("Ctrl+s", "Ctrl S")}</kbd>)}</dt>
                    <dd>{one.what}</dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
      <label class="check">
        <input type="checkbox" checked={on} onChange={(event) => turnKeys(event.currentTarget.checked)} />
        Shortcuts of single letters are on
      </label>
    </Dialog>
  );
}
