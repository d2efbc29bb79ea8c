package io.securegateway.core.policy;

/** What a test of {@code when} looks at. */
public sealed interface Operand {
  /** As written, such as {@code args.amount}. */
  String text();

  /** A place in the call's arguments. */
  record Argument(Path path) implements Operand {
    @Override
    public String text() {
      return path.text();
    }
  }

  /** The model of the key. */
  record Model() implements Operand {
    @Override
    public String text() {
      return "model";
    }
  }

  /** The name the client gives itself; absent if it gives none. */
  record ClientName() implements Operand {
    @Override
    public String text() {
      return "client.name";
    }
  }

  /** The time of the call. Only {@link Operator.Hours} applies. */
  record Time() implements Operand {
    @Override
    public String text() {
      return "time";
    }
  }
}
