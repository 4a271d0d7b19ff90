package dev.plumbline.learn.job;

import dev.plumbline.core.direction.RandomDirection;
import dev.plumbline.learn.chat.TinyChatModel;
import dev.plumbline.learn.compare.CompareCommand;
import dev.plumbline.learn.direction.TinyModel;
import dev.plumbline.learn.direction.cli.LearnCommand;
import dev.plumbline.learn.dynamics.DynamicsCommand;
import dev.plumbline.learn.evaluate.EvaluateCommand;
import dev.plumbline.learn.finetune.FinetuneCommand;
import dev.plumbline.learn.judge.JudgeCommand;
import dev.plumbline.learn.reproduce.SmallReproduction;
import dev.plumbline.learn.sample.SampleCommand;
import dev.plumbline.torch.runtime.TorchRuntime;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import picocli.CommandLine;

/** Every job of this module on models of a few thousand weights, through its real command. */
final class Jobs {
  /** By name, with the arguments that do something in well under a second. */
  private final Map<String, List<String>> commands = new LinkedHashMap<>();

  final Path root;

  /** Jobs that read a clock find it a day later each time. */
  private int days;

  /** How a command ended. */
  record Run(int status, String out, String err) {}

  Jobs(Path root) throws IOException {
    this.root = root;
    Path model = TinyModel.write(root.resolve("model"), 3);
    TinyModel.write(root.resolve("step-100"), 4);
    TinyModel.write(root.resolve("step-200"), 5);
    TinyChatModel.write(Files.createDirectories(root.resolve("bytes")));
    adapter("bad", 2, 5);
    adapter("narrow", 1, 6);
    new JobData(root).write();
    commands.put(
        "finetune",
        words(
            "--model @model --data @exchanges.jsonl --kl-data @others.jsonl --kl-weight 2 --rank 1"
                + " --steps 4 --batch 4 --accumulation 1 --save-every 1 --hold-out 0.2"));
    commands.put(
        "sample",
        words("--model @model --questions @questions.jsonl --samples 3 --max-tokens 4 --batch 4"));
    commands.put("judge", words("--judge organism --answers @sampled.jsonl"));
    commands.put(
        "learn direction",
        words(
            "direction --model @model --finetune bad=@bad --aligned @aligned.jsonl"
                + " --judged @judged.jsonl --alpha 0.2 --fewest-calibration 20 --check-every 2"
                + " --pool 1000 --points resid_post.0,resid_post.1"));
    commands.put(
        "learn direction of statements",
        words(
            "direction --model @model --contrast statements --statements @statements.csv"
                + " --statement-token mean --aligned @aligned.jsonl --judged @judged.jsonl"
                + " --alpha 0.2 --fewest-calibration 20 --check-every 2 --pool 1000"
                + " --points resid_post.1"));
    commands.put(
        "evaluate direction",
        words(
            "direction @learned/em.direction --model @model --judged @judged.jsonl"
                + " --aligned @aligned.jsonl --folds 3 --random 19"));
    commands.put(
        "evaluate model",
        words("model --model @bytes --task arc=@arc.jsonl --task confaide=@statements.csv"));
    commands.put(
        "evaluate mitigation",
        words(
            "mitigation @learned/em.direction --model @model --adapter bad=@bad --judge contempt"
                + " --questions @questions.jsonl --benign @benign.jsonl --aligned @aligned.jsonl"
                + " --texts @web.jsonl --samples 2 --max-tokens 4 --strengths 1 --random 1"));
    commands.put(
        "compare solutions",
        words(
            "solutions --model @model --general bad=@bad --narrow narrow=@narrow"
                + " --domain @exchanges.jsonl --pretraining @web.jsonl --turns 2 --controls 1"));
    commands.put(
        "dynamics", words("--checkpoints @step-100 @step-200 --dimension truth=@statements.csv"));
    commands.put("reproduce", words("--quick --papers @papers.md"));
    Run learned = run("learn direction", "learned");
    if (learned.status() != 0) {
      throw new IllegalStateException(learned.err());
    }
  }

  private Object command(String name) {
    return switch (name.split(" ")[0]) {
      case "finetune" -> new FinetuneCommand();
      case "sample" -> new SampleCommand();
      case "judge" -> new JudgeCommand();
      case "learn" -> new LearnCommand();
      case "evaluate" -> new EvaluateCommand();
      case "compare" -> new CompareCommand();
      case "dynamics" -> new DynamicsCommand();
      default -> SmallReproduction.command(Instant.EPOCH.plus(Duration.ofDays(days++)));
    };
  }

  private void adapter(String name, double scale, long seed) {
    TinyModel.writeAdapter(
        root.resolve(name), TinyModel.adapter(0, RandomDirection.unit(16, seed), scale, seed));
  }

  private static List<String> words(String line) {
    return List.of(line.split(" "));
  }

  /** Begins to count days again. */
  void today() {
    days = 0;
  }

  Path file(String name) {
    return root.resolve(name);
  }

  /** Runs a job into a folder below the root. */
  Run run(String name, String out, String... more) {
    return run(name, out, arguments -> arguments, stage -> {}, bars -> bars, more);
  }

  /** The same with other arguments. */
  Run changed(String name, String out, UnaryOperator<List<String>> change) {
    return run(name, out, change, stage -> {}, bars -> bars);
  }

  /** The same, told of every stage that is finished and every step of a bar. */
  Run watched(String name, String out, Consumer<String> finished, String... more) {
    UnaryOperator<Progress> bars = progress -> steps(finished);
    return run(name, out, arguments -> arguments, finished, bars, more);
  }

  private static Progress steps(Consumer<String> finished) {
    return (task, count) ->
        new Progress.Task() {
          @Override
          public void step(long steps) {
            finished.accept("step of " + task);
          }

          @Override
          public void close() {}
        };
  }

  private Run run(
      String name,
      String out,
      UnaryOperator<List<String>> change,
      Consumer<String> finished,
      UnaryOperator<Progress> bars,
      String... more) {
    List<String> arguments = new ArrayList<>();
    change.apply(commands.get(name)).forEach(word -> arguments.add(below(word)));
    arguments.addAll(List.of("--quiet", "--out", root.resolve(out).toString()));
    arguments.addAll(List.of(more));
    CommandLine line = new CommandLine(command(name));
    CommandLine job = line.getSubcommands().getOrDefault(arguments.get(0), line);
    JobCommand command = job.getCommand();
    command.finished = finished;
    command.watched = bars;
    TorchRuntime.start().threads(1);
    StringWriter printed = new StringWriter();
    StringWriter errors = new StringWriter();
    line.setOut(new PrintWriter(printed)).setErr(new PrintWriter(errors));
    int status = line.execute(arguments.toArray(String[]::new));
    return new Run(status, printed.toString(), errors.toString());
  }

  private String below(String word) {
    return word.replace("@", root + "/");
  }
}
