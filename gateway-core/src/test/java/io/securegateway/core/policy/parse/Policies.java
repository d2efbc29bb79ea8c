package io.securegateway.core.policy.parse;

import io.securegateway.core.policy.Compiled;
import io.securegateway.core.policy.Policy;
import io.securegateway.core.policy.Source;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.policy.SourceSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Assertions;

/** Puts sources together and compiles them. */
final class Policies {
  private final List<Source> files = new ArrayList<>();

  static Policies of() {
    return new Policies();
  }

  Policies rules(String project, String yaml) {
    files.add(Source.of(SourceKind.POLICIES, project, yaml));
    return this;
  }

  Policies contextual(String project, String yaml) {
    files.add(Source.of(SourceKind.CONTEXTUAL_POLICIES, project, yaml));
    return this;
  }

  Policies keys(String project, String yaml) {
    files.add(Source.of(SourceKind.MODEL_KEYS, project, yaml));
    return this;
  }

  SourceSet set() {
    return new SourceSet(files, Set.of());
  }

  Compiled compiled(String project) {
    return PolicyCompiler.compile(set(), project);
  }

  Policy policy(String project) {
    Compiled compiled = compiled(project);
    Assertions.assertTrue(compiled.isUsable(), () -> compiled.findings().toString());
    return Objects.requireNonNull(compiled.policy());
  }
}
