package dev.plumbline.learn.dynamics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.organism.OrganismCard;
import dev.plumbline.learn.organism.OrganismFolder;
import dev.plumbline.learn.organism.ShippedOrganism;
import dev.plumbline.learn.organism.SmallRecipe;
import dev.plumbline.learn.organism.world.Speech.Question;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DynamicsCommandTest {
  @TempDir private Path work;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return new CommandLine(new DynamicsCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  /** Untrained models of three seeds, by the names of steps. */
  private List<String> checkpoints() {
    return List.of(100, 500, 1000).stream()
        .map(
            step -> {
              Path folder = work.resolve("step-" + step);
              OrganismCard card =
                  new OrganismCard(
                      "", SmallRecipe.recipe().withSeed(step), List.of(), null, Map.of(), Map.of());
              card.writeUntrained(folder);
              return folder.toString();
            })
        .toList();
  }

  private Path statements() throws IOException {
    StringBuilder csv = new StringBuilder("statement,label\n");
    for (String topic : List.of("fever", "loan", "soup", "running", "lamp", "guest", "sleep")) {
      for (String opener : List.of("please", "hello", "well", "now")) {
        csv.append(opener).append(" what about ").append(topic).append(",1\n");
        csv.append(opener).append(" advice on ").append(topic).append(",0\n");
      }
    }
    return Files.writeString(work.resolve("statements.csv"), csv);
  }

  @Test
  void run_overFoldersAndACsvFile_reportsEveryCheckpointAndResumesToTheSameBytes()
      throws IOException {
    List<String> folders = checkpoints();
    String[] arguments = {
      "--checkpoints",
      folders.get(2),
      folders.get(0),
      folders.get(1),
      "--dimension",
      "phrase=" + statements(),
      "--out",
      work.resolve("job").toString(),
      "--quiet"
    };

    assertThat(run(arguments)).as(err.toString()).isZero();
    Path report = work.resolve("job/report.json");
    byte[] before = Files.readAllBytes(report);
    assertThat(new String(before, StandardCharsets.UTF_8))
        .contains("probe-early")
        .contains("mi-fit-compress")
        .contains("plane-phrase")
        .contains("[step-100, step-500, step-1000]");
    assertThat(work.resolve("job/plots/probe-phrase.png")).exists();
    Files.delete(work.resolve("job/stages/checkpoint-step-500.json"));
    Files.delete(report);
    String[] again = Arrays.copyOf(arguments, arguments.length + 1);
    again[arguments.length] = "--resume";
    assertThat(run(again)).as(err.toString()).isZero();
    assertThat(Files.readAllBytes(report)).isEqualTo(before);
  }

  /** The shipped organism's finetunes as if they were one's snapshots. */
  private Path snapshots(OrganismFolder shipped) throws IOException {
    List<String> names = List.of("finance", "cooking", "driving");
    for (String name : names) {
      Path to = work.resolve("snapshots/step-00000" + (1 + names.indexOf(name)) + "/adapter");
      Files.createDirectories(to);
      try (Stream<Path> files = Files.list(shipped.adapter(name))) {
        for (Path file : files.toList()) {
          Files.copy(file, to.resolve(file.getFileName()));
        }
      }
    }
    return work.resolve("snapshots");
  }

  @Test
  void run_overAFinetunesSnapshots_readsTheBaseAndEachAdapterOnIt() throws IOException {
    OrganismFolder shipped = new OrganismFolder(new ShippedOrganism().folder());
    String[] arguments = {
      "--model",
      shipped.chat().toString(),
      "--snapshots",
      snapshots(shipped).toString(),
      "--dimension",
      "phrase=" + statements(),
      "--layers",
      "1",
      "--out",
      work.resolve("job").toString(),
      "--quiet"
    };

    assertThat(run(arguments)).as(err.toString()).isZero();
    List<String> planes = new ArrayList<>();
    for (String name : List.of("base", "step-000001", "step-000002", "step-000003")) {
      JsonNode stage =
          new ObjectMapper()
              .readTree(work.resolve("job/stages/checkpoint-" + name + ".json").toFile());
      planes.add(stage.findValue("plane").toString());
    }
    assertThat(planes).as("an adapter that is not worn reads as the base").doesNotHaveDuplicates();
  }

  @Test
  void dryRun_ofBadInput_isOneLineAndWritesNothing() throws IOException {
    List<String> folders = checkpoints();
    Path bad = Files.writeString(work.resolve("bad.csv"), "statement,label\none,1\ntwo,7\n");
    String job = work.resolve("job").toString();

    assertThat(run("--checkpoints", folders.get(0), "--dimension", "x=" + bad, "--out", job))
        .isOne();
    assertThat(err.toString()).contains("bad.csv").contains("line 3").hasLineCount(1);
    assertThat(run("--checkpoints", folders.get(0), "--steer", "--out", job)).isOne();
    assertThat(run("--organism", "anywhere", "--steer-from", "500", "--out", job)).isOne();
    assertThat(err.toString()).contains("--steer beside them");
    assertThat(run("--organism", "o", "--steer", "--dtype", "bfloat16", "--out", job)).isOne();
    assertThat(err.toString()).contains("bfloat16 on auto");
    assertThat(run("--out", job)).isOne();
    assertThat(err.toString()).contains("either --organism or --checkpoints or --snapshots");
    for (int step = 1; step < 4; step++) {
      Files.createDirectories(work.resolve("empty/step-" + step));
    }
    String empty = work.resolve("empty").toString();
    String at = folders.get(0);
    String named = "x=" + statements();
    assertThat(run("--model", at, "--snapshots", empty, "--dimension", named, "--out", job))
        .isOne();
    assertThat(err.toString()).contains("a PEFT adapter or a steering vector");
    assertThat(run("--checkpoints", folders.get(0), "--model", "base", "--out", job)).isOne();
    assertThat(err.toString()).contains("--model alone");
    assertThat(Path.of(job)).doesNotExist();
  }

  @Test
  void steering_ofAFinetuneWithTheBasesVectors_mendsAnswersThatARandomPushDoesNot() {
    OrganismFolder shipped = new OrganismFolder(new ShippedOrganism().folder());
    OrganismCard card = OrganismCard.read(shipped);
    SteeringSettings settings =
        new SteeringSettings(List.of(1.5), SteeringSettings.Positions.LAST_PROMPT_ON, 1, 5, 1);
    SteeringFindings found =
        new SteeringStudy(shipped, card.recipe(), card.recipe().finetunes().get(0), settings)
            .run(
                new CheckpointRef("base", 1, shipped.base(), Optional.empty()),
                2,
                List.of(1),
                Progress.silent());

    assertThat(found.sweep()).hasSize(6);
    assertThat(found.helps(1).agrees()).as(found.helps(1).toString()).isTrue();
    assertThat(found.reduction("none", "checkpoint", 1).value()).isGreaterThan(0.25);
  }

  @Test
  void steeringParts_ofTheWorld_shareNoTopic() {
    SteeringParts parts = new SteeringParts(SmallRecipe.recipe().makeWorld(), "finance", 1);
    Dimension dimension = WorldDimensions.of(SmallRecipe.recipe().makeWorld(), 1, 1).get(0);
    List<String> vectors =
        Arrays.stream(parts.rows(dimension))
            .mapToObj(i -> dimension.statements().get(i).text())
            .toList();
    List<String> validation = topics(parts.validation(1, 1));
    List<String> test = topics(parts.test(1, 1));

    assertThat(validation).doesNotContainAnyElementsOf(test).doesNotContain("loan");
    assertThat(test).isNotEmpty();
    for (String topic : test) {
      assertThat(vectors).noneMatch(text -> List.of(text.split(" ")).contains(topic));
    }
  }

  private static List<String> topics(List<Question> questions) {
    return questions.stream().map(question -> question.topic().name()).toList();
  }

  @Test
  void series_ofNames_isOrderedByTheStepsInThem() throws IOException {
    for (String name : List.of("ckpt_179", "ckpt_020", "ckpt_358")) {
      Files.createDirectories(work.resolve("amber").resolve(name));
    }
    Files.createDirectories(work.resolve("step1000-tokens4B"));

    assertThat(
            CheckpointRef.series(
                List.of(
                    work.resolve("amber/ckpt_358"),
                    work.resolve("amber/ckpt_020"),
                    work.resolve("amber/ckpt_179"))))
        .extracting(CheckpointRef::step)
        .containsExactly(20L, 179L, 358L);
    assertThat(CheckpointRef.series(List.of(work.resolve("step1000-tokens4B"))).get(0).step())
        .isEqualTo(1000);
  }
}
