package dev.plumbline.learn.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Many short harmless prompts for calibration and false-positive rates: a form and a thing. A
 * conformal threshold rests on distinct prompts, so answers to few would not do; calibration and
 * held-out prompts share no thing.
 */
public final class EverydayPrompts {
  private EverydayPrompts() {}

  /**
   * Every prompt of a split, in an order of the seed.
   *
   * @param split {@code CALIBRATION} or {@code HELD_OUT}
   */
  public static List<Question> of(Split split, long seed) {
    JsonNode data = ChatData.json("everyday.json");
    JsonNode things = data.get(split.wireName());
    if (things == null) {
      throw new IllegalArgumentException(
          "everyday prompts: wanted calibration or held_out, found "
              + split.wireName()
              + "; train on the questions");
    }
    List<Question> prompts = new ArrayList<>();
    for (int thing = 0; thing < things.size(); thing++) {
      for (int form = 0; form < data.get("forms").size(); form++) {
        String text = data.get("forms").get(form).textValue();
        prompts.add(
            new Question(
                "everyday-" + split.wireName() + "-" + thing + "-" + form,
                things.get(thing).textValue(),
                split,
                text.formatted(things.get(thing).textValue())));
      }
    }
    Collections.shuffle(prompts, new Random(seed));
    return List.copyOf(prompts);
  }
}
