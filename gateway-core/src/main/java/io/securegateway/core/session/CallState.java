package io.securegateway.core.session;

import io.securegateway.core.policy.CallStatus;
import java.util.Set;

/** What became of a call so far. */
public enum CallState {
  /** Refused by rules, limits or a plugin. */
  DENIED,
  /** Waits, or waited, for a person. */
  ASKED,
  /** Waited for a person, who refused. */
  REFUSED,
  /** Admitted; no outcome yet. */
  IN_FLIGHT,
  /** The answer was accepted. */
  OK,
  /** The tool, or the check of its answer, failed. */
  ERROR,
  /** Nobody knows: timeout, cancel, crash. */
  UNKNOWN,
  /** Admitted, but nothing of it reached the tool. */
  RELEASED,
  /** Judged again with other arguments: the later decision stands for it. */
  REPLACED,
  /** No call: a result that a client reported. */
  REPORTED;

  /** Whether the tool was, or may yet be, called. */
  public boolean admitted() {
    return this == IN_FLIGHT || this == OK || this == ERROR || this == UNKNOWN;
  }

  /**
   * Whether it has one of these statuses.
   *
   * @param early whether a call in flight counts as whatever may still become of it
   */
  public boolean isOneOf(Set<CallStatus> wanted, boolean early) {
    return switch (this) {
      case DENIED -> wanted.contains(CallStatus.DENIED);
      case ASKED -> wanted.contains(CallStatus.ASKED);
      case REFUSED -> wanted.contains(CallStatus.ASKED) || wanted.contains(CallStatus.DENIED);
      case OK -> wanted.contains(CallStatus.ADMITTED) || wanted.contains(CallStatus.OK);
      case ERROR -> wanted.contains(CallStatus.ADMITTED) || wanted.contains(CallStatus.ERROR);
      case UNKNOWN -> wanted.contains(CallStatus.ADMITTED) || wanted.contains(CallStatus.UNKNOWN);
      case IN_FLIGHT ->
          wanted.contains(CallStatus.ADMITTED)
              || (early
                  && (wanted.contains(CallStatus.OK)
                      || wanted.contains(CallStatus.ERROR)
                      || wanted.contains(CallStatus.UNKNOWN)));
      case RELEASED, REPLACED, REPORTED -> false;
    };
  }
}
