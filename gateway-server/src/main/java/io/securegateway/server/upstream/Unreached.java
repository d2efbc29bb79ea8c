package io.securegateway.server.upstream;

import io.securegateway.api.Reason;

/** A greeting did not succeed. */
final class Unreached extends Exception {
  private static final long serialVersionUID = 1L;
  private final transient Answer.Nothing why;

  Unreached(Answer.Nothing why) {
    super(why.detail());
    this.why = why;
  }

  Answer.Nothing why() {
    return why;
  }

  /** What a request comes to whose server could not be greeted: it was not sent. */
  static Answer.Nothing answer(Throwable failure) {
    return failure instanceof Unreached unreached
        ? new Answer.Nothing(
            unreached.why.code(), unreached.why.detail(), false, unreached.why.status())
        : Answer.Nothing.unsent(Reason.UPSTREAM_CONNECT);
  }
}
