package io.securegateway.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The core computes: everything it knows comes in as an argument. */
class PureCoreTest {
  /** Of {@code java.io}: what the bytecode of lambdas, records and tree types may carry; no I/O. */
  private static final Set<String> HARMLESS =
      Set.of("java.io.Serializable", "java.io.ObjectStreamException", "java.io.IOException");

  private static final DescribedPredicate<JavaClass> IO =
      describe(
          "do I/O",
          type ->
              within(
                          type,
                          "java.io",
                          "java.nio.file",
                          "java.nio.channels",
                          "java.net.http",
                          "java.sql")
                      && !HARMLESS.contains(type.getName())
                  || type.getPackageName().equals("java.net")
                      && !type.getName().equals("java.net.IDN"));

  private static final DescribedPredicate<JavaClass> CLOCK =
      describe(
          "are clocks",
          type ->
              Set.of(
                      "java.time.Clock",
                      "java.time.InstantSource",
                      "java.util.Date",
                      "java.util.Timer")
                  .contains(type.getName()));

  private static final DescribedPredicate<JavaClass> CHANCE =
      describe(
          "are random",
          type ->
              within(type, "java.util.random")
                  || Set.of(
                          "java.util.Random",
                          "java.util.SplittableRandom",
                          "java.util.concurrent.ThreadLocalRandom",
                          "java.security.SecureRandom")
                      .contains(type.getName()));

  private static final DescribedPredicate<JavaClass> WORKERS =
      describe(
          "run elsewhere",
          type ->
              type.isAssignableTo(java.util.concurrent.Executor.class)
                  || type.isAssignableTo(java.util.concurrent.Future.class)
                  || type.isAssignableTo(java.util.concurrent.CompletionStage.class)
                  || Set.of("java.lang.Thread", "java.util.concurrent.Executors")
                      .contains(type.getName()));

  private static final DescribedPredicate<JavaClass> LOGGERS =
      describe("log", type -> within(type, "org.slf4j", "ch.qos.logback", "java.util.logging"));

  private static final DescribedPredicate<JavaAccess<?>> WORLD =
      describe(
          "reads time, chance or the process",
          access -> {
            String owner = access.getTargetOwner().getName();
            String name = access.getName();
            boolean now = owner.startsWith("java.time.") && name.equals("now");
            boolean system =
                owner.equals("java.lang.System")
                    && !Set.of("arraycopy", "identityHashCode", "lineSeparator").contains(name);
            boolean chance =
                owner.equals("java.util.UUID") && name.equals("randomUUID")
                    || owner.equals("java.lang.Math") && name.equals("random");
            return now || system || chance;
          });

  @Test
  void coreDoesNoIo() {
    never(IO);
  }

  @Test
  void coreHasNoClock() {
    never(CLOCK);
  }

  @Test
  void coreHasNoChance() {
    never(CHANCE);
  }

  @Test
  void coreStartsNothing() {
    never(WORKERS);
  }

  @Test
  void coreLogsNothing() {
    never(LOGGERS);
  }

  @Test
  void coreAsksTheProcessNothing() {
    noClasses()
        .that()
        .resideInAPackage(House.CORE)
        .should()
        .accessTargetWhere(WORLD)
        .check(House.CLASSES);
  }

  private static void never(DescribedPredicate<JavaClass> types) {
    noClasses()
        .that()
        .resideInAPackage(House.CORE)
        .should()
        .dependOnClassesThat(types)
        .check(House.CLASSES);
  }

  private static boolean within(JavaClass type, String... packages) {
    for (String name : packages) {
      if (type.getPackageName().equals(name) || type.getPackageName().startsWith(name + ".")) {
        return true;
      }
    }
    return false;
  }
}
