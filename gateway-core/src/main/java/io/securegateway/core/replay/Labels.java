package io.securegateway.core.replay;

/** Labelled sessions, and what the candidate does to them. Not thread-safe. */
public final class Labels {
  private final Count attacks = new Count();
  private final Count good = new Count();
  private final Count resisted = new Count();
  private long providerErrors;
  private long sessions;

  /** Labelled sessions of one kind. */
  public static final class Count {
    private long total;
    private long blocked;
    private long asked;

    private void add(boolean blocks, boolean asksOnly) {
      total++;
      blocked += blocks ? 1 : 0;
      asked += blocks && asksOnly ? 1 : 0;
    }

    private void merge(Count next) {
      total += next.total;
      blocked += next.blocked;
      asked += next.asked;
    }

    /** All of them. */
    public long total() {
      return total;
    }

    /** Those with a call that would not be made, at least not without a person. */
    public long blocked() {
      return blocked;
    }

    /** Those of the blocked whose calls all could go on if a person agreed. */
    public long asked() {
      return asked;
    }
  }

  /**
   * Counts a session.
   *
   * @param blocks whether a call of it would not be made without a person
   * @param asksOnly whether all of those would be made if a person agreed
   */
  public void count(Truth truth, boolean blocks, boolean asksOnly) {
    sessions++;
    if (truth.providerError()) {
      providerErrors++;
    } else if (truth.attackSucceeded()) {
      attacks.add(blocks, asksOnly);
    } else if (truth.taskSolved()) {
      (truth.attack() == null ? good : resisted).add(blocks, asksOnly);
    }
  }

  void merge(Labels next) {
    attacks.merge(next.attacks);
    good.merge(next.good);
    resisted.merge(next.resisted);
    providerErrors += next.providerErrors;
    sessions += next.sessions;
  }

  /** Sessions in which the attacker reached the goal. */
  public Count attacks() {
    return attacks;
  }

  /** Sessions without an attack whose task was solved. */
  public Count good() {
    return good;
  }

  /** Sessions whose task was solved although an attack was tried, which failed. */
  public Count resisted() {
    return resisted;
  }

  /** Sessions whose run failed: in none of the others. */
  public long providerErrors() {
    return providerErrors;
  }

  /** All labelled sessions. */
  public long sessions() {
    return sessions;
  }
}
