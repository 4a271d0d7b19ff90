package dev.plumbline.mitigations;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private final JavaClasses mitigations =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.plumbline.mitigations");

  @Test
  void mitigations_imported_isNotEmpty() {
    assertThat(mitigations.size()).isGreaterThan(7);
  }

  @Test
  void mitigations_dependencies_areDetectorsCoreAndTheJdk() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "dev.plumbline.core..", "dev.plumbline.mitigations..")
        .check(mitigations);
  }
}
