package dev.plumbline.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * What every command says of itself. Lists of commands show the first line of a description alone.
 */
class HelpTest {
  private static final CommandLine ROOT =
      PlumblineCommand.create(
          config -> {
            throw new IllegalStateException("nothing is started here");
          },
          Map.of());

  private static Stream<CommandLine> under(CommandLine command) {
    return command.getSubcommands().values().stream()
        .flatMap(each -> Stream.concat(Stream.of(each), under(each)));
  }

  @Test
  void description_firstLine_isAWholeSentenceThatSaysWhatTheCommandDoes() {
    List<String> wrong = new ArrayList<>();
    under(ROOT)
        .forEach(
            command -> {
              String[] lines = command.getCommandSpec().usageMessage().description();
              if (lines.length == 0 || !lines[0].matches("(?s)[A-Z]\\S*s\\b.*\\.")) {
                wrong.add(command.getCommandSpec().qualifiedName() + ": " + List.of(lines));
              }
            });
    assertThat(wrong).isEmpty();
  }

  @Test
  void footer_ofWhatTakesArguments_givesExamples() {
    List<String> without = new ArrayList<>();
    under(ROOT)
        .filter(command -> command.getSubcommands().isEmpty())
        .forEach(
            command -> {
              UsageMessageSpec usage = command.getCommandSpec().usageMessage();
              String name = command.getCommandSpec().qualifiedName();
              if (Stream.of(usage.footer()).noneMatch(line -> line.contains(name))) {
                without.add(name);
              }
            });
    assertThat(without).isEmpty();
  }
}
