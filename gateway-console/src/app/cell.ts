import { useEffect, useState } from "preact/hooks";

/** A value that components can follow. */
export class Cell<T> {
  private readonly followers = new Set<(value: T) => void>();

  constructor(private held: T) {}

  get value(): T {
    return this.held;
  }

  set(value: T): void {
    this.held = value;
    for (const follower of [...this.followers]) follower(value);
  }

  /** Calls back at every change, until the answer is called. */
  follow(follower: (value: T) => void): () => void {
    this.followers.add(follower);
    return () => void this.followers.delete(follower);
  }
}

/** The cell's value; draws the component again when it changes. */
export function useCell<T>(cell: Cell<T>): T {
  const [, draw] = useState({});
  const shown = cell.value;
  useEffect(() => {
    // It may have changed between the drawing and now.
    if (cell.value !== shown) draw({});
    return cell.follow(() => draw({}));
  }, [cell]);
  return shown;
}
