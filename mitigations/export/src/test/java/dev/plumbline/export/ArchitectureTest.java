package dev.plumbline.export;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private final JavaClasses export =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.plumbline.export");

  @Test
  void export_imported_isNotEmpty() {
    assertThat(export.size()).isGreaterThan(0);
  }

  @Test
  void export_dependencies_areTheCoresTorchAndTheCommandLine() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "picocli..",
            "com.fasterxml.jackson..",
            "dev.plumbline.core..",
            "dev.plumbline.mitigations..",
            "dev.plumbline.torch..",
            "dev.plumbline.export..")
        .check(export);
  }
}
