package io.securegateway.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import io.securegateway.core.decide.Decide;
import io.securegateway.server.Gateway;
import io.securegateway.server.journal.Journal;
import org.junit.jupiter.api.Test;

/** Who decides, who writes to the journal, and where other people's types stay. */
class WallsTest {
  @Test
  void onlyTheFlowAndTheCoreDecide() {
    noClasses()
        .that()
        .resideOutsideOfPackages(House.CORE, House.room("flow"), House.room("replay"))
        .should()
        .dependOnClassesThat()
        .areAssignableTo(Decide.class)
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("io.securegateway.core.decide.Explain")
        .check(House.CLASSES);
  }

  /**
   * {@code flow}: calls and policies; {@code identity}: refused keys; {@code alert}: alerts and
   * deliveries; {@code plugin}: what becomes of plugins; {@code upstream}: catalogues; the root:
   * start and stop.
   */
  @Test
  void onlyTheKnownRoomsWriteToTheJournal() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            House.room("flow"),
            House.room("identity"),
            House.room("alert"),
            House.room("plugin"),
            House.room("upstream"))
        .and()
        .doNotBelongToAnyOf(Gateway.class)
        .should()
        .accessTargetWhere(
            describe(
                "appends to the journal",
                call ->
                    call.getName().equals("append")
                        && call.getTargetOwner().isAssignableTo(Journal.class)))
        .check(House.CLASSES);
  }

  /**
   * The two ends of the wire, the flow that waits between them, the doors, the wiring. What the
   * REST door may know of it is narrowed below.
   */
  @Test
  void vertxStaysWhereBytesComeAndGo() {
    stays(
        "io.vertx..",
        House.room("ingress"),
        House.room("upstream"),
        House.room("flow"),
        House.room("admin"),
        House.room("rest"),
        House.room("front"),
        "io.securegateway.server");
  }

  @Test
  void nettyStaysBehindVertx() {
    stays("io.netty..");
  }

  @Test
  void yamlStaysInItsReader() {
    stays("org.snakeyaml..", "io.securegateway.core.policy.yaml");
  }

  @Test
  void micrometerStaysInMetrics() {
    stays("io.micrometer..", House.room("metrics"));
  }

  @Test
  void openTelemetryStaysInTrace() {
    stays("io.opentelemetry..", House.room("trace"));
  }

  @Test
  void icuStaysInTheCatalogue() {
    stays("com.ibm.icu..", House.room("catalogue"));
  }

  @Test
  void theSchemaValidatorStaysInSchema() {
    stays("com.networknt..", House.room("schema"));
  }

  @Test
  void theCommandLineLibraryStaysInCli() {
    stays("picocli..", House.room("cli"));
  }

  @Test
  void theAgentsDoorsSeeFuturesAndParametersOnly() {
    noClasses()
        .that()
        .resideInAnyPackage(House.room("rest"), House.room("front"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.vertx.core.http..", "io.vertx.core.net..", "io.vertx.core.buffer..")
        .check(House.CLASSES);
  }

  private static void stays(String library, String... homes) {
    noClasses()
        .that()
        .resideOutsideOfPackages(homes)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(House.CLASSES);
  }
}
