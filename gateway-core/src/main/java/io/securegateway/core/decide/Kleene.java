package io.securegateway.core.decide;

/** Truth with errors. False AND error is false, true OR error is true; else an error stays one. */
public enum Kleene {
  TRUE,
  FALSE,
  ERROR;

  /** That truth. */
  public static Kleene of(boolean truth) {
    return truth ? TRUE : FALSE;
  }

  /** Both. */
  public Kleene and(Kleene other) {
    if (this == FALSE || other == FALSE) {
      return FALSE;
    }
    return this == ERROR || other == ERROR ? ERROR : TRUE;
  }

  /** Either. */
  public Kleene or(Kleene other) {
    if (this == TRUE || other == TRUE) {
      return TRUE;
    }
    return this == ERROR || other == ERROR ? ERROR : FALSE;
  }

  /** The contrary; an error stays one. */
  public Kleene not() {
    return switch (this) {
      case TRUE -> FALSE;
      case FALSE -> TRUE;
      case ERROR -> ERROR;
    };
  }
}
