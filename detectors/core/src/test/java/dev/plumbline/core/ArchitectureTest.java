package dev.plumbline.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private final JavaClasses core =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.plumbline.core");

  @Test
  void core_imported_isNotEmpty() {
    assertThat(core.size()).isGreaterThan(30);
  }

  @Test
  void core_dependencies_areTheJdkOnly() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "dev.plumbline.core..")
        .check(core);
  }

  @Test
  void core_packages_haveNoCycles() {
    slices().matching("dev.plumbline.core.(*)..").should().beFreeOfCycles().check(core);
  }
}
