package io.securegateway.server.flow;

import io.securegateway.api.Reason;
import io.securegateway.server.trace.CallTrace;

/** How an outcome reads in a trace: the words of the REST door. */
final class Followed {
  private Followed() {}

  static void ended(CallTrace trace, Outcome outcome) {
    switch (outcome) {
      case Outcome.Allowed allowed -> trace.ended("allowed", null);
      case Outcome.Denied denied -> trace.ended("denied", denied.decided().decision().code());
      case Outcome.Screened screened -> trace.ended("denied", screened.code());
      case Outcome.Asked asked ->
          trace.ended("approval_required", asked.decided().decision().code());
      case Outcome.Invalid invalid -> trace.ended("invalid", Reason.SCHEMA_INPUT);
      case Outcome.Failed failed -> trace.ended("error", failed.code());
      case Outcome.Refused refused -> trace.ended("error", refused.code());
    }
  }
}
