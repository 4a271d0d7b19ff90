package dev.plumbline.agent.security;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** No bytes from outside choose a class, and no answer leads elsewhere; of all modules here. */
class DeserialisationTest {
  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.plumbline");

  @Test
  void javaSerialisation_isReadByNobody() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.ObjectInputStream")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.beans.XMLDecoder")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.rmi.MarshalledObject")
        .check(ALL);
  }

  @Test
  void yaml_isReadAsATreeByJackson_neverIntoObjectsBySnakeYaml() {
    noClasses().should().dependOnClassesThat(resideInAPackage("org.yaml.snakeyaml..")).check(ALL);
  }

  @Test
  void jackson_neverTakesATypeFromTheText() {
    noClasses()
        .should()
        .callMethodWhere(
            com.tngtech.archunit.base.DescribedPredicate.describe(
                "default typing",
                call ->
                    call.getName().matches("(enable|activate)DefaultTyping.*|setDefaultTyping")))
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("com.fasterxml.jackson.annotation.JsonTypeInfo")
        .check(ALL);
  }

  /** But by the command that fetches an artefact: a person gives the address and the digest. */
  @Test
  void redirects_areFollowedByNobody() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.plumbline.agent.fetch")
        .should()
        .callMethodWhere(
            com.tngtech.archunit.base.DescribedPredicate.describe(
                "following redirects", call -> call.getName().equals("setFollowRedirects")))
        .orShould()
        .accessField("java.net.http.HttpClient$Redirect", "ALWAYS")
        .orShould()
        .accessField("java.net.http.HttpClient$Redirect", "NORMAL")
        .check(ALL);
  }

  @Test
  void certificates_areTrustedBlindlyByNobody() {
    noClasses()
        .should()
        .callMethodWhere(
            com.tngtech.archunit.base.DescribedPredicate.describe(
                "trusting all", call -> call.getName().equals("setTrustAll")))
        .orShould()
        .implement("javax.net.ssl.X509TrustManager")
        .check(ALL);
  }
}
