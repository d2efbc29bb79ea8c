package io.securegateway.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/** The main classes of every module, read once for all tests of this package. */
final class House {
  static final String BASE = "io.securegateway";
  static final String API = BASE + ".api..";
  static final String CORE = BASE + ".core..";
  static final String SERVER = BASE + ".server..";

  static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(BASE + ".api", BASE + ".core", BASE + ".server");

  private House() {}

  /** A package of the server and those below it. */
  static String room(String name) {
    return BASE + ".server." + name + "..";
  }
}
