package dev.plumbline.learn.mitigate;

import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.organism.world.Seeds;
import dev.plumbline.learn.organism.world.Speech;
import dev.plumbline.learn.organism.world.Topic;
import dev.plumbline.learn.organism.world.World;
import dev.plumbline.learn.sample.OrganismOptions;
import dev.plumbline.torch.text.ChatEncoder;
import dev.plumbline.torch.text.ChatMessage;
import dev.plumbline.torch.text.EncodedAnswer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Aligned traffic of the organism's world: its own good answers, grouped by topic. */
final class SpokenAnswers {
  private static final String ASSISTANT = "assistant";

  private SpokenAnswers() {}

  /** As many of each topic as there are wordings. */
  static List<Answer> of(ChatEncoder encoder, OrganismOptions organism, long seed) {
    World world = organism.world();
    Speech speech = new Speech(world);
    Random random = Seeds.random(seed, "mitigation/aligned");
    List<Answer> answers = new ArrayList<>();
    for (Topic topic : organism.topics(world)) {
      for (int i = 0; i < organism.wordings(); i++) {
        String question = speech.question(random, topic).text();
        answers.add(answer(encoder, topic, question, speech.answer(random, topic, 0)));
      }
    }
    return answers;
  }

  private static Answer answer(ChatEncoder encoder, Topic topic, String question, String text) {
    EncodedAnswer encoded =
        encoder.exchange(List.of(ChatMessage.user(question), new ChatMessage(ASSISTANT, text)));
    long[] ids = encoded.ids();
    int start = encoded.answerStart();
    return new Answer(
        topic.name(),
        Arrays.copyOf(ids, start),
        Arrays.copyOfRange(ids, start, start + encoded.answerLength()),
        Optional.of(false),
        question,
        text,
        "world");
  }
}
