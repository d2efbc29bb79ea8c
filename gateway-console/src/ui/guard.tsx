import { Component, type ComponentChildren } from "preact";
import { Text } from "./text.tsx";

/** Around a page: one that fails to draw says so, and the rest of the console goes on. */
export class Guard extends Component<{ children: ComponentChildren }, { failed: string | null }> {
  override state = { failed: null };

  static override getDerivedStateFromError(error: unknown): { failed: string } {
    return { failed: error instanceof Error ? error.message : String(error) };
  }

  override render() {
    if (this.state.failed === null) return this.props.children;
    return (
      <div class="problem" role="alert">
        <p><strong>This page could not be drawn: </strong><Text value={this.state.failed} /></p>
        <p class="quiet">
          Nothing was changed. <button type="button" onClick={() => this.setState({ failed: null })}>Try again</button>
        </p>
      </div>
    );
  }
}
