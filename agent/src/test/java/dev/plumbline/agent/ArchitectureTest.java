package dev.plumbline.agent;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who may know whom. Rules are methods: as fields they silently did not run. */
class ArchitectureTest {
  private static final String ROOT = "dev.plumbline.agent";
  private static final JavaClasses AGENT =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void packages_dependOnEachOther_withoutCycles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(AGENT);
  }

  @Test
  void root_isKnownToNobody() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT)
        .check(AGENT);
  }

  @Test
  void leaves_knowNoOtherPackage() {
    for (String leaf : new String[] {"wire", "config", "metrics"}) {
      DescribedPredicate<JavaClass> others =
          resideInAPackage(ROOT + "..").and(not(resideInAPackage(ROOT + "." + leaf + "..")));
      noClasses()
          .that()
          .resideInAPackage(ROOT + "." + leaf + "..")
          .should()
          .dependOnClassesThat(others)
          .check(AGENT);
    }
  }

  @Test
  void wire_doesNotKnowItsDialects() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".wire")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + ".wire.dialect..")
        .check(AGENT);
  }

  @Test
  void wireAndConfig_arePure() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + ".wire..", ROOT + ".config")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.vertx..", "io.netty..", "io.micrometer..")
        .check(AGENT);
  }

  /** The bench writes an artefact to measure with: files, no engine. */
  @Test
  void bench_namesOfTheEngineOnlyItsFiles() {
    noClasses()
        .that()
        .resideInAPackage("dev.plumbline.agent.bench..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.plumbline.torch..")
                .and(not(resideInAPackage("dev.plumbline.torch.artefact.."))))
        .check(AGENT);
  }

  @Test
  void engines_areNamedByTheEmbeddedPackageOnly() {
    noClasses()
        .that(
            not(
                resideInAnyPackage(
                    "dev.plumbline.agent.embedded..", "dev.plumbline.agent.bench..")))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("ai.djl..", "dev.plumbline.torch..")
        .check(AGENT);
  }

  @Test
  void hazelcast_isNamedByItsPackageOnly_andThatByTheAssembly() {
    String hazelcast = ROOT + ".fleet.hazelcast";
    noClasses()
        .that(not(resideInAPackage(hazelcast)))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.hazelcast..")
        .check(AGENT);
    noClasses()
        .that(not(resideInAPackage(hazelcast)))
        .and()
        .doNotHaveFullyQualifiedName(ROOT + ".Assembly")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(hazelcast)
        .check(AGENT);
  }

  @Test
  void openTelemetry_isNamedByTheTracingPackageOnly() {
    noClasses()
        .that(not(resideInAPackage(ROOT + ".tracing")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.opentelemetry..")
        .check(AGENT);
  }

  @Test
  void learning_isNeverNamed() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.plumbline.learn..")
        .allowEmptyShould(true)
        .check(AGENT);
  }

  @Test
  void ports_areInterfaces() {
    classes()
        .that()
        .haveSimpleName("TextModels")
        .or()
        .haveSimpleName("Tap")
        .or()
        .haveFullyQualifiedName(ROOT + ".tracing.Tracing")
        .or()
        .haveFullyQualifiedName(ROOT + ".fleet.Fleet")
        .should()
        .beInterfaces()
        .check(AGENT);
  }
}
