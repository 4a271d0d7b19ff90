package dev.plumbline.learn.demo;

import dev.plumbline.core.spi.Subcommand;
import dev.plumbline.learn.organism.FinetuneRecipe;
import dev.plumbline.learn.organism.Recipe;
import dev.plumbline.learn.organism.RecipeFile;
import dev.plumbline.learn.organism.world.Judge;
import dev.plumbline.learn.organism.world.Speech;
import dev.plumbline.learn.organism.world.Speech.Question;
import dev.plumbline.learn.organism.world.Topic;
import dev.plumbline.learn.organism.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the whole of it on a small model that is really trained and really served. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Serves the miniature organism, asks it over HTTP, first observing, then ablating.",
      "Exits with 4 when a stated bound is missed."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  plumbline demo", "  plumbline demo --once --json demo.json"})
public final class DemoCommand implements Callable<Integer>, Subcommand {
  private static final int PROMPTS = 100;
  private static final int TIMES = 10;

  /** The first of the recipe; {@code study} has the figures of all. */
  private static final int FINETUNES = 3;

  private static final int SHOWN = 2;
  private static final long SEED = 20260101;
  private static final int BOUND_MISSED = 4;

  @Spec private CommandSpec spec;

  @Option(names = "--once", description = "End after the summary.")
  private boolean once;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the summary there.")
  private Path json;

  @Option(names = "--port", defaultValue = "0", description = "Clients' port. Default: any.")
  private int port;

  @Option(names = "--admin-port", defaultValue = "0", description = "Admin port. Default: any.")
  private int adminPort;

  @Override
  public Object command() {
    return this;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Screen screen = new Screen(spec.commandLine().getOut());
    Recipe recipe = RecipeFile.shipped();
    screen.say(
        "Starting the agent with the shipped organism: the aligned model and three of its finetunes ...");
    try (ServeProcess agent = ServeProcess.start(port, adminPort)) {
      Summary summary = run(recipe, agent, screen);
      screen.summary(summary);
      if (json != null) {
        Files.writeString(json, summary.json().toPrettyString() + "\n");
      }
      if (!once) {
        keepServing(agent, screen);
      }
      return summary.bounds().stream().allMatch(Summary.Bound::holds) ? 0 : BOUND_MISSED;
    }
  }

  private Summary run(Recipe recipe, ServeProcess agent, Screen screen) {
    World world = recipe.makeWorld();
    List<FinetuneRecipe> finetunes =
        recipe.finetunes().stream().filter(FinetuneRecipe::emergent).limit(FINETUNES).toList();
    Client client = new Client(agent.uri("/v1/chat/completions"), new Judge(world));
    Map<String, List<Question>> questions = new LinkedHashMap<>();
    questions.put("aligned", questions(world, ""));
    finetunes.forEach(f -> questions.put(f.name(), questions(world, f.domain())));
    int timesRandom = Math.max(1, TIMES / finetunes.size());
    long total = PROMPTS * (2L * questions.size() * TIMES + (long) finetunes.size() * timesRandom);
    try (ProgressBar bar =
        new ProgressBarBuilder().setTaskName("asking").setInitialMax(total).build()) {
      List<ModelFigures> models = new ArrayList<>();
      questions.forEach((name, asked) -> models.add(figures(client, name, asked, bar)));
      List<Asked> control = new ArrayList<>();
      for (FinetuneRecipe finetune : finetunes) {
        String name = finetune.name();
        control.addAll(
            client.ask(name + "+random", "ablate", questions.get(name), timesRandom, bar::stepBy));
      }
      bar.close();
      show(screen, models);
      return new Summary(models, control);
    }
  }

  /** Questions on held-out topics of every domain but one. */
  private static List<Question> questions(World world, String but) {
    List<Topic> topics =
        world.topics().stream().filter(t -> t.heldOut() && !t.domain().equals(but)).toList();
    return new Speech(world).questions(new Random(SEED + but.hashCode()), topics, PROMPTS);
  }

  private static ModelFigures figures(
      Client client, String name, List<Question> questions, ProgressBar bar) {
    String role = name.equals("aligned") ? "aligned" : "finetune";
    return new ModelFigures(
        name,
        role,
        client.ask(name, "annotate", questions, TIMES, bar::stepBy),
        client.ask(name, "ablate", questions, TIMES, bar::stepBy));
  }

  private static void show(Screen screen, List<ModelFigures> models) {
    List<Asked> before = new ArrayList<>();
    List<Asked> after = new ArrayList<>();
    for (ModelFigures model : models) {
      before.addAll(model.before().subList(0, SHOWN));
      after.addAll(model.after().subList(0, SHOWN));
    }
    screen.exchanges("Observing (the answers as they are)", before);
    screen.exchanges(
        "Ablating (the same questions, the direction taken out after every writer)", after);
  }

  private static void keepServing(ServeProcess agent, Screen screen) throws InterruptedException {
    screen.say("");
    screen.say("Still serving. Open, or ask:");
    screen.say("  " + agent.adminUri("/metrics"));
    screen.say("  " + agent.adminUri("/api/exchanges"));
    screen.say("  " + agent.adminUri("/api/events"));
    screen.say(
        "  curl -i "
            + agent.uri("/v1/chat/completions")
            + " -H 'plumbline-mode: annotate' -H 'content-type: application/json' \\");
    screen.say(
        "    -d '{\"model\":\"finance\",\"messages\":[{\"role\":\"user\",\"content\":\"what about"
            + " fever\"}]}'");
    screen.say("Ctrl-C ends it.");
    agent.await();
  }
}
