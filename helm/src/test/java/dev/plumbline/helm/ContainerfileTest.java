package dev.plumbline.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The statements of the Containerfile that matter; no engine is asked. */
class ContainerfileTest {
  private static final List<String> FINAL = List.of("cpu", "cuda", "learn");
  private static final Pattern FROM = Pattern.compile("FROM (\\S+) AS (\\w+)");

  private record Statement(String stage, String word, String rest) {}

  private final List<Statement> statements = new ArrayList<>();

  @BeforeEach
  void read() throws IOException {
    String stage = "";
    for (String line : Files.readAllLines(Path.of("Containerfile"))) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      var from = FROM.matcher(line);
      stage = from.matches() ? from.group(2) : stage;
      String[] parts = line.split(" ", 2);
      statements.add(new Statement(stage, parts[0], parts[1]));
    }
  }

  private List<Statement> all(String word) {
    return statements.stream().filter(s -> s.word().equals(word)).toList();
  }

  /** Bases come as arguments, so that a build can name them by digest. */
  @Test
  void bases_areArguments() throws IOException {
    for (Statement from : all("FROM")) {
      assertThat(from.rest()).matches("(\\$\\{(BUILD|BASE|CUDA_BASE)}|agent|cuda) AS \\w+");
    }
    assertThat(all("ARG").stream().filter(arg -> arg.stage().isEmpty()))
        .extracting(arg -> arg.rest().replaceAll("=.*", ""))
        .containsExactly("BUILD", "BASE", "CUDA_BASE");
    assertThat(Files.readString(Path.of("Containerfile")))
        .contains("--build-arg BUILD=")
        .contains("--build-arg BASE=")
        .contains("@sha256:");
  }

  @Test
  void images_runAsTheNumberTheChartNames() {
    assertThat(all("USER")).singleElement().extracting(Statement::rest).isEqualTo("65532:65532");
    assertThat(all("USER").get(0).stage()).isEqualTo("agent");
    String container =
        Chart.render("modelServer: {enabled: true, image: m}")
            .container("plumbline")
            .at("/securityContext/runAsUser")
            .asText();
    assertThat(container).isEqualTo("65532");
  }

  /** Whatever runs, runs in the build stage: no shell command makes a layer of an image. */
  @Test
  void images_holdNoBuildTools() {
    assertThat(all("ADD")).as("ADD takes URLs and unpacks archives").isEmpty();
    assertThat(all("RUN")).allMatch(run -> run.stage().equals("build"));
    assertThat(all("COPY").stream().filter(copy -> !copy.stage().equals("build")))
        .allMatch(copy -> copy.rest().startsWith("--from="));
    assertThat(all("FROM")).extracting(Statement::stage).containsAll(FINAL);
  }

  /**
   * Maven copies no resource of the time 0, which is that of every file of a reproducible build.
   */
  @Test
  void files_haveATimeBeforeMavenRuns() {
    assertThat(all("RUN").get(0).rest()).startsWith("find . -exec touch -d @1 {} + && mvn ");
  }

  @Test
  void command_isTheAgentsOwn_asAListAndWithoutAShell() {
    assertThat(all("ENTRYPOINT"))
        .singleElement()
        .extracting(Statement::rest)
        .isEqualTo("[\"/opt/plumbline/bin/plumbline\"]");
    assertThat(all("STOPSIGNAL")).extracting(Statement::rest).containsExactly("SIGTERM");
    assertThat(all("EXPOSE")).extracting(Statement::rest).containsExactly("8080 8081");
  }

  /**
   * Each folder copied out of the build is one that the layout script makes; each file of the tree
   * is there.
   */
  @Test
  void copies_areOfWhatIsThere() throws IOException {
    String layout = Files.readString(Path.of("image/layout"));
    for (Statement copy : all("COPY")) {
      if (copy.rest().startsWith("--from=build")) {
        String made = copy.rest().split(" ")[2].replaceFirst("/layout/", "");
        assertThat(layout).contains("$out/" + made);
      }
    }
    assertThat(all("RUN").get(1).rest()).endsWith("helm/image/layout /layout");
    assertThat(Path.of("image/layout")).isExecutable();
    assertThat(Path.of("image/plumbline")).isExecutable();
  }
}
