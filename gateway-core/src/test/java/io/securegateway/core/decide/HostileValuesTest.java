package io.securegateway.core.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.securegateway.api.Effect;
import io.securegateway.api.Reason;
import io.securegateway.core.call.Call;
import io.securegateway.core.session.World;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

/** Hostile values are errors of the operator, never of the evaluation. */
class HostileValuesTest {
  private final World world =
      new World(
          "rules:\n"
              + "- {id: h, tools: [t], effect: allow, when: {args.v: {host_in: [ok.com]}}}\n"
              + "- {id: p, tools: [t], effect: allow, when: {args.v: {path_under: /data}}}\n"
              + "- {id: c, tools: [c], effect: allow, when: {args.v: {cidr: [10.0.0.0/8,"
              + " '2001:db8::/32']}}}\n"
              + "- {id: s, tools: [t], effect: deny, when: {args.v: {size: {ge: 99999}}}}\n",
          "- {tools: [t], effect: deny, session: {value_of: args.v, from: {tools: [t]}}}");

  @Property(tries = 500)
  void neverFailTheEvaluation(@ForAll String text) {
    for (String value : new String[] {text, "https://" + text, "/data/" + text, "::" + text}) {
      for (String tool : new String[] {"t", "c"}) {
        Call plain = world.call(tool, "{}", null);
        Call call =
            new Call(
                plain.id(),
                plain.time(),
                plain.caller(),
                plain.session(),
                tool,
                JsonNodeFactory.instance.objectNode().put("v", value),
                null,
                null);
        Reason code = Decide.decide(world.policy, world.facts, call).code();
        assertNotEquals(Reason.POLICY_ERROR, code, value);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.1.2.3", "::ffff:10.1.2.3", "2001:DB8::1", "2001:db8:0:0:0:0:0:9"})
  void addressesInsideTheBlocks(String ip) {
    assertEquals(Effect.ALLOW, world.effect("c", "{'v': '" + ip + "'}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "010.1.2.3", "10.1", "10.1.2.3.", "167837955", "10.1.2.3 ", "[2001:db8::1]",
        "2001:db8::1%eth0", "2001:db8:::1", "localhost", "", "11.0.0.1", "2001:db9::1"
      })
  void addressesOutsideOrMistakable(String ip) {
    assertEquals(Effect.DENY, world.effect("c", "{'v': '" + ip + "'}"));
  }
}
