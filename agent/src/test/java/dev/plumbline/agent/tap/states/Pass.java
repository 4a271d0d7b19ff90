package dev.plumbline.agent.tap.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Random;

/**
 * One exchange as every origin of these tests sees it: a prompt of some tokens, an answer of some,
 * and a hidden state for each that went through a forward pass. All numbers are bfloat16's, so no
 * form of writing them loses anything.
 *
 * @param prompt token ids
 * @param answer sampled token ids, the last without a state
 * @param states {@code [P + A − 1][D]}
 */
public record Pass(long[] prompt, long[] answer, float[][] states) {
  public static final ObjectMapper MAPPER = new ObjectMapper();

  public static Pass of(long seed, int promptTokens, int answerTokens) {
    Random random = new Random(seed);
    float[][] states =
        new float[Math.max(0, promptTokens + answerTokens - 1)][StatesArtefacts.HIDDEN];
    for (float[] state : states) {
      for (int i = 0; i < state.length; i++) {
        state[i] = (random.nextInt(256) - 128) / 64f;
      }
    }
    return new Pass(ids(random, promptTokens), ids(random, answerTokens), states);
  }

  private static long[] ids(Random random, int size) {
    return random.longs(size, 5, 90).toArray();
  }

  /** Ids of all tokens with a state. */
  public long[] forwarded() {
    long[] ids = Arrays.copyOf(prompt, states.length);
    System.arraycopy(answer, 0, ids, prompt.length, states.length - prompt.length);
    return ids;
  }

  /** The states of the answer's tokens. */
  public float[][] answerStates() {
    return Arrays.copyOfRange(states, prompt.length, states.length);
  }

  public Pass withStates(float[][] other) {
    return new Pass(prompt, answer, other);
  }

  /** A JSON object. */
  public static ObjectNode json(String text) {
    return (ObjectNode) tree(text);
  }

  public static JsonNode tree(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** The reading that these states deserve, by hand: score as if the reference served. */
  public double score() {
    float[][] answers = answerStates();
    double sum = 0;
    for (float[] state : answers) {
      sum += StatesArtefacts.readout(state);
    }
    double mean = sum / answers.length;
    double z = answers.length == 1 ? (mean - 0.25) / 2 : (mean - 0.5) / 1.5;
    return 1 / (1 + Math.exp(-z));
  }

  /** The shift that these states deserve, by hand. */
  public double shift() {
    double sum = 0;
    for (float[] state : answerStates()) {
      sum += StatesArtefacts.projection(state);
    }
    return (sum / answerStates().length - 0.125) / 0.5;
  }
}
