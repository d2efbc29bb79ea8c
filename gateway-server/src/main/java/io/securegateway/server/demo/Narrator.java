package io.securegateway.server.demo;

import io.securegateway.server.demo.AgentClient.Reply;
import java.io.PrintStream;
import java.util.Locale;

/** Tells what happens, step by step, and ends the demo at an answer that was not expected. */
final class Narrator {
  private final PrintStream out;
  private int step;

  Narrator(PrintStream out) {
    this.out = out;
  }

  /** An answer that was not the expected one. */
  static final class Unexpected extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unexpected(String message) {
      super(message);
    }
  }

  /** The next step begins. */
  void title(String text) {
    step++;
    out.printf("%n%2d. %s%n", step, text);
  }

  /** One line of what happened. */
  void line(String text) {
    out.println("   " + text);
  }

  /** The answer to a tool call, which must be this one. */
  Reply shown(Reply reply, String tool, int status, String word) {
    String rule = reply.text("rule");
    line(
        "%-22s → %d %s"
            .formatted(tool, reply.status(), reply.text("status").toUpperCase(Locale.ROOT)));
    line("  " + reply.text("reason") + (rule.isEmpty() ? "" : " [" + rule + "]"));
    expect(
        reply.status() == status && reply.text("status").equals(word),
        "%s should have been %d %s, but was %d %s"
            .formatted(tool, status, word, reply.status(), reply.body()));
    return reply;
  }

  /** The answer, which must be good. */
  Reply good(Reply reply, String what) {
    expect(
        reply.status() < 300, what + " was answered with " + reply.status() + " " + reply.body());
    return reply;
  }

  /**
   * Goes on only if this is true.
   *
   * @throws Unexpected if it is not
   */
  void expect(boolean truth, String message) {
    if (!truth) {
      throw new Unexpected(message);
    }
  }
}
