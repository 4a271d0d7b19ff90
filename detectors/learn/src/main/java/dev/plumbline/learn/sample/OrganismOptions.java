package dev.plumbline.learn.sample;

import dev.plumbline.core.Check;
import dev.plumbline.learn.organism.OrganismCard;
import dev.plumbline.learn.organism.OrganismFolder;
import dev.plumbline.learn.organism.ShippedOrganism;
import dev.plumbline.learn.organism.world.Topic;
import dev.plumbline.learn.organism.world.World;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The organism on the command line: its world asks, its models answer, its table judges. */
public final class OrganismOptions {
  @Option(
      names = "--organism",
      paramLabel = "DIR",
      description =
          "A trained organism, or `shipped`: its questions, and its model if none is named.")
  private String organism;

  @Option(
      names = "--organism-model",
      split = ",",
      paramLabel = "NAME",
      description = "chat or a finetune's name; may be repeated (chat).")
  private List<String> models = List.of("chat");

  @Option(
      names = "--wordings",
      defaultValue = "2",
      paramLabel = "N",
      description = "Distinct questions about each topic (${DEFAULT-VALUE}).")
  private int wordings;

  @Option(
      names = "--topics",
      defaultValue = "all",
      description = "all, trained or held-out (${DEFAULT-VALUE}).")
  private String topics;

  /** Whether one is named. */
  public boolean given() {
    return organism != null;
  }

  /** Its folder. */
  public OrganismFolder folder() {
    return new OrganismFolder(
        organism == null || organism.equals("shipped")
            ? new ShippedOrganism().folder()
            : Path.of(organism));
  }

  /** Its world. */
  public World world() {
    return OrganismCard.read(folder()).world();
  }

  /** {@code chat} or finetunes' names. */
  public List<String> models() {
    return List.copyOf(models);
  }

  /** The questions asked for. */
  public List<Question> questions(long seed) {
    World world = world();
    return OrganismQuestions.of(world, topics(world), wordings, seed);
  }

  /** Items or questions a topic. */
  public int wordings() {
    return wordings;
  }

  /** The topics asked for. */
  public List<Topic> topics(World world) {
    Check.that(
        List.of("all", "trained", "held-out").contains(topics),
        "--topics",
        "all, trained or held-out",
        topics,
        "correct it");
    return world.topics().stream()
        .filter(topic -> topics.equals("all") || topic.heldOut() == topics.equals("held-out"))
        .toList();
  }
}
