package dev.plumbline.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.Assembly;
import dev.plumbline.agent.cli.PlumblineCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The command lines of pods and of documents are ones that there are. */
class CommandsTest {
  /** In a block of its own or within a line; up to what is a remark. */
  private static final Pattern WRITTEN =
      Pattern.compile("(?:^ *|`)(?:agent/bin/)?plumbline ([^`#\n]+)", Pattern.MULTILINE);

  private static CommandLine root() {
    return PlumblineCommand.create(Assembly.standard(), Map.of());
  }

  static List<Path> examples() {
    return Chart.examples();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void containers_runCommandsThatParse(Path values) {
    for (JsonNode pod : Chart.render(values).pods()) {
      Manifests.containers(pod)
          .filter(c -> c.path("image").asText().contains("plumbline"))
          .forEach(
              c -> {
                List<String> args = Manifests.stream(c.path("args")).map(JsonNode::asText).toList();
                assertThatCode(() -> root().parseArgs(args.toArray(String[]::new)))
                    .as("%s", args)
                    .doesNotThrowAnyException();
              });
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "README.md",
        "agent/OPERATING.md",
        "agent/FLEET.md",
        "dashboards/runbook.md",
        "detectors/LEARNING.md",
        "helm/plumbline/README.md",
        "mitigations/TRIGGERS.md"
      })
  void documents_nameCommandsAndOptionsThatThereAre(String document) throws IOException {
    String text = Files.readString(Path.of("..", document));
    List<String> mistakes = new ArrayList<>();
    Matcher written = WRITTEN.matcher(text);
    int found = 0;
    while (written.find()) {
      mistakes.addAll(mistake(written.group(1).strip()));
      found++;
    }
    assertThat(found).as("command lines in " + document).isPositive();
    assertThat(mistakes).as(document).isEmpty();
  }

  @Test
  void mistakes_areFound() {
    assertThat(mistake("serve --model X")).isEmpty();
    assertThat(mistake("serv --model X")).isNotEmpty();
    assertThat(mistake("serve --modle X")).isNotEmpty();
    assertThat(mistake("direction calibrat X")).isNotEmpty();
    assertThat(mistake("record --out F -- --modle X")).isNotEmpty();
  }

  /** What follows a lone {@code --} is for {@code serve}. */
  private static List<String> mistake(String line) {
    List<String> mistakes = new ArrayList<>();
    CommandLine command = root();
    boolean named = false;
    for (String word : line.split("\\s+")) {
      if (word.equals("--")) {
        command = root().getSubcommands().get("serve");
        named = true;
      } else if (word.startsWith("--")) {
        String option = word.replaceAll("[=\\]),;.].*", "");
        if (!command.getCommandSpec().optionsMap().containsKey(option)) {
          mistakes.add(line + ": no option " + option);
        }
        named = true;
      } else if (!named && !command.getSubcommands().isEmpty()) {
        CommandLine next = command.getSubcommands().get(word.replaceAll("[,;.:|].*", ""));
        if (next == null) {
          named = true;
          if (word.matches("[a-z-]+")) {
            mistakes.add(line + ": no command " + word);
          }
        } else {
          command = next;
        }
      }
    }
    return mistakes;
  }
}
