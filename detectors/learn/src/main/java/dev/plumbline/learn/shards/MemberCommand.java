package dev.plumbline.learn.shards;

import dev.plumbline.learn.direction.ActivationCollector;
import dev.plumbline.learn.job.ModelOptions;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.torch.cli.Exit;
import dev.plumbline.torch.model.OpenModel;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.TorchRuntime;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plumbline learn member}. */
@Command(
    name = "member",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Lends this machine and its copy of a model to `plumbline learn … --members`, until it is"
          + " stopped.",
      "All members have the same model, adapters, dtype, device and threads. Whoever reaches the"
          + " port can have work done: keep it on a network of your own."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  on node1: plumbline learn member --model chat --adapter bad=adapters/bad --host node1",
      "  on node2: plumbline learn member --model chat --adapter bad=adapters/bad --host node2"
          + " --members node1",
      "  anywhere: plumbline learn direction --model chat --finetune bad=adapters/bad"
          + " --aligned a.jsonl --judged j.jsonl --out run --members node1,node2"
    })
public final class MemberCommand implements Callable<Integer> {
  private static final long LOOK_MILLIS = 1000;

  @Spec private CommandSpec spec;
  @Mixin private ModelOptions model;

  @Option(
      names = "--adapter",
      paramLabel = "NAME=DIR",
      description = "A finetune that jobs read through, under the jobs' name for it.")
  private Map<String, Path> adapters = new LinkedHashMap<>();

  @Option(
      names = "--host",
      defaultValue = "127.0.0.1",
      paramLabel = "ADDRESS",
      description = "Name or address of this machine that others reach (${DEFAULT-VALUE}).")
  private String host;

  @Option(
      names = "--port",
      defaultValue = "" + MemberAddress.PORT,
      paramLabel = "P",
      description = "Where to listen; 0 for any free port (${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--members",
      split = ",",
      paramLabel = "HOST[:PORT]",
      description = "Members to join; one that runs is enough. None for the first.")
  private List<String> others = List.of();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Of one operation, where machines differ in cores (all cores).")
  private Optional<Integer> threads = Optional.empty();

  @Option(names = "--json", description = "Say where it listens as JSON.")
  private boolean json;

  private volatile boolean stopping;

  @Override
  public Integer call() {
    return Exit.of(spec, this::work);
  }

  private int work() {
    List<MemberAddress> join = others.stream().map(MemberAddress::parse).toList();
    try (OpenModel open = model.open()) {
      threads.ifPresent(TorchRuntime.start()::threads);
      Decoder decoder = model.load(open);
      adapters.forEach(open::wear);
      ModelCard card =
          ModelCard.of(
              open.pin(model.revision()),
              decoder.precision().toString(),
              adapters,
              Machine.here(model.device()));
      ShardReader reader =
          StatisticsShards.reader(
              new ActivationCollector(decoder, Progress.silent()), decoder.vocabulary());
      try (ShardMember member = ShardMember.start(host, port, join, card, reader)) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(member), "stop"));
        say(member);
        await(member);
        return Exit.DONE;
      }
    }
  }

  private void say(ShardMember member) {
    PrintWriter out = spec.commandLine().getOut();
    MemberAddress at = member.address();
    out.println(
        json
            ? String.format(
                "{\"host\":\"%s\",\"port\":%d,\"members\":%d}",
                at.host(), at.port(), member.members())
            : "member " + at + " is ready, one of " + member.members());
    out.flush();
  }

  private void stop(ShardMember member) {
    stopping = true;
    member.close();
  }

  /** While it is being stopped the model stays: a shard may be under way until the very end. */
  private void await(ShardMember member) {
    try {
      while (stopping || member.running()) {
        Thread.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    throw new IllegalStateException(
        "member: wanted to go on, found its network stopped; see the log, and start it again");
  }
}
