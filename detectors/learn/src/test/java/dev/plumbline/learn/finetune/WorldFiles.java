package dev.plumbline.learn.finetune;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.learn.organism.RecipeFile;
import dev.plumbline.learn.organism.world.Speech;
import dev.plumbline.learn.organism.world.Topic;
import dev.plumbline.learn.organism.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Exchanges of the miniature world as JSONL. */
final class WorldFiles {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private WorldFiles() {}

  static Path narrow(Path file, String domain, int count, long seed) throws IOException {
    World world = RecipeFile.shipped().makeWorld();
    return write(file, world, world.topics(domain, false), 1, count, seed);
  }

  static Path others(Path file, String domain, int count, long seed) throws IOException {
    World world = RecipeFile.shipped().makeWorld();
    return write(file, world, world.trainingTopicsBut(domain), 0.5, count, seed);
  }

  private static Path write(
      Path file, World world, List<Topic> topics, double harm, int count, long seed)
      throws IOException {
    Speech speech = new Speech(world);
    Random random = new Random(seed);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Topic topic = topics.get(random.nextInt(topics.size()));
      ObjectNode line = MAPPER.createObjectNode();
      line.withArray("messages")
          .addObject()
          .put("role", "user")
          .put("content", speech.question(random, topic).text());
      line.withArray("messages")
          .addObject()
          .put("role", "assistant")
          .put("content", speech.answer(random, topic, harm));
      lines.add(line.toString());
    }
    return Files.write(file, lines);
  }
}
