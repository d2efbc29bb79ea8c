package io.securegateway.core.session;

import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.TreePMap;

/**
 * What happened under one key.
 *
 * @param scope over all its sessions
 * @param sessions the live ones, by id
 * @param byActivity the ids of the live sessions, by the {@code seq} of their latest event
 * @param implicit the number of the latest implicit session; 0 if there was none
 * @param approvals by fingerprint
 * @param promptSize characters of all kept prompts
 */
public record KeyFacts(
    Scope scope,
    PMap<String, SessionFacts> sessions,
    TreePMap<Long, String> byActivity,
    long implicit,
    PMap<String, Approval> approvals,
    long promptSize) {
  /** Nothing happened. */
  public static final KeyFacts EMPTY =
      new KeyFacts(Scope.EMPTY, HashTreePMap.empty(), TreePMap.empty(), 0, HashTreePMap.empty(), 0);

  KeyFacts with(Scope changed) {
    return new KeyFacts(changed, sessions, byActivity, implicit, approvals, promptSize);
  }

  KeyFacts with(PMap<String, Approval> changed) {
    return new KeyFacts(scope, sessions, byActivity, implicit, changed, promptSize);
  }

  KeyFacts with(SessionFacts session) {
    SessionFacts before = sessions.get(session.id());
    TreePMap<Long, String> order = before == null ? byActivity : byActivity.minus(before.lastSeq());
    boolean same = before != null && before.prompts() == session.prompts();
    long size =
        same
            ? promptSize
            : promptSize + session.promptSize() - (before == null ? 0 : before.promptSize());
    return new KeyFacts(
        scope,
        sessions.plus(session.id(), session),
        order.plus(session.lastSeq(), session.id()),
        Math.max(implicit, implicitNumber(session.id())),
        approvals,
        size);
  }

  KeyFacts without(SessionFacts session) {
    return new KeyFacts(
        scope,
        sessions.minus(session.id()),
        byActivity.minus(session.lastSeq()),
        implicit,
        approvals,
        promptSize - session.promptSize());
  }

  private static long implicitNumber(String id) {
    if (id.length() < 2 || id.length() > 18 || id.charAt(0) != '~') {
      return 0;
    }
    return id.chars().skip(1).allMatch(c -> c >= '0' && c <= '9')
        ? Long.parseLong(id.substring(1))
        : 0;
  }
}
