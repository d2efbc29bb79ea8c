import type { Semantic } from "../../app/types.ts";
import { Text } from "../../ui/text.tsx";

/** What a change of a policy means: which rules, limits and keys came, went or became other ones. */
export function Meaning({ of }: { of: Semantic | null }) {
  if (of === null) return <p class="quiet">What it means cannot be told: one of the two has errors among the files of now.</p>;
  if (of.same_behaviour) return <p class="quiet">Every call is judged alike by both.</p>;
  return (
    <ul class="meaning" aria-label="What it means">
      {of.added.map((id) => (
        <li key={`+${id}`}>
          <span class="tag good-text">added</span> <Text value={id} most={200} />
        </li>
      ))}
      {of.removed.map((id) => (
        <li key={`-${id}`}>
          <span class="tag bad-text">removed</span> <Text value={id} most={200} />
        </li>
      ))}
      {of.changed.map((one) => (
        <li key={`~${one.id}`}>
          <span class="tag">changed</span> <Text value={one.id} most={200} />
          {one.what.map((what) => (
            <span key={what} class="mono"> <Text value={what} most={300} /></span>
          ))}
        </li>
      ))}
    </ul>
  );
}
