package io.securegateway.server.upstream;

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
}
