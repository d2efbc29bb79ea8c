package io.securegateway.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ModulesTest {
  /**
   * A decision, the event that records it and the facts made from events name one another: the
   * records of these three packages are one unit by design.
   */
  private static final Set<String> HEART =
      Set.of(
          "io.securegateway.core.decide",
          "io.securegateway.core.event",
          "io.securegateway.core.session");

  @Test
  void seesEveryModule() {
    Set<String> packages =
        House.CLASSES.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
    assertTrue(packages.contains("io.securegateway.api"), packages::toString);
    assertTrue(packages.containsAll(HEART), packages::toString);
    assertTrue(packages.contains("io.securegateway.server.flow"), packages::toString);
  }

  @Test
  void apiUsesNothingOfOurs() {
    noClasses()
        .that()
        .resideInAPackage(House.API)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(House.CORE, House.SERVER)
        .check(House.CLASSES);
  }

  @Test
  void apiUsesTheJdkAndJSpecifyOnly() {
    noClasses()
        .that()
        .resideInAPackage(House.API)
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages(House.API, "java..", "org.jspecify..")
        .check(House.CLASSES);
  }

  @Test
  void coreKnowsNoServer() {
    noClasses()
        .that()
        .resideInAPackage(House.CORE)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(House.SERVER)
        .check(House.CLASSES);
  }

  @Test
  void coreHasNoPackageCycles() {
    slices()
        .assignedFrom(packages("io.securegateway.core"))
        .should()
        .beFreeOfCycles()
        .check(House.CLASSES);
  }

  @Test
  void serverHasNoPackageCycles() {
    slices()
        .assignedFrom(packages("io.securegateway.server"))
        .should()
        .beFreeOfCycles()
        .check(House.CLASSES);
  }

  /** One slice a package at or below the root; the heart of the core is one. */
  private static SliceAssignment packages(String root) {
    return new SliceAssignment() {
      @Override
      public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
        String name = javaClass.getPackageName();
        if (!name.equals(root) && !name.startsWith(root + ".")) {
          return SliceIdentifier.ignore();
        }
        return SliceIdentifier.of(HEART.contains(name) ? "decide, event and session" : name);
      }

      @Override
      public String getDescription() {
        return "packages of " + root;
      }
    };
  }
}
