package dev.plumbline.learn.chat;

import dev.plumbline.learn.report.Section;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** One run: personas, ablation, and the finetune where it is wanted. */
final class Reproduction {
  private final Path path;
  private final Plan plan;
  private final Path out;
  private final boolean finetune;
  private final Clock clock;
  private final PrintStream console;

  Reproduction(Path path, Plan plan, Path out, boolean finetune, Clock clock, PrintStream console) {
    this.path = path;
    this.plan = plan;
    this.out = out;
    this.finetune = finetune;
    this.clock = clock;
    this.console = console;
  }

  /** Runs every stage that is not there already and puts the report together. */
  Report run() {
    long started = clock.millis();
    try (ChatModel model = ChatModel.open(path);
        Workshop shop = new Workshop(model, plan, out, console)) {
      PersonaStudy.Found found = new PersonaStudy(shop, clock).run();
      List<Section> sections = new ArrayList<>(new PersonaReport(shop, found).sections());
      if (finetune) {
        sections.addAll(new FinetuneStudy(shop, found).sections());
      }
      double minutes = (clock.millis() - started) / 60_000.0;
      Section setting =
          Setting.section(model, plan, found.artefact().model(), clock.instant(), minutes);
      sections.add(0, setting);
      return new Report("A direction on a real chat model", Setting.limits(), sections);
    }
  }
}
